import Foundation
import JSONScan
import Model
import Summary
import Testing

@Suite struct RunDescriptionTests {
  static func samples() throws -> [RunDescription] {
    var first = try MadeRun.description(MadeRun.open("7/2s"), names: ["a \"b\"", "ä\u{1B}[2J", "=1+1"])
    first.incarnations = [.init(id: MadeRun.incarnation(1), completed: 5, lost: 2), .init(id: MadeRun.incarnation(2))]
    first.incarnations[0].publication = .init(published: 3, kept: 0, lost: .max)
    first.connections = 17
    first.shortage = .ports
    first.seed = .max
    var second = try MadeRun.description(Load(model: .users(50), duration: nil, requests: .max), here: true)
    second.pacing = .spinning
    second.keepAlive = false
    second.insecureTLS = true
    second.grace = .milliseconds(1)
    var third = try MadeRun.description(
      Load(model: .users(try Shape(text: "0..9/1s,a=9/1s", of: .users)), duration: .seconds(2)))
    third.incarnations = []
    var fourth = third
    fourth.load = Load(model: .arrivals(try Shape(text: "0..9/1s,5~5@1s/m/1s", of: .arrivals)), duration: .seconds(2))
    fourth.load.spacing = .poisson
    return [first, second, third, fourth]
  }

  @Test func whatIsWrittenIsReadBack() throws {
    for sample in try Self.samples() { #expect(try RunDescription(json: sample.json) == sample) }
  }

  @Test func aPlansGraceIsItsTimeoutUnlessGiven() throws {
    var plan = Plan(
      name: "p", targets: [Target(name: "/", url: try TargetURL(text: "http://[::1]:81/x?y"))],
      load: Load(model: .users(1), duration: .seconds(1)))
    plan.options.timeout = .seconds(7)
    func described() -> RunDescription {
      RunDescription(
        plan: plan, run: MadeRun.id, incarnations: [], start: .init(secondsSince1970: 0, text: ""), loops: 1, cpus: 1,
        pacing: .sleeping, targetIsHere: true, version: "1")
    }
    #expect(described().grace == .seconds(7))
    #expect(described().targets == [.init(name: "/", method: "GET", url: "http://[::1]:81/x?y")])
    plan.targets[0].url = try TargetURL(text: "http://h/x?token=abc&b=1")
    #expect(described().targets[0].url == "http://h/x?token=***&b=1")
    plan.options.grace = .seconds(2)
    #expect(described().grace == .seconds(2))
  }

  @Test(
    arguments: [
      ("\"stampede.run/1\"", "\"stampede.run/2\"", "schema", "'stampede.run/2'", "'stampede.run/1'"),
      ("\"open\"", "\"ajar\"", "model", "'ajar'", "'open' or 'closed'"),
      ("\"7/2s\"", "\"-7/2s\"", "rate", "'-7/2s'", "a rate above zero such as 500/s, 30000/m or 500"),
      ("\"sleeping\"", "\"dozing\"", "pacing", "'dozing'", "'spinning' or 'sleeping'"),
      ("\"lost\": 2", "\"lost\": -2", "incarnations[0].lost", "-2", "a whole number, zero or more"),
      ("\"keepAlive\": true", "\"keepAlive\": 1", "keepAlive", "1", "true or false"),
      ("\"loops\": 1", "\"loops\": 1.5", "loops", "1.5", "a whole number, zero or more"),
      ("\"graceUs\": 30000000", "\"graceUs\": 315360000000001", "graceUs", "315360000000001", "microseconds from 0 to"),
      ("\"name\": \"made\"", "\"name\": null", "name", "nothing", "a text"),
      ("\"method\": \"GET\"", "\"method\": 3", "targets[0].method", "3", "a text"),
    ] as [(String, String, String, String, String)])
  func wrongMembersAreNamed(_ old: String, _ new: String, _ field: String, _ found: String, _ expected: String) throws {
    let text = String(decoding: try Self.samples()[0].json, as: UTF8.self)
    let cut = try #require(text.range(of: old))
    let wrong = text.replacing(old, with: new, maxReplacements: 1)
    let line = text[..<cut.lowerBound].count { $0 == "\n" } + 1
    let error = #expect(throws: DescriptionError.self) { try RunDescription(json: Array(wrong.utf8)) }
    #expect(error?.field == field)
    #expect(error?.found == found)
    #expect(error?.expected.hasPrefix(expected) == true)
    #expect(error?.place.line == line)
  }

  @Test func whatIsNoJSONIsSaid() throws {
    let error = #expect(throws: DescriptionError.self) { try RunDescription(json: Array("{".utf8)) }
    #expect(error?.description.hasPrefix("1:2: found ") == true)
    #expect(throws: DescriptionError.self) { try RunDescription(json: []) }
    #expect(throws: DescriptionError.self) { try RunDescription(json: Array("[]".utf8)) }
  }

  @Test func membersOfLaterVersionsAreLeftAlone() throws {
    let sample = try Self.samples()[1]
    let text = String(decoding: sample.json, as: UTF8.self)
    let later = text.replacing("\"schema\"", with: "\"colour\": {\"a\": [1]}, \"schema\"", maxReplacements: 1)
    #expect(try RunDescription(json: Array(later.utf8)) == sample)
  }

  /// Bytes changed, cut and repeated: an error or a description that reads back the same, never a trap.
  @Test func rubbishNeverTraps() throws {
    let seed: UInt64 = 0xDE5C
    var generator = SeededGenerator(seed: seed)
    let originals = try Self.samples().map(\.json)
    for round in 0..<3_000 {
      var bytes = originals[round % originals.count]
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch UInt8.random(in: 0...3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: place)
        case _: bytes[place] = UInt8.random(in: 0x30...0x39, using: &generator)
        }
      }
      guard let read = try? RunDescription(json: bytes) else { continue }
      let again = try? RunDescription(json: read.json)
      #expect(again == read, "seed \(seed), round \(round)")
    }
  }
}
