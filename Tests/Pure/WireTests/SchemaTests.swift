import Measuring
import Model
import Testing

@testable import Wire

/// The schema files and the code's field tables say the same.
@Suite struct SchemaTests {
  @Test func everySectionIsATableAndTheOtherWayRound() throws {
    let schema = try SchemaFile("records.schema")
    let tables: [String: SchemaFile.Section] = Dictionary(uniqueKeysWithValues: [
      section(of: IntervalTables.interval), section(of: IntervalTables.phase), section(of: IntervalTables.final),
      section(of: IntervalTables.loop), section(of: IntervalTables.host), section(of: IntervalTables.schedule),
      section(of: IntervalTables.worker), section(of: IntervalTables.name), section(of: IntervalTables.counts),
      section(of: IntervalTables.status), section(of: IntervalTables.error), section(of: IntervalTables.custom),
      section(of: IntervalTables.user), section(of: RunRecord.table),
    ])
    #expect(Set(schema.sections.keys) == Set(tables.keys))
    for (name, table) in tables { #expect(schema.sections[name] == table, "\(name)") }
  }

  private func section<Root>(of table: Table<Root>) -> (String, SchemaFile.Section) {
    let kind =
      switch table.kind {
      case .message(let number): "message 0x" + String(0x1_0000 + Int(number), radix: 16).dropFirst()
      case .block: "block"
      case .plain: "struct"
      }
    let fields = table.fields.map {
      SchemaFile.Field(number: $0.number, name: $0.name, type: $0.type, isTail: $0.place == .tail, since: $0.since)
    }
    return (table.name, SchemaFile.Section(kind: kind, fields: fields))
  }

  @Test func enumerationsHaveTheSameNumbersAndWords() throws {
    let schema = try SchemaFile("records.schema")
    let reasons = EndReason.allCases.map { (Int($0.rawValue), $0.word) }
    let kinds = ErrorKind.allCases.map { (Int($0.rawValue), $0.word) }
    #expect(
      schema.enums == [
        "EndReason": SchemaFile.Enumeration(type: "u8", words: Dictionary(uniqueKeysWithValues: reasons)),
        "ErrorKind": SchemaFile.Enumeration(type: "u8", words: Dictionary(uniqueKeysWithValues: kinds)),
      ])
  }

  @Test func theFrameIsTheSameInBothFiles() throws {
    let records = try SchemaFile("records.schema")
    let rpc = try SchemaFile("rpc.schema")
    #expect(records.frame == rpc.frame)
    #expect(records.frame.map(\.type) == ["u32", "u16", "u16", "u64"])
    #expect(records.frameLengths == Frame.shortest...Frame.longest)
    #expect(rpc.frameLengths == Frame.shortest...Frame.longest)
    #expect(records.version == 1)
    #expect(rpc.version == 1)
    #expect(rpc.sections.isEmpty)
  }

  /// What came later must stand in the tail, or readers of version 1 lose their place; plain structs never change.
  @Test func laterFieldsStandInTheTail() throws {
    let schema = try SchemaFile("records.schema")
    for (name, section) in schema.sections {
      for field in section.fields {
        #expect(field.since <= schema.version, "\(name).\(field.name)")
        #expect(field.since == 1 || field.isTail, "\(name).\(field.name)")
        #expect(section.kind != "struct" || !field.isTail, "\(name).\(field.name)")
      }
      let body = section.fields.filter { !$0.isTail }.map(\.number)
      #expect(body == body.sorted(), "\(name)")
    }
  }

  /// The numbers that the comments state are the code's.
  @Test func statedLimitsAreTheCodes() throws {
    let text = try String(contentsOfFile: SchemaFile.folder + "/records.schema", encoding: .utf8)
    #expect(text.contains("at most \(TimeSpan.longest.nanoseconds) (ten years)"))
    #expect(text.contains("reach over at most \(FieldReader.Budget.mostBuckets) buckets"))
    #expect(FieldReader.Budget.highestTotal == 1 << 58)
    #expect(text.contains("is below 2^58"))
    #expect(text.contains("counted in \(Bucket.count) buckets: \(Bucket.blocks) groups of \(Bucket.perBlock)"))
    #expect(text.contains("should stay below \(IntervalCodec.limit) bytes"))
  }
}
