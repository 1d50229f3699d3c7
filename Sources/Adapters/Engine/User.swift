import Scripting

/// A virtual user: it has one request at a time, and sends the next when that has ended.
struct User {
  /// What a user that pauses does then.
  enum Errand: UInt8 {
    /// It asks its course what is next, as of `intended`.
    case goOn
    /// It sends the step that its course has next, due at `intended`.
    case send
    /// It was not there, and comes.
    case come
    /// It sends its request, which failed, once more.
    case again
  }

  /// The first of its connections (one for each origin it has talked to); −1 for none.
  var connection: Int32 = -1
  /// How many there are.
  var open: Int32 = 0
  var isBusy = false
  /// Whether it was given an arrival and has not begun its iteration yet (open model).
  var hasArrival = false
  /// Whether it has its token of the overall limit already.
  var hasToken = false
  var errand = Errand.goOn
  /// Behind it in an origin's queue, or in the pool.
  var next: Int32 = -1
  var request = Request()
  /// Where one request is all that there is to an iteration: requests begun so far. It says what is sent next.
  var iteration: UInt64 = 0
  var course = Course()
  /// What its draws are made from: its number in the run, or its arrival's.
  var number: UInt64 = 0
  /// When its next request is due, and when its last one was.
  var intended: Int64 = 0
  var lastIntended: Int64 = .min
  /// When the loop took its arrival up; 0 where that is told by when the request is.
  var woke: Int64 = 0
  /// Its iteration's arrival, or its first *intended*.
  var begun: Int64 = 0
  /// The step before, whose pause is due; −1 for none.
  var lastStep: Int32 = -1
  /// What its request draws from besides its number, and when it was first written, in milliseconds since 1970 (0: not yet).
  var drawIteration: UInt64 = 0
  var run: UInt64 = 0
  var epochms: Int64 = 0
  /// Feeds' rows and captured values; nil where it has none.
  var memory: UnsafeMutableRawPointer?
  /// Its cookies; nil where it has none.
  var jar: UnsafeMutableRawPointer?
  /// Whether what set-up captured is kept already.
  var isKept = false
  /// Whether its set-up has taken the feeds' rows of the first iteration, which is not begun yet.
  var hasRows = false
  /// Of its last response; 0 where that got no reply.
  var status: UInt16 = 0
  /// Where users come and go: from when on it begins nothing more.
  var leaves: Int64 = .max
  /// Further tries of its request so far.
  var tries = 0
  /// Iterations begun, in the open model arrivals that it was given; and iterations that users before it began in its
  /// place, where users come and go.
  var begins: UInt64 = 0
  var earlier: UInt64 = 0
}
