import Foundation
import JSONScan
import Testing

@testable import Plans

/// The published schema names exactly the fields that the reader takes.
@Suite struct PlanSchemaTests {
  private func schema() throws -> Node {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../proto-free-schema/plan.schema.json").standardized
    let (root, duplicates) = try JSONReader.document(Array(try Data(contentsOf: file)))
    #expect(duplicates == [])
    return root
  }

  @Test func fields() throws {
    let schema = try schema()
    func names(_ node: Node?) -> Set<String> { Set(node?["properties"]?.members?.map(\.key) ?? []) }
    #expect(names(schema) == Set(PlanFields.top))
    #expect(names(schema["properties"]?["defaults"]) == Set(PlanFields.defaults))
    #expect(names(schema["$defs"]?["scenario"]) == Set(PlanFields.scenario))
    #expect(names(schema["$defs"]?["step"]) == Set(PlanFields.step))
    #expect(names(schema["properties"]?["login"]) == Set(PlanFields.login))
    #expect(names(schema["$defs"]?["check"]) == Set(CheckReader.fields))
    #expect(names(schema["$defs"]?["feed"]) == Set(DataReader.feedFields))
    #expect(names(schema["properties"]?["lists"]?["additionalProperties"]?["oneOf"]?[1]) == Set(DataReader.listFields))
    #expect(names(schema["properties"]?["breaker"]) == Set(PlanFields.breaker))
    #expect(names(schema["properties"]?["retries"]?["oneOf"]?[1]) == Set(PlanFields.retries))
    let capture = schema["$defs"]?["step"]?["properties"]?["capture"]?["additionalProperties"]?["oneOf"]?[1]
    #expect(names(capture) == Set(CaptureReader.fields))
  }

  @Test func referencesLead() throws {
    let root = try schema()
    func check(_ node: Node) {
      if let reference = node["$ref"]?.text {
        let target = reference.split(separator: "/").dropFirst().reduce(Optional(root)) { $0?[String($1)] }
        #expect(target != nil, "\(reference)")
      }
      for member in node.members ?? [] { check(member.node) }
      for item in node.items ?? [] { check(item) }
    }
    check(root)
  }
}
