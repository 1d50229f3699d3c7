import CLinux
import Glibc
import Threads

/// The thread that formats, redacts and writes lines, and the bounded queue before it.
///
/// Whoever logs never waits for the disk or the terminal. `close` must be called before the process ends, or the last
/// lines may be missing.
public final class LogWriter: Sendable {
  struct Line: Sendable {
    let time: Int64
    let level: Level
    let message: String
    let fields: [Field]
  }

  private struct Queue {
    var lines: [Line] = []
    var dropped: UInt64 = 0
    var unreported: UInt64 = 0
    var isBusy = false
    var isClosed = false
    var hasEnded = false
  }

  public let level: Level
  public let format: LineFormat
  private let descriptor: Int32
  private let capacity: Int
  private let opening: [UInt8]
  private let clock: @Sendable () -> Int64
  private let queue = Monitor(Queue())

  /// - Parameters:
  ///   - descriptor: where lines go; it stays the caller's and must stay open until `close` has returned.
  ///   - capacity: lines that may wait; more are dropped and counted.
  ///   - opening: bytes before each line, for a terminal whose last line is being redrawn (`\r` and erase).
  ///   - clock: nanoseconds since 1970.
  public init(
    descriptor: Int32 = 2, level: Level = .info, format: LineFormat = .text, capacity: Int = 4096, opening: String = "",
    clock: @escaping @Sendable () -> Int64 = { stampede_clock(CLOCK_REALTIME) }
  ) {
    self.descriptor = descriptor
    self.level = level
    self.format = format
    self.capacity = capacity
    self.opening = Array(opening.utf8)
    self.clock = clock
  }

  /// Starts the thread; until then lines wait in the queue.
  public func start() throws(SystemError) {
    try OwnThread(name: "log", niceness: 5) { [self] in work() }.detach()
  }

  /// Lines lost so far because the queue was full.
  public var dropped: UInt64 { queue.read { $0.dropped } }

  func put(_ level: Level, _ message: String, _ fields: [Field]) {
    let line = Line(time: clock(), level: level, message: message, fields: fields)
    queue.change { queue in
      if queue.lines.count >= capacity || queue.isClosed {
        queue.dropped += 1
        queue.unreported += 1
      } else {
        queue.lines.append(line)
      }
    }
  }

  /// Blocks until what was logged before is written; false if that takes longer than the time given.
  @discardableResult
  public func flush(within span: Duration = .seconds(1)) -> Bool {
    queue.wait(within: span) { $0.lines.isEmpty && !$0.isBusy || $0.hasEnded ? true : nil } ?? false
  }

  /// Takes no more lines, writes those that wait and ends the thread; false if that takes longer than the time given.
  @discardableResult
  public func close(within span: Duration = .seconds(1)) -> Bool {
    queue.change { $0.isClosed = true }
    return queue.wait(within: span) { $0.hasEnded ? true : nil } ?? false
  }

  private func work() {
    while true {
      let batch: (lines: [Line], lost: UInt64)? = queue.wait { queue in
        if queue.lines.isEmpty, queue.unreported == 0 { return queue.isClosed ? .some(nil) : nil }
        defer {
          queue.lines = []
          queue.unreported = 0
          queue.isBusy = true
        }
        return .some((queue.lines, queue.unreported))
      }.flatMap { $0 }
      guard let batch else { break }
      var bytes: [UInt8] = []
      for line in batch.lines { append(line, to: &bytes) }
      if batch.lost > 0 {
        let fields = [Field("dropped", batch.lost)]
        append(Line(time: clock(), level: .warning, message: "log lines were dropped", fields: fields), to: &bytes)
      }
      writeAll(bytes)
      queue.change { $0.isBusy = false }
    }
    queue.change { $0.hasEnded = true }
  }

  private func append(_ line: Line, to bytes: inout [UInt8]) {
    bytes += opening
    bytes += format.line(of: line).utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  private func writeAll(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, 1000)
      } else if errno != EINTR {
        return  // Nobody is left to be told.
      }
    }
  }
}
