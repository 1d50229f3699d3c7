import Foundation
import JSONScan
import Model
import PlanFiles
import Plans
import Testing

/// The configuration blocks of the documents that the product follows, and the plans in `examples`: each works as it
/// stands, or is answered in one line.
@Suite struct SourcesTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    .standardized

  private func load(_ path: String) throws(PlanError) -> PlanDocument {
    try PlanSource.load(argument: SourcesTests.root.appendingPathComponent(path).path, environment: [:])
  }

  @Test func thePlanningDocumentsDataModels() throws {
    let document = try load("Tests/Fixtures/sources/planning-document-3-data-models.yaml")
    let resolved = try document.resolved(with: PlanOverrides())
    #expect(resolved.plan.load == Load(model: .users(10), duration: nil, requests: 200))
    #expect(resolved.plan.options.timeout == .seconds(5))
    #expect(resolved.plan.targets.map(\.weight) == [3, 1])
    #expect(resolved.plan.targets.map(\.method) == ["GET", "POST"])
    #expect(resolved.assumed == [])
  }

  @Test func theShootersRequestScript() throws {
    let path = "Tests/Fixtures/sources/stampede-shooter-5-request-script.yml"
    let file = SourcesTests.root.appendingPathComponent(path).path
    do {
      _ = try load(path)
      Issue.record("a list that nobody gave was accepted")
    } catch {
      #expect(
        error.description
          == "\(file):8:14: [1].json_body: found the template '{{pick movies}}', expected a list of that name: "
          + "'lists: {movies: [a, b]}', or --list movies=FILE")
    }
    // The answer is true: with the list it works as it stands.
    var supplies = PlanSupplies()
    supplies.lists = [try PlanData.list(name: "movies", Array("m1\nm2\n".utf8))]
    let document = try PlanSource.load(argument: file, environment: [:], supplies: supplies)
    let plan = try document.resolved(with: PlanOverrides()).plan
    #expect(plan.scenarios.count == 1)
    #expect(plan.scenarios[0].steps.map(\.target) == [0, 1])
    #expect(plan.targets.map(\.name) == ["Catalog", "StreamInit"])
    #expect(plan.targets.map(\.expectedStatus) == [200...200, 201...201])
    #expect(
      plan.targets[0].template?.path.parts == [
        .text(Array("/api/v1/catalog?page=".utf8)), .value(.randInt(1...20), .url),
      ])
    #expect(
      plan.targets[1].template?.body.parts == [
        .text(Array(#"{"movie_id": ""#.utf8)), .value(.pick(list: 0), .json), .text(Array("\"}\n".utf8)),
      ])
  }

  @Test func theDistributedTestersTargets() throws {
    let document = try load("Tests/Fixtures/sources/distributed-load-tester-8-targets.json")
    #expect(document.targets.map(\.name) == ["GET /api/dashboard", "GET /api/tests"])
    let submit = try VegetaJSON.read(base64("distributed-load-tester-8-submit.base64"), file: "targets", name: "x")
    #expect(
      submit.targets.map(\.url.description) == [
        "http://localhost:8080/api/dashboard", "http://loctalhost:8080/counter",
      ])
    #expect(
      submit.warnings.map(\.description) == [
        "targets:1:79: warning: targets[1].method: given twice; the last one counts"
      ])
    // The comment's text is no JSON in the document itself.
    #expect(throws: PlanError(file: "targets", place: Place(line: 1, column: 1), "found '%', expected a value")) {
      try VegetaJSON.read(base64("distributed-load-tester-8-comment.base64"), file: "targets", name: "x")
    }
    #expect(try VegetaOptions.read(Array(#"{"timeout": 5}"#.utf8), file: "options").overrides.timeout == .seconds(5))
    #expect(try VegetaOptions.read(Array("{}".utf8), file: "options").overrides == PlanOverrides())
  }

  private func base64(_ name: String) throws -> [UInt8] {
    let path = SourcesTests.root.appendingPathComponent("Tests/Fixtures/sources/\(name)").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try #require(Base64.decode(text))
  }

  @Test(arguments: ["first.yaml", "weighted-routes.yaml", "open-load.yaml", "signed-in-users.yaml", "steps.toml"])
  func examples(name: String) throws {
    let document = try load("examples/\(name)")
    #expect(document.warnings == [])
    let plan = try document.resolved(with: PlanOverrides()).plan
    let root = try JSONReader.document(PlanText.encode(plan)).root
    let again = try PlanReader.read(root, format: .json, file: "plan.json", name: "-", environment: [:])
    #expect(try again.resolved(with: PlanOverrides()).plan == plan)
  }

  @Test func everyExampleIsTested() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: SourcesTests.root.appendingPathComponent("examples").path)
    #expect(
      names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".toml") }.sorted() == [
        "first.yaml", "open-load.yaml", "script.yaml", "signed-in-users.yaml", "steps.toml", "weighted-routes.yaml",
      ])
  }

  /// A bare list, and a list's values from a flag's file.
  @Test func theExampleScript() throws {
    var supplies = PlanSupplies()
    let file = SourcesTests.root.appendingPathComponent("examples/movies.txt").path
    supplies.lists = [try PlanData.list(name: "movies", try PlanSource.data(file: file))]
    let path = SourcesTests.root.appendingPathComponent("examples/script.yaml").path
    let document = try PlanSource.load(argument: path, environment: [:], supplies: supplies)
    #expect(document.scenarios.map(\.steps.count) == [2] && document.lists[0].values.count == 3)
  }

  @Test func theExampleOfSignedInUsers() throws {
    let document = try load("examples/signed-in-users.yaml")
    let plan = try document.resolved(with: PlanOverrides()).plan
    #expect(plan.variables == ["token", "session", "item", "next"])
    #expect(plan.feeds[0].rows[1] == ["grace@example.com", "nano,second"])
    #expect(plan.targets[0].template?.body.parts.contains(.value(.column(feed: 0, column: 0), .url)) == true)
    #expect(plan.scenarios.map(\.steps.count) == [3, 1] && plan.thresholds.count == 4)
  }

  /// The plan that `init` writes, and every plan in the user guide.
  @Test func plansOfTheGuideAndOfInit() throws {
    let guide = try String(
      contentsOf: SourcesTests.root.appendingPathComponent("docs/user-guide.md"), encoding: .utf8)
    let blocks = guide.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    let plans = blocks.filter { $0.contains("scenarios:") || $0.hasPrefix("- name") }
    #expect(plans.count == 5)
    var supplies = PlanSupplies()
    supplies.lists = [ValueList(name: "movies", values: ["a"])]
    for text in plans + [StarterPlan.text(name: "it's")] {
      let document = try PlanSource.read(
        Array(text.utf8), file: "plan.yaml", name: "plan", environment: [:], supplies: supplies)
      let plan = try document.resolved(with: PlanOverrides()).plan
      let again = try PlanSource.read(PlanText.encode(plan), file: "plan.json", name: "-", environment: [:])
      #expect(try again.resolved(with: PlanOverrides()).plan == plan)
    }
  }
}
