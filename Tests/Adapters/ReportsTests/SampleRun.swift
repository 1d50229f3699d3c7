import Measuring
import Model
import Summary

/// Made-up runs whose reports are held against exact texts.
enum SampleRun {
  static let run = Identifier(high: 0x1111_1111_1111_4111, low: 0x8111_1111_1111_1111)
  static let worker = Identifier(high: 0x2222_2222_2222_4222, low: 0x8222_2222_2222_2222)

  static func description(_ load: Load, targets: [(String, String)], here: Bool = true) throws -> RunDescription {
    let plan = Plan(
      name: "checkout", targets: try targets.map { Target(name: $0.0, url: try TargetURL(text: $0.1)) }, load: load)
    return RunDescription(
      plan: plan, run: run, incarnations: [.init(id: worker)],
      start: .init(secondsSince1970: 1_738_315_800, text: "2025-01-31T09:30:00Z"), loops: 1, cpus: 2,
      pacing: .sleeping, targetIsHere: here, version: "0.1")
  }

  static func interval(_ second: UInt32, _ names: [NameInterval]) -> Interval {
    var interval = Interval(
      key: .init(run: run, incarnation: worker, sequence: UInt64(second) + 1), second: second,
      from: .seconds(Int64(second)), to: .seconds(Int64(second) + 1))
    var loop = LoopSecond()
    loop.connections = 4
    loop.inFlight = 1
    interval.loops = [loop]
    interval.host.cpus = 2
    interval.names = names
    let started = names.reduce(0) { $0 + $1.counts.started }
    interval.schedule.planned = started
    interval.schedule.started = started
    interval.worker.lateness.record(12, times: started)
    for name in names {
      interval.worker.response.merge(name.histograms.response)
      interval.worker.fromWoke.merge(name.histograms.response)
    }
    return interval
  }

  /// `count` accepted replies; the k-th takes k × `step` µs.
  static func name(_ name: String, count: UInt32, step: UInt32) -> NameInterval {
    var interval = NameInterval(name: name)
    let number = UInt64(count)
    interval.counts.started = number
    interval.counts.written = number
    interval.counts.answered = number
    interval.counts.completed = number
    interval.counts.accepted = number
    interval.counts.bytesOut = number * 80
    interval.counts.bytesIn = number * 1_234
    if count > 0 { interval.statuses = [StatusCount(status: 200, count: number)] }
    for k in 0..<count {
      let time = (k + 1) * step
      interval.histograms.response.record(time)
      interval.histograms.service.record(time - time / 10)
      interval.histograms.firstByte.record(time / 2)
    }
    return interval
  }

  static func fail(_ name: inout NameInterval, _ kind: ErrorKind, _ times: [UInt32], status: UInt16? = nil) {
    let count = UInt64(times.count)
    name.counts.started += count
    name.counts.written += count
    name.counts.completed += count
    if let status {
      name.counts.answered += count
      name.statuses.append(StatusCount(status: status, count: count))
    }
    name.errors.append(ErrorCount(kind: kind, count: count))
    for time in times {
      if kind.isCensored {
        name.histograms.censored.record(time)
        name.histograms.censoredService.record(time)
      } else {
        name.histograms.failed.record(time)
      }
    }
  }

  static func summary(_ description: RunDescription, _ intervals: [Interval], _ reason: EndReason? = .planEnded)
    -> RunSummary
  {
    var builder = SummaryBuilder(description)
    for (place, interval) in intervals.enumerated() {
      var interval = interval
      if let reason, place == intervals.count - 1 {
        interval.final = .init(records: UInt64(intervals.count), reason: reason)
      }
      builder.add(interval)
    }
    return builder.summary()
  }

  /// Open model, two names, some failures of three kinds.
  static func mixed() throws -> RunSummary {
    let load = Load(model: .arrivals(try Rate(text: "100/s")), duration: .seconds(2))
    let description = try description(
      load, targets: [("browse", "http://127.0.0.1:8080/items?page=1"), ("pay", "http://127.0.0.1:8080/pay")])
    var first = name("pay", count: 18, step: 2_000)
    fail(&first, .status, [900, 1_100], status: 503)
    var second = name("pay", count: 17, step: 2_500)
    fail(&second, .timeout, [1_200_000])
    fail(&second, .reset, [5_000, 6_000])
    second.histograms.connect.record(350, times: 4)
    return summary(
      description,
      [
        interval(0, [name("browse", count: 80, step: 100), first]),
        interval(1, [name("browse", count: 80, step: 110), second]),
      ])
  }

  /// Closed model, one name, all well.
  static func closed() throws -> RunSummary {
    let description = try description(
      Load(model: .users(50), duration: .seconds(1)), targets: [("/", "http://shop.example/")], here: false)
    return summary(description, [interval(0, [name("/", count: 12_012, step: 1)])])
  }
}
