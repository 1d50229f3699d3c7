import Measuring
import Model
import Testing

@testable import Wire

/// Records of any type: the description of a run beside its intervals.
@Suite struct RecordTests {
  static let run = RunRecord(
    run: Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF),
    incarnation: Identifier(high: 0xFEDC_BA98_7654_4210, low: 0x8123_4567_89AB_CDEF), name: "shop 🐂", version: "0.1.0",
    description: "{\"schema\":\"stampede.run/1\",\"name\":\"shop 🐂\"}")
  static let path = SchemaFile.folder + "/golden/run-record.hex"

  @Test func theGoldenFileIsThisRecord() throws {
    if GoldenTests.writes { try Golden.write(RecordTests.run.encoded(), "What a run is.", to: RecordTests.path) }
    let bytes = try Golden.read(RecordTests.path)
    #expect(try Record.decode(bytes[...]) == .run(RecordTests.run))
    #expect(RecordTests.run.encoded() == bytes)
    #expect(Record.run(RecordTests.run).key.sequence == 0)
  }

  @Test func pythonReadsTheSame() throws {
    let lines = try PythonReader.lines([PythonReader.script, "--hex", RecordTests.path])
    let expected = JSONText.object([
      "run": .text(RecordTests.run.run.description), "incarnation": .text(RecordTests.run.incarnation.description),
      "name": .text(RecordTests.run.name), "version": .text(RecordTests.run.version),
      "description": .text(RecordTests.run.description),
    ])
    #expect(lines == [expected.rendered[...]])
  }

  @Test func intervalsAreRecordsToo() throws {
    let bytes = IntervalCodec.encode(Golden.final.interval)
    #expect(try Record.decode(bytes[...]) == .interval(Golden.final.interval))
    #expect(try Record.decode(bytes[...]).encoded() == bytes)
    #expect(try Record.decode(bytes[...]).key == Golden.final.interval.key)
  }

  @Test func theKeysBytesAreInTheTextsOrder() {
    let id = Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF)
    let digits = id.bytes.map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined()
    #expect(digits == "00112233445546778899aabbccddeeff")
  }

  /// Cut anywhere, changed anywhere: refused, or some record that encodes to the same bytes.
  @Test func damagedDescriptionsNeverCrash() throws {
    let whole = RecordTests.run.encoded()
    for length in 0..<whole.count {
      #expect(throws: WireError.self) { _ = try Record.decode(whole[..<length]) }
    }
    #expect(throws: WireError.self) { _ = try Record.decode((whole + [0])[...]) }
    var source = SplitMix(seed: Setting.seed)
    for round in 0..<20_000 {
      var bytes = whole
      for _ in 0...source.next() % 3 {
        bytes[Int(source.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: source.next())
      }
      guard let record = try? Record.decode(bytes[...]) else { continue }
      let again = record.encoded()
      try #require(again == bytes || again.count < bytes.count, "seed \(Setting.seed), round \(round)")
    }
  }
}
