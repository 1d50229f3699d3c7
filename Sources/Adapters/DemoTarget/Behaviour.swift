import Model

/// How a request is to be answered, as its query or the target's script says:
/// `?delay=20ms&jitter=5ms&errors=2%:503&size=64KiB`.
struct Behaviour: Equatable, Sendable {
  /// 200…599; nil leaves it to the path.
  var status: Int?
  /// Before the reply begins, up to `longestDelay`.
  var delay = TimeSpan.zero
  /// Further, evenly drawn from 0 to this.
  var jitter = TimeSpan.zero
  /// Nothing is answered for the last so long of each so long.
  var stall: Stall?
  /// A share that is answered with another status.
  var errors: ErrorShare?
  /// A share whose connection is broken off.
  var reset: Percentage?
  /// Bytes of the body, up to `largest`; nil leaves it to the path.
  var size: Int?
  /// The body in chunks, without a length.
  var isChunked = false
  /// Bytes of the body a second; nil is as fast as the client takes them.
  var slow: Int?

  struct Stall: Equatable, Sendable {
    var length: TimeSpan
    var every: TimeSpan
  }

  struct ErrorShare: Equatable, Sendable {
    var share: Percentage
    var status: Int
  }

  static let longestDelay = TimeSpan.seconds(60)
  static let longestPeriod = TimeSpan.seconds(3600)
  static let longestBody = TimeSpan.seconds(600)
  static let largest = 104_857_600

  /// Whether it asks for nothing.
  var isPlain: Bool { self == Behaviour() }

  /// What becomes of one request.
  struct Decision: Equatable, Sendable {
    /// Nil: the path's own.
    var status: Int?
    /// From the request to the reply's beginning.
    var wait: TimeSpan
    var isReset: Bool
  }

  /// - Parameters:
  ///   - draw: 64 evenly distributed bits of this request's own.
  ///   - elapsed: since the target's first request.
  func decide(draw: UInt64, elapsed: TimeSpan) -> Decision {
    var wait = delay
    if jitter > .zero {
      let drawn = Behaviour.mix(draw ^ 1).multipliedFullWidth(by: UInt64(jitter.nanoseconds) + 1).high
      wait = wait + TimeSpan(nanoseconds: Int64(drawn))
    }
    if let stall {
      let into = TimeSpan(nanoseconds: (elapsed + wait).nanoseconds % stall.every.nanoseconds)
      if into >= stall.every - stall.length { wait = wait + (stall.every - into) }
    }
    let isReset = reset.map { Behaviour.falls(Behaviour.mix(draw ^ 2), into: $0) } ?? false
    let error = errors.flatMap { Behaviour.falls(Behaviour.mix(draw ^ 3), into: $0.share) ? $0.status : nil }
    return Decision(status: error ?? status, wait: wait, isReset: isReset)
  }

  private static func falls(_ draw: UInt64, into share: Percentage) -> Bool {
    draw.multipliedFullWidth(by: 1_000_000_000).high < UInt64(share.billionths)
  }

  /// The finalizer of SplitMix64.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
