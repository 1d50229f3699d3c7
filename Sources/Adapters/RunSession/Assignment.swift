public import Engine
public import Model
public import Pacing

/// One worker's part of a run: the plan, which of its load is sent here, and the name that its records bear.
public struct Assignment: Sendable {
  public var run: Identifier
  /// This worker's life in the run.
  public var incarnation: Identifier
  public var epoch: UInt32
  /// The whole run's, with the rules for targets that apply here.
  public var plan: Plan
  /// The open model's share; one range.
  public var slots: [SlotRange]
  /// The closed model's share; nil in the open one.
  public var users: AttackShare.Users?
  /// Which part of what is divided evenly (connections), from 0, and into how many.
  public var share: Int
  public var shares: Int
  /// Where the records go; nil: the publisher's topic.
  public var topic: String?

  public init(
    run: Identifier, incarnation: Identifier, epoch: UInt32, plan: Plan, slots: [SlotRange], users: AttackShare.Users?,
    share: Int, shares: Int, topic: String? = nil
  ) {
    self.run = run
    self.incarnation = incarnation
    self.epoch = epoch
    self.plan = plan
    self.slots = slots
    self.users = users
    self.share = share
    self.shares = shares
    self.topic = topic
  }

}

extension Assignment {
  /// What the engine is to send.
  ///
  /// - Throws: `RunError` for what this version can't carry out.
  func attackShare() throws(RunError) -> AttackShare {
    guard slots.count == 1, let slots = slots.first else {
      throw RunError("the master assigned \(slots.count) ranges of slots; this version takes one")
    }
    guard shares >= 1, share >= 0, share < shares else {
      throw RunError("the master assigned share \(share) of \(shares)")
    }
    guard case .users(let shape) = plan.load.model else { return AttackShare(slots: slots) }
    let everyone = shape.peakUsers
    guard let users else { throw RunError("the master assigned no users of a plan that has \(everyone)") }
    guard users.stride >= 1, users.first >= 0, users.count >= 1,
      users.first < everyone, users.count - 1 <= (everyone - 1 - users.first) / users.stride
    else {
      throw RunError(
        "the master assigned \(users.count) users from number \(users.first) on, each \(users.stride)th, "
          + "of a plan that has \(everyone)")
    }
    return AttackShare(slots: slots, users: users)
  }

  /// The plan's cap on connections, divided evenly; nil where it has none.
  var connections: Int? {
    plan.options.connections.map { $0 / shares + (share < $0 % shares ? 1 : 0) }
  }
}
