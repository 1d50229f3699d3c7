import Glibc
import Measuring
import TestSupport
import Testing
import Wire

@testable import Records

@Suite struct RecordFileTests {
  private let folder: TemporaryFolder
  private let run: RunDirectory
  private let intervals = (1...20).map { Interval.sample(sequence: $0) }

  init() throws {
    folder = try TemporaryFolder("records")
    run = try RunDirectory.create(at: folder.file("run"))
  }

  private func writeAll() throws {
    let writer = try run.recordWriter()
    for interval in intervals { try writer.append(IntervalCodec.encode(interval)) }
    try writer.sync()
  }

  private func append(_ bytes: [UInt8]) throws {
    try RecordWriter(path: run.file("records")).append(bytes)
  }

  @Test func recordsComeBackInOrder() throws {
    try writeAll()
    let (back, torn) = try RunDirectory.open(run.path).readRecords()
    #expect(back == intervals)
    #expect(torn == 0)
    try append(IntervalCodec.encode(.sample(sequence: 21)))
    #expect(try run.readRecords().intervals.map(\.key.sequence) == Array(1...21))
  }

  @Test func anEmptyFileHasNoRecords() throws {
    _ = try run.recordWriter()
    let (back, torn) = try run.readRecords()
    #expect(back.isEmpty && torn == 0)
  }

  /// However much of the last record is missing, the others are read and the rest is said.
  @Test func aTornRecordIsAFact() throws {
    try writeAll()
    let last = IntervalCodec.encode(.sample(sequence: 21))
    for length in [1, 3, 4, 15, last.count - 1] {
      let size = try #require(fileSize())
      try append(Array(last[..<length]))
      let (back, torn) = try run.readRecords()
      #expect(back == intervals)
      #expect(torn == length)
      #expect(truncate(run.file("records"), size) == 0)
    }
  }

  /// After a power cut a file may end in zeros that were never written.
  @Test func zerosAtTheEndAreTorn() throws {
    try writeAll()
    try append([UInt8](repeating: 0, count: 300_000))
    let (back, torn) = try run.readRecords()
    #expect(back == intervals)
    #expect(torn == 300_000)
    try append([1])
    #expect(throws: RecordsError.self) { try run.readRecords() }
  }

  @Test func damageIsSaidWithItsPlace() throws {
    try writeAll()
    let size = try #require(fileSize())
    try append([3, 0, 0, 0] + IntervalCodec.encode(.sample(sequence: 21)))
    let error = #expect(throws: RecordsError.self) { try run.readRecords() }
    #expect(
      error?.description == "\(run.path)/records: damaged at byte \(size): "
        + "frame: found a length of 3, expected 12 to 4194304")
  }

  @Test func aRecordThatIsNoneIsSaidWithItsPlace() throws {
    try writeAll()
    let size = try #require(fileSize())
    var record = IntervalCodec.encode(.sample(sequence: 21))
    record[48] = 0
    try append(record)
    let error = #expect(throws: RecordsError.self) { try run.readRecords() }
    #expect(
      error?.description == "\(run.path)/records: damaged at byte \(size): "
        + "IntervalRecord.sequence: found 0, expected 1 or more")
  }

  /// A record longer than what is read at once.
  @Test func aLongRecordIsReadInPieces() throws {
    var long = Interval.sample(sequence: 1)
    long.names = (0..<300).map { NameInterval(name: String(repeating: "\($0)", count: 1_000)) }
    try append(IntervalCodec.encode(long))
    try append(IntervalCodec.encode(.sample(sequence: 2)))
    #expect(try run.readRecords().intervals == [long, .sample(sequence: 2)])
  }

  @Test func anUnreadableFileIsSaid() throws {
    #expect(mkdir(run.file("records"), 0o755) == 0)
    let error = #expect(throws: RecordsError.self) { try run.readRecords() }
    #expect(error?.description == "\(run.path)/records: can't read: Is a directory")
    let unwritable = #expect(throws: RecordsError.self) { try run.recordWriter() }
    #expect(unwritable?.description == "\(run.path)/records: can't create: Is a directory")
  }

  private func fileSize() -> off_t? {
    var status = stat()
    return stat(run.file("records"), &status) == 0 ? status.st_size : nil
  }
}
