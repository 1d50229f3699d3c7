import EventLoop
import HTTP1

/// One connection and the request on it: plain data in an array that never moves, named by its slot.
struct Connection {
  enum State: UInt8 {
    case free
    /// The TCP handshake is under way.
    case connecting
    /// The TLS handshake is under way.
    case handshaking
    /// Ready, with nothing to send.
    case idle
    /// Part of the request is still to be written.
    case sending
    /// The reply is awaited or being read.
    case receiving
    /// A transport carries the exchange.
    case foreign
  }

  var state = State.free
  /// Whether its slot is on a deadline list.
  var isTimed = false
  /// Whether it is watched for readiness to write only so that its turn comes again at once.
  var isPressed = false
  /// Which of the origin's addresses it tries, and how many it has tried.
  var address: UInt8 = 0
  var attempts: UInt8 = 0
  /// Whether an address was tried and said no, rather than that this machine could not try it.
  var wasRefused = false
  var origin: UInt16 = 0
  var timeoutClass: UInt16 = 0
  var descriptor: Int32 = -1
  /// Raised at each close, so that a stale event is recognised.
  var generation: UInt32 = 0
  /// Requests completed on it.
  var served: UInt32 = 0
  /// The user it belongs to; −1 where connections belong to nobody.
  var user: Int32 = -1
  /// Neighbours on the idle list or on a deadline list.
  var next: Int32 = -1
  var previous: Int32 = -1
  /// The next connection of the same user.
  var nextOfUser: Int32 = -1
  var deadline: Int64 = 0
  var decoder = ReplyDecoder()
  var request = Request()
  /// Bytes of the request written so far.
  var written = 0
  var bytesIn: UInt64 = 0
  /// A whole request that was written for this time and that the kernel's buffer did not take whole.
  var rest: UnsafeMutablePointer<UInt8>?
  var restCount = 0
  /// When connecting began, and when the reply's first byte was there (0: not yet).
  var opened: Int64 = 0
  var firstByte: Int64 = 0
  var sent: Int64 = 0
  /// A partial line of a head, waiting for its rest.
  var stash: UnsafeMutablePointer<UInt8>?
  var stashed: Int32 = 0
  var session: TLSSession?
  /// Whether the reply's bytes are kept, and what came of them before the piece that is being read.
  var keeps = false
  var kept = KeptBytes()
}

/// One request that was taken up: what is sent, and the instants it already has.
struct Request {
  /// Index into the compiled targets.
  var target: UInt32 = 0
  /// Whose it is; −1 for an arrival's without a user.
  var user: Int32 = -1
  /// The redirects that led here, −1 where none did; and where they did.
  var chain: Int32 = -1
  var origin: UInt16 = 0
  /// When it was due, and when a loop took it up; nanoseconds of the monotonic clock.
  var intended: Int64 = 0
  var woke: Int64 = 0
  /// Whether it lost a connection once already, and when it was sent on that one.
  var resent = false
  /// Whether it is a further try of a response, whose first request was sent at `firstSent`.
  var isRetry = false
  /// Of an arrival without a user the lower half of its number.
  var arrival: UInt32 = 0
  var firstSent: Int64 = 0
}
