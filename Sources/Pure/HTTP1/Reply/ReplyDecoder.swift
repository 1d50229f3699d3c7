/// Frames the replies of one connection, a request's reply at a time: where it ends, its status, whether the connection
/// can be used again.
///
/// A value without references, 32 bytes; nothing is allocated and no byte is kept. What frames a body is read strictly,
/// the rest as leniently as curl reads it (`ReplyLeniency`); header lines that nobody needs are skipped unread.
/// Replies of status 1xx before the final one are passed over. Time is linear in the bytes, however they are cut.
public struct ReplyDecoder: Sendable {
  /// The longest line of a head or trailer in bytes, its end included: also the most that a caller has to keep.
  public static let maxLine = 16 * 1024
  /// The longest line of a chunk's size and extensions in bytes, its end included.
  public static let maxChunkLine = 4 * 1024
  /// The most bytes of a head, and of a trailer.
  public static let maxHead = 64 * 1024
  /// The most header lines of a head, and of a trailer.
  public static let maxLines = 256
  /// The most replies of status 1xx before the final one.
  public static let maxInterim = 16

  @usableFromInline
  enum Phase: UInt8, Sendable {
    case statusLine, headers
    case sized, untilClose
    case chunkSize, chunkBytes, chunkEnd, chunkLineFeed, trailer
    case complete, failed
  }

  /// Facts of the reply being read that take a bit each.
  @usableFromInline
  struct Marks: OptionSet, Sendable {
    @usableFromInline let rawValue: UInt8
    @usableFromInline init(rawValue: UInt8) { self.rawValue = rawValue }
    @usableFromInline static var isHEAD: Marks { Marks(rawValue: 0x1) }
    @usableFromInline static var started: Marks { Marks(rawValue: 0x2) }
    /// HTTP/1.0.
    @usableFromInline static var isOld: Marks { Marks(rawValue: 0x4) }
    @usableFromInline static var saysClose: Marks { Marks(rawValue: 0x8) }
    @usableFromInline static var saysKeepAlive: Marks { Marks(rawValue: 0x10) }
    @usableFromInline static var hasLength: Marks { Marks(rawValue: 0x20) }
    @usableFromInline static var isChunked: Marks { Marks(rawValue: 0x40) }
    /// Whatever else was said, the connection ends with this reply.
    @usableFromInline static var mustClose: Marks { Marks(rawValue: 0x80) }
    /// What stays from a reply of status 1xx to the next.
    static var ofRequest: Marks { [.isHEAD, .started] }
  }

  /// The header line that a fold would go on with.
  enum LastLine: UInt8, Sendable {
    case none, other, framing, connection
  }

  /// Body bytes still to come: of all (sized) or of the chunk. While the head is read, its Content-Length.
  @usableFromInline var left = 0
  /// Bytes of the head or trailer so far.
  var headBytes: UInt32 = 0
  /// Bytes that framed the body's chunks so far: sizes, line ends, the trailer. Counts over beyond 2^32.
  public internal(set) var framing: UInt32 = 0
  /// Bytes of the partial line that hold no line feed.
  var scanned: UInt16 = 0
  var lines: UInt16 = 0
  /// The status of the reply, from its first line on; 1xx ones are replaced by the next. 0 before.
  public internal(set) var status: UInt16 = 0
  /// What was let pass since `begin`: bits of `ReplyLeniency`.
  public internal(set) var leniencies: UInt16 = 0
  @usableFromInline var phase = Phase.complete
  @usableFromInline var marks = Marks()
  var last = LastLine.none
  var fault = ReplyFault.truncated
  var interim: UInt8 = 0

  /// Awaits no reply before `begin`.
  public init() {}

  /// A request was sent: the next bytes are its reply.
  public mutating func begin(isHEAD: Bool) {
    self = ReplyDecoder()
    phase = .statusLine
    if isHEAD { marks = .isHEAD }
  }

  /// Takes the next bytes, as far as they belong to this reply.
  ///
  /// A partial line is not consumed: at most `maxLine` bytes, which must be in front of the next ones. However the
  /// bytes are cut, the outcome is the same.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Feed {
    guard let start = bytes.baseAddress, unsafe !bytes.isEmpty else { return Feed(consumed: 0, event: event) }
    let count = bytes.count
    if phase == .statusLine { marks.insert(.started) }
    var place = 0
    while place < count {
      switch phase {
      case .headers:
        place &+= unsafe takeHeaders(start + place, count &- place)
        if phase == .headers || phase == .failed { return Feed(consumed: place, event: event) }
      case .statusLine, .trailer, .chunkSize:
        let length = unsafe takeLine(start + place, count &- place)
        if length == 0 { return Feed(consumed: place, event: event) }
        place &+= length
      case .sized, .chunkBytes:
        let taken = min(left, count &- place)
        take(taken)
        place &+= taken
      case .untilClose:
        place = count
      case .chunkEnd, .chunkLineFeed:
        if unsafe !takeChunkEnd(start.load(fromByteOffset: place, as: UInt8.self)) {
          return Feed(consumed: place, event: event)
        }
        place &+= 1
      case .complete, .failed:
        return Feed(consumed: place, event: event)
      }
    }
    return Feed(consumed: place, event: event)
  }

  /// The peer closed: whole, where only that tells the body's end, otherwise cut short.
  public mutating func end() -> Feed {
    switch phase {
    case .untilClose: phase = .complete
    case .complete, .failed: break
    case .statusLine, .headers, .sized, .chunkSize, .chunkBytes, .chunkEnd, .chunkLineFeed, .trailer:
      fail(.truncated)
    }
    return Feed(consumed: 0, event: event)
  }

  /// Body bytes that come next on the wire and that nobody needs to see: the caller may drop up to so many and then
  /// says so by `skip`. 0 where the next bytes must be fed; `Int.max` where the body ends with the connection.
  @inlinable
  public var skippable: Int {
    switch phase {
    case .sized, .chunkBytes: left
    case .untilClose: Int.max
    case .statusLine, .headers, .chunkSize, .chunkEnd, .chunkLineFeed, .trailer, .complete, .failed: 0
    }
  }

  /// So many of the `skippable` bytes were dropped.
  @inlinable
  public mutating func skip(_ count: Int) -> Feed.Event {
    switch phase {
    case .sized, .chunkBytes: take(min(max(count, 0), left))
    case .untilClose, .statusLine, .headers, .chunkSize, .chunkEnd, .chunkLineFeed, .trailer, .complete, .failed: break
    }
    return event
  }

  /// Whether the connection can be used again; true only after `complete`.
  @inlinable
  public var keepsAlive: Bool {
    phase == .complete && marks.isDisjoint(with: [.saysClose, .mustClose])
      && (!marks.contains(.isOld) || marks.contains(.saysKeepAlive))
  }

  /// Whether a byte of the reply has been seen, consumed or not: then its request must not be sent again.
  @inlinable
  public var hasStarted: Bool { marks.contains(.started) }

  /// Where the reply stands.
  @usableFromInline
  var event: Feed.Event {
    switch phase {
    case .complete: .complete
    case .failed: .failed(fault)
    case .statusLine, .headers, .sized, .untilClose, .chunkSize, .chunkBytes, .chunkEnd, .chunkLineFeed, .trailer:
      .needMore
    }
  }

  /// So many body bytes, at most `left`, are done with.
  @usableFromInline
  mutating func take(_ count: Int) {
    left &-= count
    if left == 0 { phase = phase == .sized ? .complete : .chunkEnd }
  }

  mutating func fail(_ fault: ReplyFault) {
    self.fault = fault
    phase = .failed
  }

  mutating func note(_ leniency: ReplyLeniency) { leniencies |= leniency.rawValue }
}
