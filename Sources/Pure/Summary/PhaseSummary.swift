import Measuring
import Model

/// One phase of the run: the warm-up, or a part of the load's shape. A part in which the warm-up ends is two.
public struct PhaseSummary: Sendable, Hashable {
  /// The part's place in the shape, from 0, and its name if it has one.
  public var index: UInt16
  public var name: String
  public var isWarmUp: Bool
  /// Since the run's start: its first second's beginning and its last one's end.
  public var from: TimeSpan
  public var to: TimeSpan
  /// Arrivals that fell due by the plan.
  public var offered: UInt64
  /// Of requests; a request belongs to the warm-up by when it was due, to a part by the second in which it ended.
  public var counts: RequestCounts
  public var response: SecondFigures

  /// Completed requests a second of its time.
  public var rps: Double {
    let seconds = (to - from).inSeconds
    return seconds > 0 ? Double(counts.completed) / seconds : 0
  }
}

/// Puts seconds together to phases.
struct PhaseTally {
  private struct Key: Hashable, Comparable {
    var index: UInt16
    var isWarmUp: Bool

    static func < (a: Key, b: Key) -> Bool {
      a.index != b.index ? a.index < b.index : a.isWarmUp && !b.isWarmUp
    }
  }

  private var phases: [Key: (phase: PhaseSummary, curve: PercentileCurve)] = [:]

  mutating func add(_ second: SecondSummary, _ curve: PercentileCurve) {
    let key = Key(index: second.phase.index, isWarmUp: second.isWarmUp)
    var (phase, sum) =
      phases[key]
      ?? (
        PhaseSummary(
          index: key.index, name: second.phase.name, isWarmUp: key.isWarmUp, from: second.from, to: second.to,
          offered: 0, counts: RequestCounts(), response: SecondFigures()), PercentileCurve()
      )
    phase.from = min(phase.from, second.from)
    // Replies of the warm-up that came after it make it no longer.
    if !second.isWarmUp || second.offered | second.counts.started != 0 { phase.to = max(phase.to, second.to) }
    phase.offered = phase.offered.addingClamped(second.offered)
    phase.counts.add(second.counts)
    sum.merge(curve)
    phases[key] = (phase, sum)
  }

  /// In their order; none where the whole run is one.
  var summaries: [PhaseSummary] {
    if phases.count < 2, phases.keys.first?.isWarmUp != true { return [] }
    return phases.sorted { $0.key < $1.key }.map { entry in
      var phase = entry.value.phase
      phase.response = SecondFigures(entry.value.curve)
      return phase
    }
  }
}
