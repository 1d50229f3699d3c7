import Measuring
import Model

/// Why the figures of a second may be the generator's and not the target's.
public enum Taint: String, Sendable, Hashable, CaseIterable, Comparable {
  /// More than 1 % of the second's arrivals were taken up more than 1 ms after they were due.
  case lateArrivals = "late_arrivals"
  /// A loop worked for more than 90 % of the second (spinning is not working).
  case busyLoop = "busy_loop"
  /// One turn of a loop took longer than 5 ms.
  case longTurn = "long_turn"
  /// Other guests took more than 1 % of the CPU time of this machine's CPUs.
  case steal
  /// The process was held back for more than 1 % of the second: by its quota, or by others on its CPUs.
  case throttled
  /// No local port was free, or none of those that may be used was left for a connection that was wanted.
  case ports = "no_ports"
  /// No descriptor or memory was free, or no descriptor was left for a connection that was wanted.
  case descriptors = "no_descriptors"

  private var order: Int { Taint.allCases.firstIndex(of: self) ?? 0 }

  public static func < (a: Taint, b: Taint) -> Bool { a.order < b.order }
}

extension Taint {
  static let longestTurn = TimeSpan.milliseconds(5)
  static let shortestJudged = TimeSpan.milliseconds(100)

  /// What taints one worker's second. Shares are of the record's own length, so that a last second of 200 ms is
  /// judged like a whole one; of one shorter than 100 ms they would tell nothing, since a single turn fills it.
  ///
  /// - Parameter shortage: what kept the cap on connections below what the plan would have had. Requests that waited
  ///   for a connection then waited for this machine, not for the target.
  public static func found(in interval: Interval, shortage: RunDescription.Shortage? = nil) -> Set<Taint> {
    var found: Set<Taint> = []
    let length = Double(interval.to.nanoseconds) - Double(interval.from.nanoseconds)
    let isJudged = length >= Double(shortestJudged.nanoseconds)
    let late = interval.loops.reduce(UInt64(0)) { $0.addingClamped($1.late) }
    let taken = arrivals(of: interval)
    if late > 0, Double(late) > Double(taken) * 0.01 { found.insert(.lateArrivals) }
    for loop in interval.loops {
      if isJudged, Double(loop.busy.nanoseconds) > length * 0.9 { found.insert(.busyLoop) }
      if loop.longestTurn > longestTurn { found.insert(.longTurn) }
    }
    let cpus = Double(max(interval.host.cpus, 1))
    if isJudged, Double(interval.host.steal.nanoseconds) > length * cpus * 0.01 { found.insert(.steal) }
    if isJudged, Double(interval.host.throttled.nanoseconds) > length * 0.01 { found.insert(.throttled) }
    for error in interval.names.flatMap(\.errors) where error.count > 0 {
      if error.kind == .ports { found.insert(.ports) }
      if error.kind == .descriptors { found.insert(.descriptors) }
    }
    if interval.loops.contains(where: { $0.capped > 0 }) {
      switch shortage {
      case .descriptors: found.insert(.descriptors)
      case .ports: found.insert(.ports)
      case nil: break
      }
    }
    return found
  }

  /// Arrivals taken up in the second; where only requests are counted (later steps of users), those.
  private static func arrivals(of interval: Interval) -> UInt64 {
    max(interval.schedule.started, interval.worker.lateness.count)
  }
}
