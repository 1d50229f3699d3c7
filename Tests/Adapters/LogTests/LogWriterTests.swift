import Glibc
import Log
import Testing

/// A pipe whose reading end is read to its end.
final class Pipe {
  let read: Int32
  let write: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    read = ends[0]
    write = ends[1]
  }

  func text() -> String {
    close(write)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(read, &buffer, buffer.count), count > 0 { bytes += buffer[0..<count] }
    close(read)
    return String(decoding: bytes, as: UTF8.self)
  }
}

@Suite struct LogWriterTests {
  static let moment: @Sendable () -> Int64 = { 1_772_366_400_123_456_789 }

  static func lines(_ format: LineFormat, level: Level = .info, _ body: (Logger) -> Void) throws -> String {
    let pipe = Pipe()
    let writer = LogWriter(descriptor: pipe.write, level: level, format: format, clock: moment)
    try writer.start()
    body(Logger(writer))
    #expect(writer.close(within: .seconds(10)))
    return pipe.text()
  }

  @Test func textLinesReadWell() throws {
    let text = try Self.lines(.text) { log in
      log.with("run", "7f3a").info("listening", Field("address", "127.0.0.1:80"), Field("note", "two words"))
      log.error("went wrong")
    }
    #expect(
      text == """
        2026-03-01T12:00:00.123Z info     listening run=7f3a address=127.0.0.1:80 note="two words"
        2026-03-01T12:00:00.123Z error    went wrong

        """)
  }

  @Test func jsonLinesAreObjectsWithTheRunsId() throws {
    let text = try Self.lines(.json) { $0.with("run", "7f3a").warning("a \"b\"\n\u{1b}[31m", Field("n", 3)) }
    #expect(
      text == #"{"time":"2026-03-01T12:00:00.123Z","level":"warning","#
        + #""message":"a \"b\"\n\u001b[31m","run":"7f3a","n":"3"}"# + "\n")
  }

  @Test func whatComesFromOutsideCannotForgeALine() throws {
    let text = try Self.lines(.text) {
      $0.info("reply: x\n2026 error fake", Field("v", "a\r\nb"), Field("w", "\u{9b}2J"))
    }
    #expect(text.split(separator: "\n").count == 1)
    #expect(!text.contains("\u{9b}"))
  }

  @Test func secretsNeverReachTheLine() throws {
    for format in LineFormat.allCases {
      let text = try Self.lines(format) {
        $0.with("token", "s3cret").info(
          "Authorization: Bearer s3cret", Field("url", "http://u:s3cret@h/?password=s3cret"))
      }
      #expect(!text.contains("s3cret"))
      #expect(text.contains("***"))
    }
  }

  @Test func linesBelowTheLevelAreNotEvenMade() throws {
    var made = 0
    func costly() -> String {
      made += 1
      return "x"
    }
    let text = try Self.lines(.text, level: .warning) {
      $0.info(costly())
      $0.debug(costly())
      $0.warning(costly())
    }
    #expect(made == 1)
    #expect(text.split(separator: "\n").count == 1)
  }

  @Test func aFullQueueDropsAndCountsAndNeverBlocks() throws {
    // Nobody reads the pipe, so the writer's thread is stuck after the first 64 KiB.
    let pipe = Pipe()
    let writer = LogWriter(descriptor: pipe.write, capacity: 10, clock: Self.moment)
    try writer.start()
    let log = Logger(writer)
    let long = String(repeating: "x", count: 10_000)
    for _ in 0..<1_000 { log.info(long) }
    #expect(writer.dropped > 900)
    #expect(!writer.flush(within: .milliseconds(20)))
    let dropped = writer.dropped
    // Draining lets it go on; then it says what was lost.
    let reader = Thread { pipe.read }
    #expect(writer.close(within: .seconds(20)))
    close(pipe.write)
    let text = reader.text()
    #expect(text.split(separator: "\n").filter { $0.contains(long) }.count == 1_000 - Int(dropped))
    #expect(text.contains("log lines were dropped"))
  }

  @Test func aClosedReaderHarmsNobody() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = Pipe()
    close(pipe.read)
    let writer = LogWriter(descriptor: pipe.write)
    try writer.start()
    Logger(writer).info("lost")
    #expect(writer.close(within: .seconds(10)))
    close(pipe.write)
  }
}

/// Reads a descriptor to its end on a thread of its own.
final class Thread: @unchecked Sendable {  // `bytes` is written by the thread, read after it was joined
  private var bytes: [UInt8] = []
  private var handle = pthread_t()
  private let descriptor: Int32

  init(_ descriptor: () -> Int32) {
    self.descriptor = descriptor()
    pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Thread>.fromOpaque(argument).takeUnretainedValue().work()
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func work() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[0..<count] }
  }

  func text() -> String {
    pthread_join(handle, nil)
    close(descriptor)
    return String(decoding: bytes, as: UTF8.self)
  }
}
