import JSONScan
import Model

/// What a plan file, a target list or a URL says, before flags are put over it.
public struct PlanDocument: Sendable, Hashable {
  /// How it was written.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    case yaml, json, toml, url
    /// Vegeta's two forms of targets.
    case vegetaText = "targets"
    case vegetaJSON = "JSON targets"
  }

  public var format: Format
  /// Never empty.
  public var name: String
  /// Never empty; those of steps, setup and teardown among them.
  public var targets: [Target]
  /// Empty: each target is sent by its weight.
  public private(set) var scenarios: [Scenario] = []
  public private(set) var setup: [Step] = []
  public private(set) var teardown: [Step] = []
  public private(set) var variables: [String] = []
  public internal(set) var lists: [ValueList] = []
  public internal(set) var feeds: [DataFeed] = []
  public internal(set) var thresholds: [Threshold] = []
  /// The load as far as it was said.
  public var load: LoadChoice
  public var options: AttackOptions
  public var seed: UInt64
  /// The seed of a plan that names none.
  public static let defaultSeed: UInt64 = 1
  /// What is worth saying though the plan can be run.
  public var warnings: [Diagnostic]
  /// What is worth saying besides where a master's workers run it.
  public internal(set) var fleetWarnings: [Diagnostic] = []

  public init(format: Format, name: String, targets: [Target], warnings: [Diagnostic] = []) {
    self.format = format
    self.name = name
    self.targets = targets
    self.warnings = warnings
    load = LoadChoice()
    options = AttackOptions()
    seed = PlanDocument.defaultSeed
  }

  mutating func take(_ journey: JourneyReader) {
    targets = journey.targets
    scenarios = journey.scenarios
    setup = journey.setup
    teardown = journey.teardown
    variables = journey.scope.variables
  }

  /// A plan that can be run, and what of its load nobody asked for (`50/s`, `10s`).
  public struct Resolved: Sendable, Hashable {
    public let plan: Plan
    public let assumed: [String]
    /// What is worth saying beside the document's own warnings.
    public let warnings: [Diagnostic]
  }

  /// Puts the flags over the document.
  ///
  /// - Throws: `PlanError` where two flags contradict each other, or a name can't be one.
  public func resolved(with flags: PlanOverrides) throws(PlanError) -> Resolved {
    let resolved: LoadChoice.Resolved
    do throws(LoadChoice.Conflict) { resolved = try LoadChoice.resolve(plan: load, flags: flags.load) } catch {
      throw error.error
    }
    if let name = flags.name, !TargetText.isRunName(name) {
      throw PlanError(file: "--name", "found '\(Node.cut(name))', expected \(TargetText.runNameExpected)")
    }
    var plan = Plan(
      name: flags.name ?? name, targets: targets, load: resolved.load, options: flags.applied(to: options),
      seed: flags.seed ?? seed)
    plan.scenarios = scenarios
    plan.setup = setup
    plan.teardown = teardown
    plan.variables = variables
    plan.lists = lists
    plan.feeds = feeds
    plan.thresholds = thresholds
    if let conflict = plan.options.transport.conflict { throw PlanError(file: "", conflict) }
    for index in plan.targets.indices { flags.apply(to: &plan.targets[index], isURL: format == .url) }
    try FlagTemplates(flags).apply(to: &plan)
    for threshold in flags.thresholds {
      do throws(ValueError) { try threshold.check(among: plan.targets.map(\.name)) } catch {
        throw PlanError(file: "--threshold", "\(error)")
      }
      plan.thresholds.append(threshold)
    }
    // What is sent by weight as it stands needs no users; anything more does.
    if plan.targets.contains(where: \.isScripted) { plan.makeScenarios() }
    let warning = PlanDocument.idleThink(plan, flags)
    return Resolved(plan: plan, assumed: resolved.assumed, warnings: warning.map { [$0] } ?? [])
  }

  /// A think time without two requests of one user to stand between.
  private static func idleThink(_ plan: Plan, _ flags: PlanOverrides) -> Diagnostic? {
    guard case .arrivals = plan.load.model, plan.options.think != nil, plan.setup.isEmpty, plan.teardown.isEmpty,
      plan.scenarios.allSatisfy({ $0.steps.count == 1 && $0.steps[0].repeats == 1 })
    else { return nil }
    return Diagnostic(
      file: flags.think == nil ? "think_time" : "--think-time", place: nil, field: "",
      message: "changes nothing: each arrival of a rate sends one request; for pauses between them give users instead",
      isWarning: true)
  }
}
