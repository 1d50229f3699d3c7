public import Model
public import Summary

/// Judges a run by its plan's thresholds, on measured figures alone: the warm-up is in none of them.
///
/// A figure that is known only from below is taken as it would be if every request that was given up had taken for
/// ever, where that is the worse for the target; so a threshold never holds because of what is not known.
public enum Verdicts {
  /// What each threshold came to, in their order.
  public static func judge(_ thresholds: [Threshold], _ builder: SummaryBuilder) -> [ThresholdResult] {
    thresholds.map { threshold in
      guard let figures = builder.measured(threshold.name) else {
        return ThresholdResult(
          text: threshold.text, passed: false, found: "", reason: "no request is named '\(threshold.name ?? "")'")
      }
      return Judgement(threshold, figures).result
    }
  }
}

extension SummaryBuilder {
  /// The result of what was added so far, judged by the thresholds of the run's description.
  public func judged() -> RunSummary {
    var summary = summary()
    summary.thresholds = Verdicts.judge(description.thresholds, self)
    return summary
  }
}
