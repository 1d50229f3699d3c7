import Foundation
import Measuring
import Model
import Processes
import TestSupport
import Testing

@testable import Records

/// `samples.bin`, its schema and the reader in Python say the same.
@Suite struct SampleFileTests {
  private static let schema = Places.root + "/proto-free-schema/samples.schema"
  private static let golden = Places.root + "/proto-free-schema/golden/samples.hex"
  private static let head = SampleHead(
    run: Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF), oneIn: 100, seed: 42,
    begin: 1_795_000_000_123_456_789, names: ["GET /", "Bücher"])

  private static var samples: [Sample] {
    var plain = Sample()
    plain.intended = 1_234_567
    plain.number = 5_000_000_000
    (plain.woke, plain.sent, plain.firstByte, plain.end) = (3, 5, 1_000, 1_200)
    (plain.bytesIn, plain.bytesOut, plain.name, plain.status) = (4_096, 120, 1, 200)
    (plain.flags, plain.phase) = ([.resent, .retry, .redirected, .goesOn, .warmUp], 3)
    var failed = Sample()
    failed.intended = -1
    (failed.end, failed.error) = (5_000_000, ErrorKind.connectTimeout.rawValue)
    return [plain, failed]
  }

  /// The words of the lines below a heading, up to the next one.
  private static func part(_ heading: String) throws -> [[String]] {
    let lines = try String(contentsOfFile: schema, encoding: .utf8).split(separator: "\n")
      .map { $0.prefix { $0 != "#" }.split(separator: " ").map(String.init) }.filter { !$0.isEmpty }
    let begin = try #require(lines.firstIndex { $0.joined(separator: " ") == heading })
    let headings = ["version", "head", "record", "flags", "enum"]
    return Array(lines[(begin + 1)...].prefix { !headings.contains($0[0]) })
  }

  @Test func theSchemaIsTheRecordsLayout() throws {
    let types = ["i64": 8, "u64": 8, "u32": 4, "u16": 2, "u8": 1]
    let fields = try Self.part("record 48")
    let places: [(String, PartialKeyPath<Sample>)] = [
      ("intended", \.intended), ("number", \.number), ("woke", \.woke), ("sent", \.sent), ("firstByte", \.firstByte),
      ("end", \.end), ("bytesIn", \.bytesIn), ("bytesOut", \.bytesOut), ("name", \.name), ("status", \.status),
      ("error", \.error), ("flags", \.flags), ("phase", \.phase),
    ]
    #expect(fields.map { $0[1] } == places.map(\.0))
    var end = 0
    for (field, place) in zip(fields, places) {
      #expect(Int(field[0]) == end && MemoryLayout<Sample>.offset(of: place.1) == end, "\(field)")
      end += types[field[2]] ?? 0
    }
    #expect(end == MemoryLayout<Sample>.size && end == MemoryLayout<Sample>.stride)
    let flags: [(Sample.Flags, String)] = [
      (.goesOn, "goes_on"), (.resent, "resent"), (.retry, "retry"), (.redirected, "redirected"), (.warmUp, "warm_up"),
    ]
    #expect(try Self.part("flags flags") == flags.map { ["\($0.rawValue)", $1] })
    #expect(try Self.part("enum error") == ErrorKind.allCases.map { ["\($0.rawValue)", $0.word] })
  }

  private static func bytes(bound: Int = 1 << 20) throws -> [UInt8] {
    let folder = try TemporaryFolder("samples")
    var file = try SampleFile(path: folder.file("s"), head: head, bound: bound)
    samples.withUnsafeBufferPointer { file.append($0) }
    file.sync()
    #expect(file.kept == 2 && file.beyondBound == 0 && file.problem == nil)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("s"))))
  }

  @Test func theGoldenFileIsWhatIsWritten() throws {
    let bytes = try Self.bytes()
    let digits = bytes.map { String(0x100 + Int($0), radix: 16).dropFirst() }
    let lines = stride(from: 0, to: digits.count, by: 32).map { digits[$0..<min($0 + 32, digits.count)].joined() }
    let text =
      "# A head with two names, a sample with every field in use and one that was never sent.\n"
      + lines.map { $0 + "\n" }.joined()
    if Environment.current["STAMPEDE_WRITE_GOLDEN"] != nil {
      try text.write(toFile: Self.golden, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOfFile: Self.golden, encoding: .utf8) == text)
  }

  private static func python(_ arguments: [String]) throws -> Finished {
    try ChildProcess.run(
      Command(Places.python, [Places.root + "/scripts/read-samples.py"] + arguments), within: .seconds(60))
  }

  @Test func pythonReadsTheGoldenFile() throws {
    let done = try Self.python(["--hex", Self.golden])
    #expect(
      done.text == """
        intended,number,woke,sent,firstByte,end,bytesIn,bytesOut,name,status,error,flags,phase
        1234.567,5000000000,3,5,1000,1200,4096,120,Bücher,200,,goes_on resent retry redirected warm_up,3
        -0.001,0,0,,,5000000,0,0,GET /,,connect_timeout,,0

        """, "\(done.errorText)")
    let head = try Self.python(["--hex", "--head", Self.golden])
    #expect(head.text.contains(#""run": "00112233-4455-4677-8899-aabbccddeeff", "oneIn": 100, "seed": 42"#))
  }

  /// Cut off or altered anywhere, it is either read as far as it goes or refused with a message.
  @Test func pythonRefusesWhatIsDamaged() throws {
    let folder = try TemporaryFolder("samples")
    let bytes = try Self.bytes()
    let head = Self.head.bytes.count
    func read(_ bytes: [UInt8]) throws -> Finished {
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file("s")))
      return try Self.python([folder.file("s")])
    }
    for length in [0, 7, 12, head - 1] {
      let done = try read(Array(bytes.prefix(length)))
      #expect(done.exit == .code(1) && done.errorText.contains("expected"), "\(length): \(done.errorText)")
    }
    let torn = try read(bytes.dropLast())
    #expect(torn.exit == .code(0) && torn.text.split(separator: "\n").count == 2)
    #expect(torn.errorText.contains("cut off"))
    // Magic, version, size of a record, where records begin, a record's name.
    for place in [0, 8, 10, 12, head + 40] {
      var wrong = bytes
      wrong[place] ^= 0xFF
      let done = try read(wrong)
      #expect(done.exit == .code(1) && done.errorText.contains("expected"), "\(place): \(done.errorText)")
    }
  }

  @Test func theBoundIsKeptAndCounted() throws {
    let folder = try TemporaryFolder("samples")
    let bound = Self.head.bytes.count + 3 * 48 + 47
    var file = try SampleFile(path: folder.file("s"), head: Self.head, bound: bound)
    for _ in 0..<4 { Self.samples.withUnsafeBufferPointer { file.append($0) } }
    #expect(file.kept == 3 && file.beyondBound == 5 && file.unwritten == 0)
    let size = try Data(contentsOf: URL(fileURLWithPath: folder.file("s"))).count
    #expect(size == bound - 47)
  }

  /// In a child, as the limit is the process's: whole records stay, the rest is counted, and why is said.
  @Test func aFullDiskIsSaidAndCounted() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder("samples")
      let head = SampleHead(run: Identifier(high: 1, low: 2), oneIn: 1, seed: 1, begin: 1, names: ["a"])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: rlim_t(head.bytes.count + 2 * 48 + 10), rlim_max: rlim_t.max)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      var file = try SampleFile(path: folder.file("s"), head: head, bound: 1 << 20)
      let samples = [Sample](repeating: Sample(), count: 5)
      for _ in 0..<2 { samples.withUnsafeBufferPointer { file.append($0) } }
      #expect(file.kept == 2 && file.unwritten == 8 && file.beyondBound == 0)
      #expect(file.problem?.description == "\(folder.file("s")): can't write: File too large")
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("s"))).count == head.bytes.count + 96)
    }
  }
}
