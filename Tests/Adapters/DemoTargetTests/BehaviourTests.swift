import JSONScan
import Model
import Testing

@testable import DemoTarget

@Suite struct BehaviourTests {
  private static func read(_ query: String) throws(ValueError) -> Behaviour {
    var behaviour = Behaviour()
    try behaviour.apply(
      query: query.split(separator: "&").map { pair in
        let name = pair.prefix { $0 != "=" }
        return (name: String(name), value: String(pair.dropFirst(name.count + 1)))
      })
    return behaviour
  }

  @Test func queriesAreRead() throws {
    #expect(try Self.read("").isPlain && Self.read("page=2").isPlain)
    #expect(try Self.read("size=10KiB").size == 10_240)
    #expect(try Self.read("bytes=2kB").size == 2_000)
    #expect(try Self.read("delay=1.5s").delay == .milliseconds(1_500))
    #expect(try Self.read("status=204&x=y").status == 204)
    #expect(try Self.read("stall=1s/5s").stall == Behaviour.Stall(length: .seconds(1), every: .seconds(5)))
    let errors = try #require(try Self.read("errors=2%:503&reset=0.5%&chunked=1&slow=1KiB/s").errors)
    let share = try Percentage(text: "2%")
    #expect(errors.status == 503 && errors.share == share)
    #expect(try Self.read("errors=2%").errors?.status == 500)
    #expect(try Self.read("chunked=1").isChunked && Self.read("chunked").isChunked && !Self.read("chunked=0").isChunked)
    #expect(try Self.read("slow=1KiB/s").slow == 1_024)
  }

  @Test(arguments: [
    "status=99", "delay=61s", "jitter=x", "stall=1s", "stall=5s/5s", "stall=0s/5s", "stall=61s/100s", "stall=1s/2h",
    "errors=2", "errors=2%:50", "errors=101%", "reset=1", "size=101MiB", "chunked=maybe", "slow=1KiB", "slow=0/s",
    "size=100MiB&slow=1/s",
  ])
  func whatIsNoBehaviourIsRefused(query: String) { #expect(throws: ValueError.self) { try Self.read(query) } }

  /// Over many draws the shares are what they say, within four standard deviations.
  @Test func sharesAreKept() throws {
    let behaviour = try Self.read("errors=2%:503&reset=1%&jitter=10ms&delay=5ms")
    var (errors, resets, sum, count) = (0.0, 0.0, 0.0, 100_000.0)
    for number in 0..<UInt64(count) {
      let decision = behaviour.decide(draw: Behaviour.mix(number), elapsed: .zero)
      if decision.status == 503 { errors += 1 }
      if decision.isReset { resets += 1 }
      sum += decision.wait.inSeconds
      #expect(decision.wait >= .milliseconds(5) && decision.wait <= .milliseconds(15))
    }
    func bound(_ p: Double) -> Double { 4 * (p * (1 - p) * count).squareRoot() }
    #expect(abs(errors - 0.02 * count) < bound(0.02))
    #expect(abs(resets - 0.01 * count) < bound(0.01))
    #expect(abs(sum / count - 0.010) < 0.0001)
    count = 0
    let never = try Self.read("errors=0%&reset=0%")
    let always = try Self.read("errors=100%&reset=100%")
    for number in 0..<1_000 as Range<UInt64> {
      #expect(never.decide(draw: Behaviour.mix(number), elapsed: .zero).status == nil)
      #expect(always.decide(draw: Behaviour.mix(number), elapsed: .zero).isReset)
    }
  }

  /// Silent for the last second of each five; who would be answered then is answered at its end.
  @Test(arguments: [(0, 0), (3_999, 0), (4_000, 1_000), (4_500, 500), (4_999, 1), (5_000, 0), (9_250, 750)])
  func stallsEndTogether(atMilliseconds: Int64, waits: Int64) throws {
    let behaviour = try Self.read("stall=1s/5s")
    let decision = behaviour.decide(draw: 0, elapsed: .milliseconds(atMilliseconds))
    #expect(decision.wait == .milliseconds(waits))
    let delayed = try Self.read("stall=1s/5s&delay=100ms").decide(draw: 0, elapsed: .milliseconds(3_950))
    #expect(delayed.wait == .milliseconds(1_050))
  }

  // MARK: scripts

  private static func node(_ json: String) throws -> Node { try JSONReader.document(Array(json.utf8)).root }

  @Test func scriptsGoByPathAndTime() throws {
    let script = try BehaviourScript(
      Self.node(
        """
        {"/a": {"delay": "20ms", "errors": "2%:503"},
         "/a*": [{"until": "10s", "delay": "5ms"}, {"from": "10s", "until": "20s", "status": 503}],
         "*": {"chunked": true}}
        """))
    #expect(script.behaviour(of: "/a", elapsed: .zero)?.delay == .milliseconds(20))
    #expect(script.behaviour(of: "/ab", elapsed: .zero)?.delay == .milliseconds(5))
    #expect(script.behaviour(of: "/ab", elapsed: .seconds(10))?.status == 503)
    #expect(script.behaviour(of: "/ab", elapsed: .seconds(20)) == nil)
    #expect(script.behaviour(of: "/b", elapsed: .seconds(20))?.isChunked == true)
  }

  @Test(arguments: [
    ("[]", "1:1: found an empty list, expected 1 to 1000 paths"),
    ("{}", "1:1: found a mapping, expected 1 to 1000 paths"),
    (#"{"a": {}}"#, "found 'a', expected a path"), (#"{"/a": 3}"#, "/a: found 3, expected names"),
    (#"{"/a": []}"#, "/a: found 0 of them"),
    (#"{"/a": {"dely": "1s"}}"#, "/a: found 'dely', expected one of from, until"),
    (#"{"/a": {"delay": "1h"}}"#, "1:18: /a: delay: found delay=1h, expected a delay"),
    (#"{"/a": {"from": "2s", "until": "1s"}}"#, "found until 1s, expected later than from 2s"),
    (#"{"/a": {"delay": []}}"#, "/a: delay: found an empty list, expected text"),
  ])
  func wrongScriptsSayWhere(json: String, message: String) throws {
    do {
      _ = try BehaviourScript(Self.node(json))
      Issue.record("it was taken")
    } catch let fault as BehaviourScript.Fault {
      #expect(fault.description.contains(message), "\(fault)")
    }
  }
}
