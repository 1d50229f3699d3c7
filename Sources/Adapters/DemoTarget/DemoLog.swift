import CLinux
import Glibc
import Model
public import Threads

/// What the demo target really did, a line of CSV for each request: when it came, what was planned, what happened.
///
/// Any thread notes; a thread of its own writes. A disk that can't keep up, or more than `mostLines`, costs lines, never
/// the target's time; how many were left out is told at the end.
public final class DemoLog: Sendable {
  static let mostLines: UInt64 = 10_000_000
  static let mostWaiting = 100_000
  static let header = "start,method,path,planned_us,actual_us,status,bytes,outcome\n"

  /// What became of a request.
  enum Outcome: String, Sendable {
    /// The reply was given to the network to its end.
    case sent
    case reset
    /// The client went before that.
    case left
  }

  struct Line: Sendable {
    /// Monotonic.
    var start: Instant
    var end: Instant
    var method: String
    var path: String
    var planned: TimeSpan
    var status: Int
    var bytes: Int
    var outcome: Outcome
  }

  private struct State {
    var waiting: [Line] = []
    var noted: UInt64 = 0
    var leftOut: UInt64 = 0
    var isEnding = false
    var hasEnded = false
    var failure: SystemError?
  }

  private let path: String
  private let descriptor: Int32
  private let state = Monitor(State())
  /// Seconds since 1970 at the monotonic clock's zero.
  private let offset: Int64

  /// Replaces the file.
  public init(path: String) throws(SystemError) {
    self.path = path
    descriptor = stampede_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw SystemError("open \(path)", code: errno) }
    offset = stampede_clock(CLOCK_REALTIME) - stampede_clock(CLOCK_BOOTTIME)
    write(Array(DemoLog.header.utf8))
    try OwnThread(name: "demo log", niceness: 5) { [self] in work() }.detach()
  }

  func note(_ line: Line) {
    state.read { state in
      if state.noted >= DemoLog.mostLines || state.waiting.count >= DemoLog.mostWaiting || state.isEnding {
        state.leftOut += 1
        return
      }
      state.noted += 1
      state.waiting.append(line)
    }
  }

  /// Writes what was noted and ends; blocks for at most the span.
  ///
  /// - Returns: what went wrong, for a person; nil if nothing did.
  public func close(within span: Duration = .seconds(5)) -> String? {
    state.change { $0.isEnding = true }
    let ended = state.wait(within: span) { $0.hasEnded ? true : nil } ?? false
    let (leftOut, failure) = state.read { ($0.leftOut, $0.failure) }
    if let failure { return failure.description }
    if !ended { return "\(path) is not written to its end" }
    return leftOut > 0 ? "\(path): \(leftOut) requests left out" : nil
  }

  private func work() {
    while true {
      // Woken only for the end: what comes meanwhile is written five times a second.
      let isEnding = state.wait(within: .milliseconds(200)) { $0.isEnding ? true : nil } ?? false
      let lines = state.read { state in
        defer { state.waiting.removeAll(keepingCapacity: true) }
        return state.waiting
      }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(lines.count * 80)
      for line in lines { bytes += render(line).utf8 }
      write(bytes)
      if isEnding {
        Glibc.close(descriptor)
        return state.change { $0.hasEnded = true }
      }
    }
  }

  func render(_ line: Line) -> String {
    let start = (line.start.nanoseconds &+ offset) / 1_000
    let micros = String(1_000_000 + start % 1_000_000).dropFirst()
    let took = (line.end - line.start).inMicroseconds
    return "\(start / 1_000_000).\(micros),\(DemoLog.field(line.method)),\(DemoLog.field(line.path)),"
      + "\(line.planned.inMicroseconds),\(took),\(line.status),\(line.bytes),\(line.outcome.rawValue)\n"
  }

  /// A field of CSV, at most 200 characters; control characters as `?`.
  private static func field(_ text: String) -> String {
    let cut = text.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }
    guard cut.contains(where: { $0 == "," || $0 == "\"" }) else { return String(cut) }
    return "\"" + cut.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  private func write(_ bytes: [UInt8]) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        let code = errno
        return state.read { $0.failure = $0.failure ?? SystemError("write \(path)", code: code) }
      }
      done += count
    }
  }
}
