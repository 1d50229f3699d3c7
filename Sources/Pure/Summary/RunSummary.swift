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
  public var generator: GeneratorReport
  /// Ascending.
  public var timeline: [SecondSummary]

  /// Every record is here and every sum holds.
  public var isComplete: Bool { incompleteness.isEmpty }

  public var verdict: ExitVerdict {
    ExitVerdict(endReason: endReason, isComplete: isComplete, accepted: totals.counts.accepted)
  }

  /// The three sums that every result shows.
  public var equations: [Equation] { counts.equations }
}
