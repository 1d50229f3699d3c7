import Model

/// What a plan can say and an engine of this version can't do yet: such a plan is refused before the run rather than
/// run as something less. Whoever teaches the engine a word takes its line out of here.
public enum EngineGaps {
  /// - Throws: `PlanError` with one line for each such word.
  public static func refuse(_ plan: Plan) throws(PlanError) {
    let gaps: [(isUsed: Bool, word: String)] = [
      (plan.load.spacing != .even, "spacing: poisson (--spacing)")
    ]
    let words = gaps.filter(\.isUsed).map(\.word)
    if words.isEmpty { return }
    throw PlanError(file: "", "this plan can be checked, but not run in this version: \(words.joined(separator: "; "))")
  }
}
