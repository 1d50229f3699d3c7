import Glibc
import HTTP1

/// What libcurl overlooks in a reply's head and the native engine does not: its limits, lengths that contradict each
/// other or mean nothing, an end that comes too early.
struct HeadWatch {
  enum Fault: Equatable {
    case longHead, longLine, manyLines, manyHeads
    /// A Content-Length that is no number, too large, or not the one before.
    case length
    /// The server goes on in another protocol.
    case upgrade
  }

  private var bytes = 0
  private var lines = 0
  /// Heads so far: those of status 1xx and the final one.
  private var heads = 0
  private var length: UInt64?
  private(set) var status = 0
  /// Whether the final head is there to its end.
  private(set) var isDone = false

  /// Takes a line with its end; a fault means that the reply is none.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Fault? {
    guard let base = line.baseAddress else { return nil }
    if line.count > 5, memcmp(base, "HTTP/", 5) == 0, !isDone {
      (bytes, lines, length) = (0, 0, nil)
      heads += 1
      status = HeadWatch.status(line)
      if status == 101 { return .upgrade }
    }
    bytes += line.count
    lines += 1
    if line.count > ReplyDecoder.maxLine { return .longLine }
    if bytes > ReplyDecoder.maxHead { return .longHead }
    if lines > ReplyDecoder.maxLines { return .manyLines }
    if heads > ReplyDecoder.maxInterim + 1 { return .manyHeads }
    // Lines behind the head are trailers.
    if isDone { return nil }
    if line[0] == 0x0D || line[0] == 0x0A {
      isDone = status >= 200
      (bytes, lines) = (0, 0)
    } else if line.count > 15, strncasecmp(base.assumingMemoryBound(to: CChar.self), "Content-Length:", 15) == 0 {
      guard let value = HeadWatch.number(line.dropFirst(15)), length == nil || length == value else { return .length }
      length = value
    }
    return nil
  }

  private static func status(_ line: UnsafeRawBufferPointer) -> Int {
    var status = 0
    for byte in line.drop(while: { $0 != 0x20 }).dropFirst().prefix(3) {
      guard 0x30...0x39 ~= byte else { return 0 }
      status = status * 10 + Int(byte - 0x30)
    }
    return status
  }

  /// Digits between blanks, below 2⁶³; equal repetitions with commas are not looked at.
  private static func number(_ text: Slice<UnsafeRawBufferPointer>) -> UInt64? {
    var value: UInt64 = 0
    var digits = 0
    var isOver = false
    for byte in text where byte != 0x0D && byte != 0x0A {
      if byte == 0x20 || byte == 0x09 {
        isOver = digits > 0
        continue
      }
      guard 0x30...0x39 ~= byte, !isOver, digits < 19 else { return nil }
      value = value &* 10 &+ UInt64(byte - 0x30)
      digits += 1
    }
    return digits > 0 && value < 1 << 63 ? value : nil
  }
}
