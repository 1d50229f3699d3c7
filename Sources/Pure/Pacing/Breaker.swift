/// A circuit breaker: after so many failures in a row nothing is sent for a while; then one request tries.
///
/// ```
/// closed ──failures in a row──► resting ──the rest is over──► trying ──success──► closed
///                                  ▲                            │
///                                  └──────────failure───────────┘
/// ```
/// Instants are nanoseconds of any clock, 1 or later. All of it is one number, so that those who share one can change it
/// at once or not at all.
public struct Breaker: Sendable, Hashable {
  /// Closed with so many failures in a row (0 or below: their negative), trying, or resting until an instant (above 0).
  public private(set) var word: Int64

  private static let trying = Int64.min

  /// Closed.
  public init() { word = 0 }

  /// - Parameter word: of another one.
  public init(word: Int64) { self.word = word }

  /// Whether a request may be sent now; one that may after a rest is the only one until its outcome is told.
  public mutating func maySend(at now: Int64) -> Bool {
    if word <= 0 { return word != Breaker.trying }
    if now < word { return false }
    word = Breaker.trying
    return true
  }

  /// The request that tries has no outcome that tells anything: the next one that asks tries in its place.
  public mutating func abandonTrial() {
    if word == Breaker.trying { word = 1 }
  }

  /// A request had its outcome. Those that were sent before the rest began tell nothing of its end.
  public mutating func ended(isFailure: Bool, at now: Int64, _ most: Int, rest: Int64) {
    if word > 0 { return }
    if !isFailure {
      word = 0
      return
    }
    if word != Breaker.trying, 1 - word < most {
      word -= 1
      return
    }
    word = now.addingReportingOverflow(max(rest, 1)).overflow ? .max : max(now + max(rest, 1), 1)
  }
}
