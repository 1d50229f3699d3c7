import Measuring
import Model
import Summary

/// A made-up run: its description, and records that a test fills.
struct MadeRun {
  static let id = Identifier(high: 0x1111_1111_1111_4111, low: 0x8111_1111_1111_1111)

  static func incarnation(_ number: UInt64) -> Identifier {
    Identifier(high: 0x2222_2222_2222_4222, low: 0x8222_2222_2222_0000 | number)
  }

  static func description(
    _ load: Load, names: [String] = ["/"], incarnations: [RunDescription.Incarnation] = [.init(id: incarnation(1))],
    here: Bool = false
  ) throws -> RunDescription {
    let url = try TargetURL(text: "http://127.0.0.1:8080/")
    let plan = Plan(name: "made", targets: names.map { Target(name: $0, url: url) }, load: load)
    return RunDescription(
      plan: plan, run: id, incarnations: incarnations,
      start: .init(secondsSince1970: 1_738_315_800, text: "2025-01-31T09:30:00Z"), loops: 1, cpus: 2,
      pacing: .sleeping, targetIsHere: here, version: "0.1")
  }

  static func open(_ rate: String = "10/s", seconds: Int64 = 3) throws -> Load {
    Load(model: .arrivals(try Rate(text: rate)), duration: .seconds(seconds))
  }

  /// A record of one whole second in which nothing happened.
  static func interval(_ sequence: UInt64, second: UInt32, incarnation number: UInt64 = 1) -> Interval {
    var interval = Interval(
      key: .init(run: id, incarnation: incarnation(number), sequence: sequence), second: second,
      from: .seconds(Int64(second)), to: .seconds(Int64(second) + 1))
    interval.loops = [LoopSecond()]
    interval.host.cpus = 2
    return interval
  }
}

extension NameInterval {
  /// So many accepted replies with these response times; service time is half of each.
  static func accepted(_ name: String, _ times: [UInt32], status: UInt16 = 200) -> NameInterval {
    var interval = NameInterval(name: name)
    let count = UInt64(times.count)
    interval.counts.started = count
    interval.counts.written = count
    interval.counts.answered = count
    interval.counts.completed = count
    interval.counts.accepted = count
    interval.counts.bytesOut = count * 100
    interval.counts.bytesIn = count * 1_000
    if count > 0 { interval.statuses = [StatusCount(status: status, count: count)] }
    for time in times {
      interval.histograms.response.record(time)
      interval.histograms.service.record(time / 2)
      interval.histograms.firstByte.record(time / 4)
    }
    return interval
  }

  /// Adds requests that ended in another way.
  mutating func fail(_ kind: ErrorKind, _ times: [UInt32], status: UInt16? = nil) {
    let count = UInt64(times.count)
    counts.started += count
    if kind != .neverSent { counts.written += count }
    counts.completed += count
    if let status {
      counts.answered += count
      statuses.append(StatusCount(status: status, count: count))
    }
    errors.append(ErrorCount(kind: kind, count: count))
    for time in times {
      if !kind.isCensored {
        histograms.failed.record(time)
      } else {
        histograms.censored.record(time)
        if kind != .neverSent { histograms.censoredService.record(time / 2) }
      }
    }
  }
}

extension Interval {
  /// Puts in the names, and the words of the schedule that fit them.
  mutating func fill(_ names: [NameInterval]) {
    self.names = names
    let started = names.reduce(0) { $0 + $1.counts.started }
    schedule.planned = started
    schedule.started = started
    for name in names {
      worker.response.merge(name.histograms.response)
      worker.fromWoke.merge(name.histograms.response)
    }
    worker.lateness.record(10, times: started)
  }
}
