import JSONScan
import Measuring
import Model
import Summary
import TestSupport
import Testing

/// A result that was read from its JSON form is the same result.
@Suite struct SummaryReadTests {
  @Test func encodedAgainItIsTheSameBytes() throws {
    for (name, summary) in try SummaryJSONTests.samples() {
      let bytes = SummaryJSON.encode(summary)
      let read = try SummaryJSON.decode(bytes)
      #expect(SummaryJSON.encode(read) == bytes, "\(name)")
      #expect(read.verdict == summary.verdict, "\(name)")
      #expect(read.isComplete == summary.isComplete, "\(name)")
      #expect(read.equations == summary.equations, "\(name)")
      #expect(read.description == summary.description, "\(name)")
    }
  }

  @Test func membersOfALaterVersionAreLeftAlone() throws {
    let (_, summary) = try #require(try SummaryJSONTests.samples().first)
    let text = String(decoding: SummaryJSON.encode(summary), as: UTF8.self)
    let later = text.replacing("\"complete\":", with: "\"later\": {\"a\": [1]},\n  \"complete\":")
    #expect(later != text)
    #expect(SummaryJSON.encode(try SummaryJSON.decode(Array(later.utf8))) == Array(text.utf8))
  }

  @Test(arguments: [
    ("stampede.summary/1", "stampede.summary/2", "schema: found 'stampede.summary/2', expected 'stampede.summary/1'"),
    ("\"counts\": {", "\"count\": {", "counts: found nothing, expected an object"),
    (
      "\"reason\": \"plan_ended\"", "\"reason\": \"tired\"",
      "reason: found 'tired', expected one of plan_ended, stopped"
    ),
    ("\"planTimeUs\": 3", "\"planTimeUs\": -3", "planTimeUs: found -3"),
    ("\"second\": 0", "\"second\": 4294967296", "timeline[0].second: found 4294967296"),
    ("\"atLeast\": false", "\"atLeast\": 0", "atLeast: found 0, expected true or false"),
    ("\"limited\": false", "\"limited\": null", "generator.limited: found nothing, expected true or false"),
    ("\"incompleteBecause\": []", "\"incompleteBecause\": [1]", "incompleteBecause: found a list"),
  ]) func whatIsWrongIsNamed(_ right: String, _ wrong: String, _ message: String) throws {
    let (_, summary) = try #require(try SummaryJSONTests.samples().first)
    let text = String(decoding: SummaryJSON.encode(summary), as: UTF8.self)
    let place = try #require(text.firstRange(of: right))
    let error = try #require(throws: DescriptionError.self) {
      _ = try SummaryJSON.decode(Array(text.replacingCharacters(in: place, with: wrong).utf8))
    }
    #expect(String(describing: error).contains(message), "\(String(describing: error))")
  }

  /// Any damage is an error or another result, never a crash; what is read can be written again.
  @Test func mutationsNeverCrash() throws {
    let seed = Fuzz.seed(for: "SummaryReadTests.mutationsNeverCrash")
    var dice = SplitMix(seed: seed)
    for (name, summary) in try SummaryJSONTests.samples() {
      let bytes = SummaryJSON.encode(summary)
      for _ in 0..<60 {
        let damaged = Fuzz.mutated(bytes, tokens: ["-1", "1e400", "null", "\"", "{", "4294967296"], &dice)
        guard let read = try? SummaryJSON.decode(damaged) else { continue }
        let again = SummaryJSON.encode(read)
        #expect((try? SummaryJSON.decode(again)).map(SummaryJSON.encode) == again, "\(name), seed \(seed)")
      }
    }
  }

  @Test func liveLinesReadBack() throws {
    var line = LiveLine(
      elapsed: .milliseconds(2_500), total: .seconds(10), progress: 0.25, load: .arrivals(try Rate(text: "500/s")),
      users: 0, rps: 499.5, response: SecondFigures(), completed: 499, failed: 3, inFlight: 7,
      taints: [.busyLoop, .steal], offered: 500)
    line.response.count = 499
    line.response.p50 = .exact(1_200)
    line.response.p99 = .atLeast(90_000)
    #expect(try LiveLine(json: line.json) == line)
    line.load = .users(50)
    line.offered = nil
    line.total = nil
    line.progress = nil
    line.users = 50
    #expect(try LiveLine(json: line.json) == line)
    #expect(throws: DescriptionError.self) { try LiveLine(json: Array("{\"rate\": \"fast\"}".utf8)) }
    #expect(throws: DescriptionError.self) { try LiveLine(json: Array("{".utf8)) }
    #expect(!line.json.contains(0x0A))
  }
}
