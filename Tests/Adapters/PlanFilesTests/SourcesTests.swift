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
      Issue.record("the script was accepted")
    } catch {
      #expect(
        error.description
          == "\(file):1:1: a bare list of steps is not in this version; write 'scenarios:' above it, with fixed values in "
          + "place of {{…}}: the requests are sent by weight, in no fixed order")
    }
    // The answer is true: with both changes made, the script runs.
    var text = try String(contentsOfFile: file, encoding: .utf8)
    text = text.replacingOccurrences(of: "{{randInt 1 20}}", with: "7").replacingOccurrences(
      of: "{{pick movies}}", with: "m")
    let document = try plan("scenarios:\n" + text)
    #expect(document.targets.map(\.name) == ["Catalog", "StreamInit"])
    #expect(document.targets.map(\.expectedStatus) == [200...200, 201...201])
    #expect(document.targets[1].body == Array("{\"movie_id\": \"m\"}\n".utf8))
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

  @Test(arguments: ["first", "weighted-routes", "open-load"])
  func examples(name: String) throws {
    let document = try load("examples/\(name).yaml")
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
      names.filter { $0.hasSuffix(".yaml") }.sorted() == ["first.yaml", "open-load.yaml", "weighted-routes.yaml"])
  }
}
