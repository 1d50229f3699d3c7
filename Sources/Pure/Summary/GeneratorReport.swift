import Measuring
import Model

/// The generator's confession: whether the result may tell of this machine instead of the target.
///
/// The run is *generator-limited* when tainted seconds make up 1 % of its active time, or when response time counted
/// from waking differs from response time counted from due, at p50 or p99, by more than 5 % and by more than 0.2 ms.
/// Seconds count by their length, so a last second of 20 ms weighs 20 ms; seconds in which nothing was due, sent or
/// ended (a grace period spent waiting) do not count at all.
public struct GeneratorReport: Sendable, Hashable {
  public var isLimited: Bool
  /// What was found, most seconds first; may be more than none although the run as a whole is not limited.
  public var findings: [Finding]
  /// Seconds with any taint, and all in which anything happened.
  public var taintedSeconds: Int
  public var activeSeconds: Int
  /// woke − intended.
  public var lateness: LatencyFigures
  /// end − woke, and end − intended of the same requests.
  public var fromWoke: LatencyFigures
  public var response: LatencyFigures
  /// In the closed model: the loops had no time left, so more could not have been sent.
  public var isThroughputLimited: Bool

  /// One reason, with what helps.
  public struct Finding: Sendable, Hashable {
    /// What shows that this machine had its part in the figures.
    public enum Cause: Sendable, Hashable {
      /// Seconds with this taint.
      case taint(Taint)
      /// Waking late accounts for a part of the response times.
      case lateWaking
    }

    public var cause: Cause
    /// How many seconds show it; 0 where it is a matter of the whole run.
    public var seconds: Int
    /// One sentence each.
    public var reason: String
    public var advice: String

    /// The word used in JSON.
    public var word: String {
      switch cause {
      case .taint(let taint): taint.rawValue
      case .lateWaking: "late_waking"
      }
    }
  }

  static let share = 0.01

  init(
    isLimited: Bool, findings: [Finding], taintedSeconds: Int, activeSeconds: Int, lateness: LatencyFigures,
    fromWoke: LatencyFigures, response: LatencyFigures, isThroughputLimited: Bool
  ) {
    self.isLimited = isLimited
    self.findings = findings
    self.taintedSeconds = taintedSeconds
    self.activeSeconds = activeSeconds
    self.lateness = lateness
    self.fromWoke = fromWoke
    self.response = response
    self.isThroughputLimited = isThroughputLimited
  }

  public init(description: RunDescription, worker: WorkerHistograms, timeline: [SecondSummary]) {
    lateness = LatencyFigures(accepted: worker.lateness)
    fromWoke = LatencyFigures(accepted: worker.fromWoke)
    response = LatencyFigures(accepted: worker.response)
    let active = timeline.filter { $0.isActive && !$0.isWarmUp }
    let tainted = active.filter { !$0.taints.isEmpty }
    activeSeconds = active.count
    taintedSeconds = tainted.count
    findings = []
    for taint in Taint.allCases {
      let seconds = tainted.count { $0.taints.contains(taint) }
      if seconds > 0 { findings.append(Finding(taint, seconds: seconds, of: active.count, description)) }
    }
    findings.sort { $0.seconds > $1.seconds }
    let whole = GeneratorReport.seconds(active)
    isLimited = !tainted.isEmpty && GeneratorReport.seconds(tainted) >= whole * GeneratorReport.share
    if let (percent, response, woke) = GeneratorReport.gap(worker) {
      isLimited = true
      findings.insert(Finding(percent: percent, response: response, woke: woke, description), at: 0)
    }
    let busy = active.filter { $0.taints.contains(.busyLoop) }
    isThroughputLimited =
      description.isClosed && !busy.isEmpty && GeneratorReport.seconds(busy) >= whole * GeneratorReport.share
  }

  private static func seconds(_ seconds: [SecondSummary]) -> Double {
    seconds.reduce(0) { $0 + max(0, Double($1.to.nanoseconds) - Double($1.from.nanoseconds)) }
  }

  /// The first of p50 and p99 that differs too much, with both figures; nil where neither does.
  private static func gap(_ worker: WorkerHistograms) -> (percent: Int, response: UInt32, woke: UInt32)? {
    for percent in [50, 99] {
      guard let response = worker.response.percentile(Double(percent)),
        let woke = worker.fromWoke.percentile(Double(percent))
      else { continue }
      let difference = Double(response) - Double(woke)
      if abs(difference) > Double(response) * 0.05, abs(difference) > 200 { return (percent, response, woke) }
    }
    return nil
  }
}
