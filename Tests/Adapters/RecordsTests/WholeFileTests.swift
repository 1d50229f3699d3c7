import Glibc
import TestSupport
import Testing

@testable import Records

@Suite struct WholeFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("records") }

  @Test func itIsWrittenAndReplaced() throws {
    let path = folder.file("summary.json")
    try WholeFile.write(Array("one and more".utf8), to: path)
    #expect(try folder.read("summary.json") == "one and more")
    try WholeFile.write(Array("two".utf8), to: path)
    #expect(try folder.read("summary.json") == "two")
    #expect(try folder.names() == ["summary.json"])
    #expect(try WholeFile.read(path, atMost: 3) == Array("two".utf8))
  }

  @Test func aRunWritesIntoItsFolder() throws {
    let run = try RunDirectory.create(at: folder.file("run"))
    try run.writeWhole(name: "summary.json", bytes: Array("{}".utf8))
    #expect(try folder.read("run/summary.json") == "{}")
  }

  /// Whoever has the old file open keeps the old content whole.
  @Test func aReaderNeverSeesAPart() throws {
    let path = try folder.write("a", "old")
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    try WholeFile.write(Array("new and longer".utf8), to: path)
    var buffer = [UInt8](repeating: 0, count: 10)
    #expect(read(descriptor, &buffer, 10) == 3)
    #expect(String(decoding: buffer.prefix(3), as: UTF8.self) == "old")
  }

  /// A device or link must not be replaced by a file.
  @Test func whatIsNoPlainFileIsWrittenThrough() throws {
    try WholeFile.write([1, 2, 3], to: "/dev/null")
    var status = stat()
    #expect(lstat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let target = try folder.write("target", "before")
    #expect(symlink(target, folder.file("link")) == 0)
    try WholeFile.write(Array("x".utf8), to: folder.file("link"))
    #expect(try folder.read("target") == "x")
    #expect(lstat(folder.file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func whyItCouldNotBeWrittenIsSaid() throws {
    let missing = folder.file("no/report.html")
    var error = #expect(throws: RecordsError.self) { try WholeFile.write([1], to: missing) }
    #expect(error?.description == "\(missing): can't create: No such file or directory")
    error = #expect(throws: RecordsError.self) { try WholeFile.write([1], to: folder.path) }
    #expect(error?.description == "\(folder.path): can't write: Is a directory")
    error = #expect(throws: RecordsError.self) { try WholeFile.write([1], to: "") }
    #expect(error?.description.hasPrefix("'': can't ") == true)
    #expect(try folder.names().isEmpty)
  }

  @Test func tooLongAFileIsSaid() throws {
    let path = try folder.write("long", String(repeating: "x", count: 100_000))
    let error = #expect(throws: RecordsError.self) { try WholeFile.read(path, atMost: 99_999) }
    #expect(error?.description == "\(path): longer than 99999 bytes")
    #expect(try WholeFile.read(path, atMost: 100_000).count == 100_000)
    #expect(throws: RecordsError.self) { try WholeFile.read(folder.file("none"), atMost: 1) }
  }

  /// Somebody who may write to the folder puts links where a part might be written to.
  @Test func nothingIsWrittenThroughALinkThatWaits() throws {
    let victim = try folder.write("victim", "mine")
    for name in [".a.\(getpid()).part", ".a.part"] { #expect(symlink(victim, folder.file(name)) == 0) }
    try WholeFile.write(Array("new".utf8), to: folder.file("a"))
    #expect(try folder.read("victim") == "mine")
    #expect(try folder.read("a") == "new")
    #expect(try folder.names().count == 4)
  }
}
