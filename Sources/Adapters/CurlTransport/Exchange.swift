import CCurl
import Model

/// One slot's exchange: plain data that never moves, for libcurl's callbacks have its address.
struct Exchange {
  /// The transport that it belongs to, which outlives it.
  let owner: Unmanaged<CurlTransport>
  let slot: Int
  let handle: UnsafeMutableRawPointer
  /// Where libcurl writes what went wrong.
  let errorText: UnsafeMutablePointer<CChar>
  /// Whether libcurl has it.
  var isUnderWay = false
  /// Raised at each begin and cancel, so that a stale event is recognised.
  var ticket: UInt32 = 0
  /// The target that the handle's options are those of; −1: of one exchange only, −2: of none yet.
  var setFor = -2
  var origin = 0
  var isIdempotent = false
  /// Whether it was sent twice already.
  var wasSentAgain = false
  /// Whether it may only use a connection that is there, and whether it found none (`setJoining`).
  var joins = false
  var mustOpen = false
  var waitsToJoin = false
  /// What the handle points into, where it serves one exchange only.
  var ownCall: PreparedCall?

  var opened: Int64 = 0
  var sent: Int64 = 0
  var firstByte: Int64 = 0
  /// When a callback last brought something.
  var last: Int64 = 0
  var watch = HeadWatch()
  /// Why it was ended from this side, and the error number of a socket that could not be made.
  var ending: Ending?
  var systemError: Int32 = 0
  /// Why no address may be tried; nil as soon as one was.
  var denial: String?
  var wasTried = false

  var mostHead = 0
  var mostBody = 0
  /// The same where the status is not an expected one.
  var mostOnFailure = 0
  var expected: ClosedRange<UInt16> = 200...399
  var head = KeptBytes()
  var body = KeptBytes()
  /// Why the last exchange failed, in words.
  var cause = ""

  enum Ending: Equatable {
    /// The lease ended before the first byte was written.
    case late
    /// A connection was lost, and the request may not be sent once more.
    case lost
    case head(HeadWatch.Fault)
  }

  /// Forgets what the last exchange left.
  mutating func clear() {
    ticket &+= 1
    (opened, sent, firstByte, last) = (0, 0, 0, 0)
    watch = HeadWatch()
    ending = nil
    systemError = 0
    if denial != nil { denial = nil }
    wasTried = false
    head.clear()
    body.clear()
    wasSentAgain = false
    mustOpen = false
    waitsToJoin = false
    errorText[0] = 0
  }
}
