public import Pacing

/// Which part of a plan's load an attack sends: all of it, or one worker's share of a run.
public struct AttackShare: Sendable, Hashable {
  /// Virtual users `first`, `first + stride`, … , `count` of them, by their numbers in the run.
  public struct Users: Sendable, Hashable {
    public var first: Int
    /// 1 or more.
    public var stride: Int
    public var count: Int

    public init(first: Int, stride: Int, count: Int) {
      self.first = first
      self.stride = stride
      self.count = count
    }
  }

  /// Of the open model's arrivals.
  public var slots: SlotRange
  /// Of the closed model's users; nil takes all.
  public var users: Users?

  public init(slots: SlotRange, users: Users? = nil) {
    self.slots = slots
    self.users = users
  }

  /// All of the plan.
  public static let whole = AttackShare(slots: SlotRange(share: 0, of: 1))

  /// The most loops that the share can be dealt out to.
  public var mostLoops: Int { slots.parts }
}
