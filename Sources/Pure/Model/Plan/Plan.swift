/// What to attack and how much: the value that every plan file, target list and flag is read into.
///
/// Everything in it has been checked: an engine can run any `Plan` without further questions.
public struct Plan: Sendable, Hashable {
  /// The run's name, for folders and tables; never empty.
  public var name: String
  /// Every request that can be sent, those of steps, setup and teardown among them; never empty. Hosts, names and the
  /// target policy are read from here.
  public var targets: [Target]
  /// What users do in an iteration, by weight. Empty: each target is a scenario of its own, by the target's weight.
  public var scenarios: [Scenario] = []
  /// Sent once by each user, before its first iteration; a sign-in is one of them.
  public var setup: [Step] = []
  /// Sent once by each user that was set up, at its end, also after a stop.
  public var teardown: [Step] = []
  /// Names of what captures find; templates know them by their index.
  public var variables: [String] = []
  public var lists: [ValueList] = []
  public var feeds: [DataFeed] = []
  /// What the result must hold; broken ones set the exit code.
  public var thresholds: [Threshold] = []
  /// How much is sent, and for how long.
  public var load: Load
  public var options: AttackOptions
  /// Seed of everything that is drawn. The same plan with the same seed sends the same things.
  public var seed: UInt64

  public init(name: String, targets: [Target], load: Load, options: AttackOptions = AttackOptions(), seed: UInt64 = 1) {
    self.name = name
    self.targets = targets
    self.load = load
    self.options = options
    self.seed = seed
  }
}
