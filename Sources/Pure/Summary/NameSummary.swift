import Measuring
import Model

/// One name's whole run (or all names together): a row of the table.
public struct NameSummary: Sendable, Hashable {
  /// Empty for the row of totals.
  public var name: String
  /// Empty where the plan has no tenants.
  public var tenant: String
  public var counts: RequestCounts
  /// Replies by status code, ascending; 0 stands for codes beyond the room kept.
  public var statuses: [StatusCount]
  /// Failures by kind, ascending.
  public var errors: [ErrorCount]
  /// What the plan's checks said of its replies, in the plan's order; of all names together in the row of totals.
  public var checks: [CheckCount] = []
  /// Why they failed, in words: by kind, the commonest first; one without a text stands for reasons that were folded.
  public var causes: [CauseCount] = []
  /// end − intended, over accepted and given-up requests.
  public var response: LatencyFigures
  /// end − sent, over accepted and given-up requests that were sent.
  public var service: LatencyFigures
  /// end − intended of requests that failed otherwise than by being given up.
  public var failed: LatencyFigures
  /// Of connections opened for the name.
  public var connect: LatencyFigures
  /// first byte − sent.
  public var firstByte: LatencyFigures
  /// Completed requests a second, to the time of the run's last end.
  public var rps: Double
  /// Accepted replies a second, to the time of the run's last end.
  public var throughput: Double

  /// Replies accepted as success: the table's OK.
  public var ok: UInt64 { counts.accepted }
  /// Outcomes that were not accepted: the table's ERR.
  public var err: UInt64 { counts.failed }
  /// Accepted ÷ outcomes, 0…1; nil where there was none.
  public var success: Double? {
    counts.outcomes == 0 ? nil : Double(counts.accepted) / Double(counts.outcomes)
  }
}
