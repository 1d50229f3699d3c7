import Foundation
import JSONScan
import Processes
import TestSupport
import Testing

@testable import HTTPServer
@testable import MasterRole

@Suite struct OpenAPITests {
  private let root: Node

  init() throws {
    let file = try Data(contentsOf: URL(fileURLWithPath: Places.root + "/proto-free-schema/openapi.json"))
    #expect(OpenAPIText.json == String(decoding: file, as: UTF8.self), "run scripts/embed-openapi")
    let (root, duplicates) = try JSONReader.document(Array(file))
    #expect(duplicates == [])
    self.root = root
  }

  /// `GET /api/tests/:id` for every operation of the document.
  private var operations: [String: Node] {
    var found: [String: Node] = [:]
    for path in root["paths"]?.members ?? [] {
      let pattern = path.key.replacing("{", with: ":").replacing("}", with: "")
      for member in path.node.members ?? [] where ["get", "put", "post", "delete", "patch"].contains(member.key) {
        found["\(member.key.uppercased()) \(pattern)"] = member.node
      }
    }
    return found
  }

  @Test func resultsAreThoseOfTheSummarysSchema() throws {
    let done = try ChildProcess.run(
      Command(Places.python, ["\(Places.root)/scripts/embed-openapi", "--check"]), within: .seconds(60))
    #expect(done.exit.isSuccess, "\(done.errorText)")
  }

  @Test func referencesLead() {
    var count = 0
    func check(_ node: Node) {
      if let reference = node["$ref"]?.text {
        count += 1
        #expect(
          reference.split(separator: "/").dropFirst().reduce(Optional(root)) { $0?[String($1)] } != nil, "\(reference)")
      }
      for member in node.members ?? [] { check(member.node) }
      for item in node.items ?? [] { check(item) }
    }
    check(root)
    #expect(count > 50)
  }

  @Test func everyOperationIsWhole() {
    #expect(root["openapi"]?.text == "3.1.0")
    var names: Set<String> = []
    for (place, operation) in operations {
      #expect(operation["summary"]?.text?.isEmpty == false, "\(place)")
      let isNew = names.insert(operation["operationId"]?.text ?? "").inserted
      #expect(isNew, "\(place)")
      let statuses = Set(operation["responses"]?.members?.map(\.key) ?? [])
      #expect(statuses.contains { $0.hasPrefix("2") }, "\(place)")
      // What needs a token says what happens without one; what has a body, what happens with a wrong or a large one.
      let isOpen = operation["security"]?.items?.isEmpty == true
      #expect(isOpen == !place.contains(" /api/"), "\(place)")
      if !isOpen { #expect(statuses.isSuperset(of: ["401", "503"]), "\(place)") }
      if operation["requestBody"] != nil { #expect(statuses.isSuperset(of: ["400", "413"]), "\(place)") }
      if place.contains(":id") { #expect(statuses.contains("404"), "\(place)") }
    }
  }
}
