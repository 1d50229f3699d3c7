/// How much load, and until when.
public struct Load: Sendable, Hashable {
  /// Where the load comes from.
  public enum Model: Sendable, Hashable {
    /// Open: arrivals fall due by the clock, whatever the target does.
    case arrivals(Shape)
    /// Closed: so many users, each sending its next request when the last one has ended.
    case users(Shape)

    /// The same rate all the time.
    public static func arrivals(_ rate: Rate) -> Model { .arrivals(Shape(rate)) }
    /// So many users all the time.
    public static func users(_ count: Int) -> Model { .users(Shape(users: count)) }
  }

  public var model: Model
  /// Of arrivals; the closed model has none.
  public var spacing = Spacing.even
  /// Nothing becomes due after this; nil only where `requests` bounds the run.
  public var duration: TimeSpan?
  /// The most requests (open: arrivals) that become due; nil = no such bound.
  public var requests: UInt64?
  /// The most iterations of one user; nil = no such bound.
  public var iterations: UInt64?
  /// The most requests a second of one user, and of all together (closed model); nil = no such limit.
  public var userLimit: Rate?
  public var limit: Rate?
  /// The first part of the run, whose figures are kept apart; zero for none.
  public var warmUp = TimeSpan.zero

  public init(model: Model, duration: TimeSpan?, requests: UInt64? = nil) {
    self.model = model
    self.duration = duration
    self.requests = requests
  }
}
