import Bytes

/// The head of a reply, and what a decoder knew once it had read it. A target says the same again and again, but for
/// the date's second: a head that is this one, byte for byte, need not be read once more.
///
/// It keeps the bytes in memory given to it, and owns nothing.
@safe
public struct ReplyMemo {
  /// The longest head that is remembered, in bytes: also how much memory it needs.
  public static let size = 1_024

  private let bytes: UnsafeMutableRawPointer
  private var count = 0
  private var after = ReplyDecoder()

  /// Remembers nothing yet. The memory, of at least `size` bytes, must stay as long as this is used.
  public init(in memory: UnsafeMutableRawPointer) {
    unsafe bytes = unsafe memory
  }

  /// The length of the head at the front of the bytes if it is the remembered one, else 0. `decoder` awaits its first
  /// byte, and has then read it.
  @inline(__always)
  func recall(_ start: UnsafeRawPointer, _ available: Int, _ decoder: inout ReplyDecoder) -> Int {
    if count == 0 || available < count || after.answersHEAD != decoder.answersHEAD { return 0 }
    if unsafe !areSameBytes(start, bytes, count) { return 0 }
    decoder = after
    return count
  }

  /// Remembers a head of so many bytes, and the decoder that has just read it and nothing before it.
  mutating func keep(_ start: UnsafeRawPointer, _ length: Int, _ decoder: ReplyDecoder) {
    if length > ReplyMemo.size { return }
    unsafe bytes.copyMemory(from: start, byteCount: length)
    count = length
    after = decoder
  }
}

extension ReplyDecoder {
  /// Takes the next bytes as `feed` does, with the same outcome; a head that is in the memo is known at once, one that is
  /// not takes its place there.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer, _ memo: inout ReplyMemo) -> Feed {
    guard phase == .statusLine, !hasStarted, let start = bytes.baseAddress, unsafe !bytes.isEmpty else {
      return unsafe feed(bytes)
    }
    let count = bytes.count
    let known = unsafe memo.recall(start, count, &self)
    if known > 0 {
      if known == count || phase == .complete { return Feed(consumed: known, event: event) }
      if phase == .sized, left <= count &- known {
        // A whole reply in one piece, as most are.
        let end = known &+ left
        take(left)
        return Feed(consumed: end, event: .complete)
      }
      let rest = unsafe feed(UnsafeRawBufferPointer(rebasing: bytes[known...]))
      return Feed(consumed: known &+ rest.consumed, event: rest.event)
    }
    return unsafe readAndKeep(start, count, &memo)
  }

  /// Reads the head in the usual way; where it is whole and a final reply's, the memo has it then.
  private mutating func readAndKeep(_ start: UnsafeRawPointer, _ count: Int, _ memo: inout ReplyMemo) -> Feed {
    marks.insert(.started)
    var place = unsafe takeLine(start, count)
    if place > 0, phase == .headers {
      place &+= unsafe takeHeaders(start + place, count &- place)
      switch phase {
      case .headers, .failed: return Feed(consumed: place, event: event)
      case .statusLine: break
      case .sized, .untilClose, .chunkSize, .complete: unsafe memo.keep(start, place, self)
      case .chunkBytes, .chunkEnd, .chunkLineFeed, .trailer: break
      }
    } else {
      return Feed(consumed: place, event: event)
    }
    let rest = unsafe feed(UnsafeRawBufferPointer(start: start + place, count: count &- place))
    return Feed(consumed: place &+ rest.consumed, event: rest.event)
  }

  /// Whether the request was a HEAD.
  var answersHEAD: Bool { marks.contains(.isHEAD) }
}
