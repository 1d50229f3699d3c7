public import EventLoop
public import Model

/// Carries whole exchanges in place of a loop's own connections: for what the native HTTP/1.1 can't do.
///
/// Confined to the loop's thread. The loop begins exchanges under slots of its own, waits for `descriptor` among its
/// descriptors, lets the transport take its turns and asks for what happened. Connections, and how many exchanges share
/// one, are the transport's. Redirects, cookies and checks stay the loop's.
public protocol Transport: AnyObject {
  /// Readable when `turn` has something to do.
  var descriptor: Int32 { get }
  /// When `turn` has something to do although the descriptor is not readable (monotonic nanoseconds, `.max`: never), or
  /// there are events to be taken (0).
  var wakeAt: Int64 { get }
  /// Connections open, those on their way included.
  var connectionCount: Int { get }
  /// From this instant on no request may begin to be written; it then ends as never sent.
  var sendsUntil: Int64 { get set }

  /// What an origin's number stands for, and its addresses in the order to try them; empty where somebody else looks
  /// the name up. With a fault, every exchange with it fails of that. Said before the first exchange with it, and again
  /// later.
  func know(_ number: Int, as origin: Origin, at addresses: [SocketAddress], fault: TransportFault?)
  /// Begins an exchange; the slot has none. Its events come later, from `nextEvent`.
  func begin(_ slot: Int, _ call: TransportCall)
  /// Ends an exchange without a further event: HTTP/1.1 loses its connection, HTTP/2 its stream.
  func cancel(_ slot: Int)
  /// Reads and writes what can be read and written now.
  func turn()
  /// What has happened, in order; nil when that was all.
  func nextEvent() -> TransportEvent?
  /// Why the slot's last exchange failed, in words; until its next one begins.
  func cause(of slot: Int) -> String
  /// The final head and the body of the slot's last reply, as far as they were to be kept; until its next one begins.
  func head(of slot: Int) -> UnsafeRawBufferPointer
  func body(of slot: Int) -> UnsafeRawBufferPointer
}

/// One exchange to be carried out.
public struct TransportCall {
  /// The number said with `know`.
  public var origin: Int
  /// A whole request as HTTP/1.1 writes it, `RequestBytes`' way. Stays where it is until the exchange has ended.
  public var request: UnsafeRawBufferPointer
  /// The same number means the same bytes, and the same origin, whenever it is given; −1: bytes of this exchange only.
  public var target: Int
  /// Whether it may be sent once more when a kept-alive connection fails before the reply.
  public var isIdempotent: Bool
  /// How much of a reply is kept.
  public var keptHead: Int
  public var keptBody: Int
  /// How much of the body of one whose status is not an expected one.
  public var keptOnFailure: Int
  public var expected: ClosedRange<UInt16>

  public init(
    origin: Int, request: UnsafeRawBufferPointer, target: Int, isIdempotent: Bool, keptHead: Int = 0,
    keptBody: Int = 0, keptOnFailure: Int = 0, expected: ClosedRange<UInt16> = 200...399
  ) {
    self.origin = origin
    self.request = request
    self.target = target
    self.isIdempotent = isIdempotent
    self.keptHead = keptHead
    self.keptBody = keptBody
    self.keptOnFailure = keptOnFailure
    self.expected = expected
  }
}

/// Why there is no way to an origin.
public struct TransportFault: Sendable, Hashable {
  public var kind: ErrorKind
  public var cause: String

  public init(_ kind: ErrorKind, _ cause: String) {
    self.kind = kind
    self.cause = cause
  }
}

/// Something that happened to an exchange. Instants are nanoseconds of the monotonic clock; 0: it never was.
public struct TransportEvent {
  public enum Kind: Sendable {
    /// Its connection is ready and its first byte is about to be written; once more where it is sent again.
    case sent
    /// A whole reply is there.
    case answered
    /// It came to nothing.
    case failed(ErrorKind)
  }

  public var slot: Int
  public var kind: Kind
  /// When connecting began, where this exchange opened a connection.
  public var opened: Int64 = 0
  public var sent: Int64 = 0
  public var firstByte: Int64 = 0
  public var end: Int64 = 0
  public var status: UInt16 = 0
  /// Whether the reply came by HTTP/2.
  public var isHTTP2 = false
  public var bytesIn: UInt64 = 0
  public var bytesOut: UInt64 = 0

  public init(slot: Int, kind: Kind) {
    self.slot = slot
    self.kind = kind
  }
}

/// What a transport is made for.
public struct TransportSettings: Sendable {
  public var options: AttackOptions
  /// Slots are below this number.
  public var capacity: Int
  /// Most connections.
  public var connections: Int
  /// Most exchanges on one connection, where it can carry several; the server may allow fewer.
  public var streams: Int
  /// Those of the plan's proxy; empty where it has none.
  public var proxyAddresses: [SocketAddress]

  public init(
    options: AttackOptions, capacity: Int, connections: Int, streams: Int = 100, proxyAddresses: [SocketAddress] = []
  ) {
    self.options = options
    self.proxyAddresses = proxyAddresses
    self.capacity = capacity
    self.connections = connections
    self.streams = streams
  }

  /// Makes one for each loop, on the loop's own thread.
  public typealias Maker = @Sendable (TransportSettings) throws(EngineError) -> any Transport
}
