import Model

/// What bounds users besides their number, as somebody gave it. What is nil was not said.
public struct LoadLimits: Sendable, Hashable {
  public var iterations: UInt64?
  /// Of one user, and of all together.
  public var userLimit: Rate?
  public var limit: Rate?
  public var warmUp: TimeSpan?
  /// Where the warm-up stands in a plan.
  var warmUpSpot: PlanSpot?

  public init() {}

  /// These, and what only `other` says.
  public func over(_ other: LoadLimits) -> LoadLimits {
    var limits = self
    limits.iterations = iterations ?? other.iterations
    limits.userLimit = userLimit ?? other.userLimit
    limits.limit = limit ?? other.limit
    limits.warmUp = warmUp ?? other.warmUp
    limits.warmUpSpot = warmUp == nil ? other.warmUpSpot : warmUpSpot
    return limits
  }

  /// The first that only users have, under the name that a plan or a flag gives it; nil where there is none.
  var ofUsers: (word: String, flag: String)? {
    if userLimit != nil { return ("rps", "--rps") }
    if limit != nil { return ("max_rate", "--max-rate") }
    if iterations != nil { return ("iterations", "--iterations") }
    return nil
  }
}
