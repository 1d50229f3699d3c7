import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct RunDirectoryTests {
  private let folder: TemporaryFolder
  /// A moment, and how its local time is written.
  private let second: Int64 = 1_795_252_500
  private let stamp: String

  init() throws {
    folder = try TemporaryFolder("records")
    var time = time_t(second)
    var parts = tm()
    localtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 16)
    _ = strftime(&text, text.count, "%Y%m%d-%H%M%S", &parts)
    stamp = String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  @Test func itsNameIsTimeAndPlan() throws {
    let first = try RunDirectory.create(parent: folder.file("a/runs"), name: "check out", at: second)
    let next = try RunDirectory.create(parent: folder.file("a/runs"), name: "check out", at: second)
    let third = try RunDirectory.create(parent: folder.file("a/runs/"), name: "check out", at: second)
    #expect(first.path == folder.file("a/runs/\(stamp)-check-out"))
    #expect(next.path == first.path + "-2")
    #expect(third.path == folder.file("a/runs//\(stamp)-check-out-3"))
    #expect(try folder.names() == ["a"])
  }

  @Test(arguments: [
    ("shop", "shop"), ("Shop_v1.2", "Shop_v1.2"), ("a / b\n", "a-b-"), ("../../etc", "etc"), ("Überlast", "berlast"),
    ("日本", "run"), ("", "run"), ("-", "run"), (".hidden", "hidden"), ("http://localhost:8080/", "http-localhost-8080-"),
    (String(repeating: "x", count: 300), String(repeating: "x", count: 64)),
  ])
  func namesBecomePlain(_ name: String, _ folderName: String) {
    #expect(RunDirectory.folderName(of: name) == folderName)
  }

  @Test func aNewOrEmptyDirectoryIsTaken() throws {
    let fresh = folder.file("deep/down/out")
    #expect(try RunDirectory.create(at: fresh).path == fresh)
    #expect(mkdir(folder.file("empty"), 0o755) == 0)
    _ = try RunDirectory.create(at: folder.file("empty/"))
    #expect(access(folder.file("empty/lock"), F_OK) == 0)
  }

  @Test func aDirectoryThatHasSomethingInItIsRefused() throws {
    try folder.write("out/.keep", "")
    let error = #expect(throws: RecordsError.self) { try RunDirectory.create(at: folder.file("out")) }
    #expect(
      error?.description == "\(folder.file("out")): the directory is not empty; "
        + "name one that is, or that does not exist yet")
    #expect(try folder.read("out/.keep").isEmpty)
  }

  @Test func aFileIsRefused() throws {
    let file = try folder.write("out", "mine")
    let message = "found a file, expected a directory or a name that does not exist yet"
    var error = #expect(throws: RecordsError.self) { try RunDirectory.create(at: file) }
    #expect(error?.description == "\(file): \(message)")
    error = #expect(throws: RecordsError.self) { try RunDirectory.create(at: file + "/below/it") }
    #expect(error?.description == "\(file): \(message)")
    error = #expect(throws: RecordsError.self) { try RunDirectory.create(parent: file, name: "x", at: second) }
    #expect(error?.description == "\(file): \(message)")
    #expect(try folder.read("out") == "mine")
  }

  @Test func aPlaceWhereNothingCanBeMadeIsSaid() {
    let error = #expect(throws: RecordsError.self) { try RunDirectory.create(at: "/proc/stampede/out") }
    #expect(error?.description == "/proc/stampede: can't create the directory: No such file or directory")
    let empty = #expect(throws: RecordsError.self) { try RunDirectory.create(at: "") }
    #expect(empty?.description == "'': can't create the directory: No such file or directory")
  }

  /// A lock taken through another open file sees it, as another process would.
  @Test func theLockIsHeldAsLongAsTheValue() throws {
    let path = folder.file("out")
    var run: RunDirectory? = try RunDirectory.create(at: path)
    let error = #expect(throws: RecordsError.self) { _ = try RunDirectory.takeLock(in: path) }
    #expect(error?.description == "\(path): another process is writing to it")
    #expect(run?.path == path)
    run = nil
    _ = try RunDirectory.takeLock(in: path)
  }

  /// A child that a run starts must not keep the lock after the run.
  @Test func noDescriptorIsInherited() throws {
    let run = try RunDirectory.create(at: folder.file("out"))
    let writer = try run.recordWriter()
    var found: [String] = []
    for descriptor in 3..<1_024 {
      guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)"),
        path.hasPrefix(run.path)
      else { continue }
      found.append(path)
      #expect(fcntl(Int32(descriptor), F_GETFD) & FD_CLOEXEC != 0, "\(path)")
    }
    #expect(found.sorted() == [run.file("lock"), writer.path])
  }

  @Test func onlyRunDirectoriesAreOpened() throws {
    try folder.write("other/summary.json", "{}")
    let other = folder.file("other")
    var error = #expect(throws: RecordsError.self) { try RunDirectory.open(other) }
    #expect(error?.description == "\(other): no run directory: there is no file 'records' in it")
    error = #expect(throws: RecordsError.self) { try RunDirectory.open(other + "/summary.json") }
    #expect(error?.description.contains("no run directory") == true)
    error = #expect(throws: RecordsError.self) { try RunDirectory.open(folder.file("none")) }
    #expect(error?.description == "\(folder.file("none")): can't open the run directory: No such file or directory")
  }
}
