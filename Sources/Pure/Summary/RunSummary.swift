import Measuring
import Model

/// The one result of a run, which the terminal, files, the REST interface and verdicts all share.
public struct RunSummary: Sendable, Hashable {
  public var description: RunDescription
  /// Why sending ended; nil where no worker ever said so.
  public var endReason: EndReason?
  /// Why the result is not complete; empty where it is.
  public var incompleteness: [Incompleteness]
  /// How long arrivals fell due.
  public var planTime: TimeSpan
  /// From the run's start to the last outcome (to the end of its record, where records do not state the instant).
  public var timeToLastEnd: TimeSpan
  /// Planned arrivals a second of the plan's time; nil in the closed model.
  public var rateOffered: Double?
  public var counts: RunCounts
  /// All names together.
  public var totals: NameSummary
  /// The plan's targets first, in their order, then all others by name.
  public var names: [NameSummary]
  /// By scenario; empty where the plan has none.
  public var iterations: [IterationSummary] = []
  /// In their order; empty where the whole run is one.
  public var phases: [PhaseSummary] = []
  /// Nil where nothing was due in a warm-up.
  public var warmUp: WarmUpSummary?
  /// What the plan's thresholds came to, in its order.
  public var thresholds: [ThresholdResult] = []
  public var generator: GeneratorReport
  /// Ascending.
  public var timeline: [SecondSummary]

  /// Every record is here and every sum holds.
  public var isComplete: Bool { incompleteness.isEmpty }

  public var verdict: ExitVerdict {
    ExitVerdict(
      endReason: endReason, isComplete: isComplete, accepted: totals.counts.accepted,
      holdsThresholds: thresholds.allSatisfy(\.passed))
  }

  /// The sums that every result shows.
  public var equations: [Equation] { counts.equations }
}
