/// A circuit breaker: after so many failures in a row nothing is sent for a while; then one request tries.
///
/// ```
/// closed ──failures in a row──► resting ──the rest is over──► trying ──success──► closed
///                                  ▲                            │
///                                  └──────────failure───────────┘
/// ```
/// Instants are nanoseconds of any clock. Plain data.
public struct Breaker: Sendable, Hashable {
  private var failures = 0
  /// Until when nothing is sent; 0 where it is closed.
  private var restsUntil: Int64 = 0
  private var isTrying = false

  public init() {}

  /// Whether a request may be sent now; one that may after a rest is the only one until its outcome is told.
  public mutating func maySend(at now: Int64) -> Bool {
    if restsUntil == 0 { return true }
    if isTrying || now < restsUntil { return false }
    isTrying = true
    return true
  }

  /// The request that tries has no outcome that tells anything: the next one that asks tries in its place.
  public mutating func abandonTrial() { isTrying = false }

  /// A request had its outcome. Those that were sent before the rest began tell nothing of its end.
  public mutating func ended(isFailure: Bool, at now: Int64, _ most: Int, rest: Int64) {
    if restsUntil != 0 && !isTrying { return }
    if !isFailure {
      self = Breaker()
      return
    }
    failures += 1
    if isTrying || failures >= most {
      restsUntil = now.addingReportingOverflow(max(rest, 1)).overflow ? .max : max(now + max(rest, 1), 1)
      isTrying = false
      failures = 0
    }
  }
}
