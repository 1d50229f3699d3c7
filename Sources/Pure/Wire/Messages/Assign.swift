import Model

/// A worker's part of a run: the plan and which of its arrivals or users are this worker's.
public struct Assign: Sendable, Hashable {
  /// The longest plan that fits, in bytes of UTF-8; whoever takes plans refuses longer ones.
  public static let longestPlan = 4_000_000
  /// So many blocks and addresses at most in `allowed`, and in `denied`, each of at most 128 bytes.
  public static let mostTargets = 256

  /// Its horizon is zero: nothing may be sent yet.
  public var grant: Grant
  /// JSON by `plan.schema.json`.
  public var plan: String
  public var slots: [SlotShare]
  /// Count 0 in the open model.
  public var users: UserShare
  /// Which part of what is divided evenly (connections, a bound on requests), from 0.
  public var share: UInt32
  /// Into how many parts.
  public var shares: UInt32
  /// Where the records go in Kafka.
  public var topic: String
  /// Targets' blocks and addresses with port, as `--allow-target` takes them.
  public var allowed: [String]
  public var denied: [String]
  /// The run's.
  public var name: String

  public init(
    grant: Grant, plan: String, slots: [SlotShare], users: UserShare = UserShare(), share: UInt32, of shares: UInt32,
    topic: String, allowed: [String] = [], denied: [String] = [], name: String = ""
  ) {
    self.grant = grant
    self.plan = plan
    self.slots = slots
    self.users = users
    self.share = share
    self.shares = shares
    self.topic = topic
    self.allowed = allowed
    self.denied = denied
    self.name = name
  }

  package static let table = Table(
    "Assign", .message(0x0010),
    initial: {
      let grant = Grant(run: .nobody, incarnation: .nobody, term: 0, epoch: 0, horizon: .zero, lease: .zero)
      return Assign(grant: grant, plan: "", slots: [], share: 0, of: 1, topic: "")
    },
    fields: [
      Field(1, "grant", \Assign.grant, Grant.table.form),
      Field(2, "plan", \.plan, .string(atMost: longestPlan)),
      Field(3, "slots", \.slots, .list(of: SlotShare.table.form, atMost: 1_024)),
      Field(4, "users", \.users, UserShare.table.form),
      Field(5, "share", \.share, .fixed),
      Field(6, "shares", \.shares, .fixed),
      Field(7, "topic", \.topic, .string(atMost: 255)),
      Field(8, "allowed", \.allowed, .list(of: .string(atMost: 128), atMost: mostTargets), in: .tail),
      Field(9, "denied", \.denied, .list(of: .string(atMost: 128), atMost: mostTargets), in: .tail),
      Field(10, "name", \.name, .string(atMost: 512), in: .tail),
    ],
    check: { (assign: Assign) throws(WireError) in
      if assign.share >= assign.shares {
        throw WireError(place: "share", found: "\(assign.share)", expected: "less than shares, \(assign.shares)")
      }
    })
}
