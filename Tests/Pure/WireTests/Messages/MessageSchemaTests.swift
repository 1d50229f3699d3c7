import Measuring
import Testing

@testable import Wire

/// `rpc.schema` and the messages' field tables say the same.
@Suite struct MessageSchemaTests {
  @Test func everySectionIsATableAndTheOtherWayRound() throws {
    let schema = try SchemaFile("rpc.schema")
    let tables: [String: SchemaFile.Section] = Dictionary(uniqueKeysWithValues: [
      SchemaFile.section(of: Hello.table),
      SchemaFile.section(of: Welcome.table),
      SchemaFile.section(of: Refused.table),
      SchemaFile.section(of: Register.table),
      SchemaFile.section(of: Registered.table),
      SchemaFile.section(of: Heartbeat.table),
      SchemaFile.section(of: Beat.table),
      SchemaFile.section(of: Grant.table),
      SchemaFile.section(of: Assign.table),
      SchemaFile.section(of: SlotShare.table),
      SchemaFile.section(of: UserShare.table),
      SchemaFile.section(of: Ready.table),
      SchemaFile.section(of: Start.table),
      SchemaFile.section(of: Stop.table),
      SchemaFile.section(of: Progress.table),
      SchemaFile.section(of: Complete.table),
      SchemaFile.section(of: Completed.table),
      SchemaFile.section(of: Goodbye.table),
    ])
    #expect(Set(schema.sections.keys) == Set(tables.keys))
    for (name, table) in tables { #expect(schema.sections[name] == table, "\(name)") }
  }

  @Test func enumerationsHaveTheSameNumbersAndWords() throws {
    let schema = try SchemaFile("rpc.schema")
    func words<Word: CaseIterable & RawRepresentable>(
      _: Word.Type, _ word: (Word) -> String
    ) -> SchemaFile.Enumeration where Word.RawValue == UInt8 {
      let pairs = Word.allCases.map { (Int($0.rawValue), word($0)) }
      return SchemaFile.Enumeration(type: "u8", words: Dictionary(uniqueKeysWithValues: pairs))
    }
    #expect(
      schema.enums == [
        "Refusal": words(Refusal.self, \.word), "WorkerState": words(WorkerState.self, \.word),
        "StopKind": words(StopKind.self, \.word), "EndReason": words(EndReason.self, \.word),
      ])
  }

  /// Nothing that grows is without a bound, or one frame could claim any amount of work.
  @Test func everyTextAndListHasALimit() throws {
    for (name, section) in try SchemaFile("rpc.schema").sections {
      for field in section.fields {
        let isBounded = field.type.hasSuffix(">") && field.type.contains { $0.isNumber }
        #expect(
          isBounded || !["string", "bytes", "list"].contains { field.type.hasPrefix($0) }, "\(name).\(field.name)")
      }
    }
  }
}
