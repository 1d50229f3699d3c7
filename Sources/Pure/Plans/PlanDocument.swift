import JSONScan
import Model

/// What a plan file, a target list or a URL says, before flags are put over it.
public struct PlanDocument: Sendable, Hashable {
  /// How it was written.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    case yaml, json, url
    /// Vegeta's two forms of targets.
    case vegetaText = "targets"
    case vegetaJSON = "JSON targets"
  }

  public var format: Format
  /// Never empty.
  public var name: String
  /// Never empty.
  public var targets: [Target]
  /// The load as far as it was said.
  public var load: LoadChoice
  public var options: AttackOptions
  public var seed: UInt64
  /// What is worth saying though the plan can be run.
  public var warnings: [Diagnostic]

  public init(format: Format, name: String, targets: [Target], warnings: [Diagnostic] = []) {
    self.format = format
    self.name = name
    self.targets = targets
    self.warnings = warnings
    load = LoadChoice()
    options = AttackOptions()
    seed = 1
  }

  /// A plan that can be run, and what of its load nobody asked for (`50/s`, `10s`).
  public struct Resolved: Sendable, Hashable {
    public let plan: Plan
    public let assumed: [String]
  }

  /// Puts the flags over the document.
  ///
  /// - Throws: `PlanError` where two flags contradict each other, or a name can't be one.
  public func resolved(with flags: PlanOverrides) throws(PlanError) -> Resolved {
    let resolved: LoadChoice.Resolved
    do throws(LoadChoice.Conflict) { resolved = try LoadChoice.resolve(plan: load, flags: flags.load) } catch {
      throw PlanError(file: "", error.description)
    }
    if let name = flags.name, !TargetText.isRunName(name) {
      throw PlanError(file: "--name", "found '\(Node.cut(name))', expected \(TargetText.runNameExpected)")
    }
    var plan = Plan(
      name: flags.name ?? name, targets: targets, load: resolved.load, options: flags.applied(to: options),
      seed: flags.seed ?? seed)
    for index in plan.targets.indices { flags.apply(to: &plan.targets[index], isURL: format == .url) }
    return Resolved(plan: plan, assumed: resolved.assumed)
  }
}
