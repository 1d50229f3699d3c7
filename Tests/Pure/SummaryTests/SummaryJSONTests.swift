import Foundation
import JSONScan
import Measuring
import Model
import Processes
import Summary
import TestSupport
import Testing

/// A result's JSON form, held against its published schema by the schema's own rules.
@Suite struct SummaryJSONTests {
  /// Results that between them have every member with and without a value.
  static func samples() throws -> [(name: String, summary: RunSummary)] {
    let normal = try SummaryBuilderTests.summary(of: SummaryBuilderTests.records())
    var tainted = SummaryBuilderTests.records()
    tainted[0].loops[0].late = 5
    tainted[0].loops[0].busy = .seconds(1)
    tainted[1].names[0].fail(.ports, [5])
    tainted[1].names[0].tenant = "t\u{0}\u{2028}\"\\"
    tainted[2].worker.fromWoke = Histogram()
    tainted[2].worker.fromWoke.record(1, times: 1_000)
    let closed = try MadeRun.description(Load(model: .users(3), duration: nil, requests: 7))
    var stopped = Array(SummaryBuilderTests.records().prefix(2))
    stopped[1].key.sequence = 9
    var published = normal
    published.description.incarnations[0].publication = .init(published: 4, kept: 2, lost: 1)
    return [
      ("normal", normal), ("published", published), ("tainted", try SummaryBuilderTests.summary(of: tainted, closed)),
      ("empty", try SummaryBuilderTests.summary(of: [])),
      ("incomplete", try SummaryBuilderTests.summary(of: stopped)),
      ("steps", try StepFigureTests.summary()),
    ]
  }

  static func node(_ summary: RunSummary) throws -> Node {
    try JSONReader.document(SummaryJSON.encode(summary)).root
  }

  @Test func membersKeepTheirOrder() throws {
    let root = try Self.node(Self.samples()[0].summary)
    let keys = root.members.map { $0.map(\.key) }
    #expect(
      keys == [
        "schema", "run", "end", "complete", "incompleteBecause", "planTimeUs", "timeToLastEndUs", "rateOffered",
        "counts", "equations", "totals", "names", "iterations", "phases", "warmUp", "thresholds", "generator",
        "timeline",
      ])
    #expect(root["schema"]?.text == "stampede.summary/1")
  }

  @Test func figuresAreWholeMicrosecondsBesideTheirCounts() throws {
    let response = try #require(try Self.node(Self.samples()[0].summary)["totals"]?["response"])
    #expect(response["count"]?.int == 28)
    #expect(response["censored"]?.int == 1)
    #expect(response["p99"]?["us"]?.int == 1_000_000)
    #expect(response["p99"]?["atLeast"]?.bool == true)
    #expect(response["p50"]?["atLeast"]?.bool == false)
    #expect(response["stdev"]?.isNull == true)
    let end = try Self.node(Self.samples()[0].summary)["end"]
    #expect(end?["reason"]?.text == "plan_ended")
    #expect(end?["exitCode"]?.int == 0)
  }

  @Test func theSameResultIsTheSameBytes() throws {
    for sample in try Self.samples() {
      #expect(SummaryJSON.encode(sample.summary) == SummaryJSON.encode(sample.summary))
    }
  }

  /// Both ways: every member that is written is named in the schema, and every required one is written.
  @Test func theSchemaNamesExactlyWhatIsWritten() throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: Places.root + "/proto-free-schema/summary.schema.json"))
    let schema = try JSONReader.document([UInt8](text)).root
    var wrong: [String] = []
    for (name, summary) in try Self.samples() {
      compare(try Self.node(summary), schema, root: schema, path: name, &wrong)
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(10))")
  }

  private func compare(_ value: Node, _ schema: Node, root: Node, path: String, _ wrong: inout [String]) {
    var schema = schema
    if let reference = schema["$ref"]?.text {
      guard let target = root["$defs"]?[String(reference.dropFirst("#/$defs/".count))] else {
        wrong.append("\(path): no \(reference)")
        return
      }
      schema = target
    }
    if let choices = schema["anyOf"]?.items {
      guard let first = choices.first, !value.isNull else { return }
      compare(value, first, root: root, path: path, &wrong)
    } else if let items = value.items {
      guard let each = schema["items"] else { return wrong.append("\(path): the schema has no items") }
      for (place, item) in items.enumerated() {
        compare(item, each, root: root, path: "\(path)[\(place)]", &wrong)
      }
    } else if let members = value.members {
      let required = (schema["required"]?.items ?? []).compactMap(\.text)
      if required != members.map(\.key).filter(required.contains) {
        wrong.append("\(path): \(members.map(\.key)), required \(required)")
      }
      for member in members {
        guard let part = schema["properties"]?[member.key] else {
          wrong.append("\(path).\(member.key) is not in the schema")
          continue
        }
        compare(member.node, part, root: root, path: "\(path).\(member.key)", &wrong)
      }
    }
  }

  /// Checks files against the schema as Python's jsonschema does, and says `ok` or the first fault for each.
  static func validate(_ files: [String]) throws -> [String] {
    let script = """
      json, sys, jsonschema = map(__import__, ["json", "sys", "jsonschema"])
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      judge = jsonschema.Draft202012Validator(schema)
      for name in sys.argv[2:]:
          fault = next(judge.iter_errors(json.load(open(name))), None)
          print("ok" if fault is None else "/".join(map(str, fault.absolute_path)) + ": " + fault.message[:80])
      """
    let schema = Places.root + "/proto-free-schema/summary.schema.json"
    let finished = try ChildProcess.run(
      Command(Places.python, ["-c", script, schema] + files), within: .seconds(60))
    try #require(finished.exit.isSuccess, "\(finished.errorText)")
    return finished.text.split(separator: "\n").map(String.init)
  }

  @Test func resultsAreValidByTheirSchema() throws {
    let folder = try TemporaryFolder("summary")
    let files = try Self.samples().map { sample in
      try folder.write("\(sample.name).json", String(decoding: SummaryJSON.encode(sample.summary), as: UTF8.self))
    }
    #expect(try Self.validate(files) == files.map { _ in "ok" })
  }

  /// The check is able to fail: each of these must be refused, at the place that was spoiled.
  @Test func spoiledResultsAreRefused() throws {
    let folder = try TemporaryFolder("summary")
    let text = String(decoding: SummaryJSON.encode(try Self.samples()[0].summary), as: UTF8.self)
    let spoils = [
      ("\"complete\": true", "\"complete\": false", "incompleteBecause"),
      ("\"plan_ended\"", "\"bored\"", "end/reason"),
      ("\"stampede.summary/1\"", "\"stampede.summary/2\"", "schema"),
      ("\"planned\": 30", "\"planned\": -30", "counts/planned"),
      ("\"atLeast\": false", "\"atLeast\": 0", "totals/response/min"),
      ("\"kind\": \"timeout\"", "\"kind\": \"late\"", "totals/errors/0/kind"),
      ("\"residual\": 0", "\"residual\": 4", "equations/0/residual"),
      ("\"planTimeUs\": 3000000,", "", ""),
    ]
    let files = try spoils.enumerated().map { place, spoil in
      try #require(text.contains(spoil.0))
      return try folder.write("\(place).json", text.replacing(spoil.0, with: spoil.1, maxReplacements: 1))
    }
    for (verdict, spoil) in zip(try Self.validate(files), spoils) {
      #expect(verdict != "ok")
      #expect(verdict.hasPrefix(spoil.2 + ":") || verdict.hasPrefix(spoil.2 + "/"), "\(spoil.0): \(verdict)")
    }
  }
}
