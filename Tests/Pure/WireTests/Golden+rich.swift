import Measuring
import Model

extension Golden {
  /// A second with every field in use, each with a value of its own.
  static var richInterval: Interval {
    let key = Interval.Key(
      run: Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF),
      incarnation: Identifier(high: 0xFEDC_BA98_7654_4210, low: 0x8123_4567_89AB_CDEF), sequence: 300)
    var rich = Interval(key: key, second: 299, from: .seconds(299), to: .seconds(300))
    rich.epoch = 2
    rich.phase = Interval.Phase(index: 1, name: "Aufwärmen", isWarmUp: true)
    rich.loops = [loop(0), loop(1)]
    rich.host.cpus = 2
    rich.host.steal = .milliseconds(3)
    rich.host.throttled = .microseconds(40)
    rich.host.cpu = .milliseconds(1_234)
    rich.host.memory = 87_654_321
    rich.schedule.planned = 1_000
    rich.schedule.started = 990
    rich.schedule.unsent = 7
    rich.schedule.gap = 3
    rich.worker.lateness = histogram(from: 1, step: 3, values: 20)
    rich.worker.fromWoke = histogram(from: 500, step: 777, values: 12)
    rich.worker.response = histogram(from: 501, step: 778, values: 12)
    rich.names = [name("GET /", tenant: "", seed: 1), name("POST /orders \"x\"", tenant: "acme", seed: 2)]
    return rich
  }

  static func loop(_ number: UInt16) -> LoopSecond {
    let factor = Int64(number) + 1
    var loop = LoopSecond()
    loop.loop = number
    loop.busy = .milliseconds(321 * factor)
    loop.spinning = .milliseconds(100 * factor)
    loop.longestTurn = .microseconds(1_234 * factor)
    loop.late = UInt64(5 * factor)
    loop.takenUpTo = UInt64(299_000 + factor)
    loop.inFlight = UInt32(6 * factor)
    loop.connections = UInt32(10 * factor)
    loop.waiting = UInt32(2 * factor)
    loop.users = UInt32(25 * factor)
    loop.opened = UInt32(3 * factor)
    loop.folded = UInt64(factor)
    loop.leniencies = UInt64(4 * factor)
    loop.capped = UInt64(13 * (factor - 1))
    loop.lastEnd = .milliseconds(299_900 + 7 * factor)
    return loop
  }

  private static func name(_ text: String, tenant: String, seed: UInt32) -> NameInterval {
    let factor = UInt64(seed)
    var name = NameInterval(name: text, tenant: tenant)
    name.counts.started = 500 * factor
    name.counts.written = 499 * factor
    name.counts.answered = 480 * factor
    name.counts.completed = 490 * factor
    name.counts.accepted = 470 * factor
    name.counts.resent = factor
    name.counts.bytesOut = 50_000 * factor
    name.counts.bytesIn = 5_000_000 * factor
    name.statuses = [StatusCount(status: 200, count: 470 * factor), StatusCount(status: 503, count: 10 * factor)]
    name.errors = [ErrorCount(kind: .timeout, count: 8 * factor), ErrorCount(kind: .status, count: 10 * factor)]
    name.histograms.response = histogram(from: 900 * seed, step: 1_111, values: 15)
    name.histograms.service = histogram(from: 800 * seed, step: 1_001, values: 15)
    name.histograms.failed = histogram(from: 100 * seed, step: 10, values: 4)
    name.histograms.censored = histogram(from: 30_000_000 * seed, step: 1_000_000, values: 3)
    name.histograms.censoredService = histogram(from: 29_000_000 * seed, step: 1_000_000, values: 3)
    name.histograms.connect = histogram(from: 60 * seed, step: 0, values: 3)
    name.histograms.firstByte = histogram(from: 700 * seed, step: 900, values: 14)
    name.custom = [CustomCount(key: 1, value: 12_345), CustomCount(key: 65_535, value: -7)]
    name.topUsers = [UserCount(user: 17, failures: 4, cost: 900), UserCount(user: 1 << 40, failures: 1, cost: -1)]
    return name
  }

  private static func histogram(from first: UInt32, step: UInt32, values: UInt32) -> Histogram {
    var histogram = Histogram()
    for index in 0..<values { histogram.record(first + index * step, times: UInt64(index % 3) + 1) }
    return histogram
  }
}
