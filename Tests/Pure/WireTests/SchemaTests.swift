import Measuring
import Model
import Testing

@testable import Wire

/// The schema files and the code's field tables say the same.
@Suite struct SchemaTests {
  @Test func everySectionIsATableAndTheOtherWayRound() throws {
    let schema = try SchemaFile("records.schema")
    let tables: [String: SchemaFile.Section] = Dictionary(uniqueKeysWithValues: [
      SchemaFile.section(of: IntervalTables.interval),
      SchemaFile.section(of: IntervalTables.phase),
      SchemaFile.section(of: IntervalTables.final),
      SchemaFile.section(of: IntervalTables.loop),
      SchemaFile.section(of: IntervalTables.host),
      SchemaFile.section(of: IntervalTables.schedule),
      SchemaFile.section(of: IntervalTables.worker),
      SchemaFile.section(of: IntervalTables.name),
      SchemaFile.section(of: IntervalTables.counts),
      SchemaFile.section(of: IntervalTables.status),
      SchemaFile.section(of: IntervalTables.error),
      SchemaFile.section(of: IntervalTables.custom),
      SchemaFile.section(of: IntervalTables.user),
      SchemaFile.section(of: IntervalTables.check),
      SchemaFile.section(of: IntervalTables.cause),
      SchemaFile.section(of: IntervalTables.iteration),
      SchemaFile.section(of: RunRecord.table),
    ])
    #expect(Set(schema.sections.keys) == Set(tables.keys))
    for (name, table) in tables { #expect(schema.sections[name] == table, "\(name)") }
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
    #expect(records.version == 3)
    #expect(rpc.version == 1)
  }

  /// What came later than its part must stand in the tail, or earlier readers lose their place; plain structs never
  /// change.
  @Test(arguments: ["records.schema", "rpc.schema"]) func laterFieldsStandInTheTail(_ file: String) throws {
    let schema = try SchemaFile(file)
    for (name, section) in schema.sections {
      for field in section.fields {
        #expect(field.since <= schema.version, "\(name).\(field.name)")
        #expect(field.since == section.fields[0].since || field.isTail, "\(name).\(field.name)")
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
