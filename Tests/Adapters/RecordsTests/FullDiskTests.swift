import Foundation
import Measuring
import TestSupport
import Testing
import Wire

@testable import Records

/// A disk without room, a limit, a folder without permission: each an error that names path and cause.
@Suite struct FullDiskTests {
  @Test func aDeviceWithoutRoomIsSaid() throws {
    let writer = try RecordWriter(path: "/dev/full")
    for _ in 0..<2 {
      let error = #expect(throws: RecordsError.self) { try writer.append([1, 2, 3]) }
      #expect(error?.description == "/dev/full: can't write: No space left on device")
    }
    let whole = #expect(throws: RecordsError.self) { try WholeFile.write([1], to: "/dev/full") }
    #expect(whole?.description == "/dev/full: can't write: No space left on device")
  }

  /// In a child, as the limit is the process's: the record that reaches it is taken back, the file stays readable.
  @Test func aRecordThatDoesNotFitIsTakenBack() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder("records")
      let run = try RunDirectory.create(at: folder.file("run"))
      let writer = try run.recordWriter()
      let record = IntervalCodec.encode(.sample(sequence: 1))
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: rlim_t(record.count * 2 + 10), rlim_max: rlim_t.max)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      try writer.append(record)
      try writer.append(record)
      let error = #expect(throws: RecordsError.self) { try writer.append(record) }
      #expect(error?.description == "\(run.path)/records: can't write: File too large")
      let (intervals, torn) = try run.readRecords()
      #expect(intervals.count == 2 && torn == 0)
      let summary = [UInt8](repeating: 7, count: record.count * 3)
      let whole = #expect(throws: RecordsError.self) { try run.writeWhole(name: "summary.json", bytes: summary) }
      #expect(whole?.description == "\(run.path)/summary.json: can't write: File too large")
      #expect(try FileManager.default.contentsOfDirectory(atPath: run.path).sorted() == ["lock", "records"])
      // With room again it goes on where the whole records end.
      limit.rlim_cur = rlim_t.max
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      try writer.append(record)
      #expect(try run.readRecords().intervals.count == 3)
    }
  }

  /// As a user without rights to the folder: root would be let in everywhere.
  @Test func foldersWithoutPermissionAreSaid() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder("records")
      _ = try RunDirectory.create(at: folder.file("run")).recordWriter()
      try #require(chmod(folder.file("run/records"), 0) == 0)
      try folder.write("closed/x", "")
      try #require(chmod(folder.file("closed"), 0o000) == 0)
      if getuid() == 0 {
        for path in [folder.path, folder.file("run"), folder.file("closed")] {
          try #require(chown(path, 65_534, 65_534) == 0)
        }
        try #require(setuid(65_534) == 0)
      }
      defer { chmod(folder.file("closed"), 0o700) }
      var error = #expect(throws: RecordsError.self) { try RunDirectory.open(folder.file("run")).readRecords() }
      #expect(error?.description == "\(folder.file("run/records")): can't read: Permission denied")
      error = #expect(throws: RecordsError.self) { try RunDirectory.open(folder.file("closed")) }
      #expect(error?.description == "\(folder.file("closed")): can't open the run directory: Permission denied")
      error = #expect(throws: RecordsError.self) { try RunDirectory.create(at: folder.file("closed")) }
      #expect(error?.description == "\(folder.file("closed")): can't read the directory: Permission denied")
      error = #expect(throws: RecordsError.self) { try RunDirectory.create(at: folder.file("closed/new")) }
      #expect(error?.description == "\(folder.file("closed/new")): can't create the directory: Permission denied")
      error = #expect(throws: RecordsError.self) { try WholeFile.write([1], to: folder.file("closed/report.html")) }
      #expect(error?.description == "\(folder.file("closed/report.html")): can't create: Permission denied")
    }
  }
}
