import Measuring
import Model
import PostgresIO
import Summary
import TestSupport
import Wire

/// A database of its own with the schema in it, and ways to look into it.
final class Bench {
  let server: PostgresServer
  let url: String
  let database: Database

  init() throws {
    server = try PostgresServer.shared.get()
    url = try server.database()
    database = try Database(PostgresAddress(url), application: "test")
    try database.migrate()
  }

  /// A store on a connection of its own.
  func store(cluster: String = "c1", topic: String = "results") throws -> RecordStore {
    try RecordStore(Database(PostgresAddress(url), application: "store"), clusterID: cluster, topic: topic)
  }

  /// The first value of the first row, as text.
  func value(_ statement: String, _ values: PostgresValue...) throws -> String? {
    try database.run(statement, values, action: "ask").value
  }

  /// Three seconds of a worker, as records of a partition.
  func records(of run: Identifier, incarnation: Identifier) -> [StoredRecord] {
    var source = SplitMix(seed: 3)
    var worker = MadeWorker(run: run, seconds: 3, &source)
    for place in worker.intervals.indices { worker.intervals[place].key.incarnation = incarnation }
    return worker.intervals.records()
  }

  func rows(_ statement: String) throws -> [[String?]] { try database.run(statement, action: "ask").rows }
}

/// Records of one life of a worker, made at random: the sum of what it did is known.
struct MadeWorker {
  let run: Identifier
  let incarnation: Identifier
  var intervals: [Interval] = []

  init(run: Identifier, seconds: Int, names: [String] = ["GET /", "GET /a"], _ source: inout SplitMix) {
    self.run = run
    incarnation = Identifier(random: &source)
    for second in 0..<seconds {
      var interval = Interval(
        key: .init(run: run, incarnation: incarnation, sequence: UInt64(second + 1)), second: UInt32(second),
        from: .seconds(Int64(second)), to: .seconds(Int64(second + 1)))
      var loop = LoopSecond()
      loop.takenUpTo = .max
      interval.loops = [loop]
      interval.phase = .init(index: 0, name: "steady", isWarmUp: second == 0)
      for name in names where second == 0 || !source.next().isMultiple(of: 4) {
        interval.names.append(.made(name, &source))
      }
      let done = interval.names.reduce(UInt64(0)) { $0 + $1.counts.completed }
      interval.schedule.planned = done
      interval.schedule.started = done
      interval.worker.lateness.record(12, times: done)
      interval.iterations = [IterationInterval(name: "Buying"), IterationInterval(name: "ä")]
      interval.iterations[second % 2].started = UInt64(second) + 3
      interval.iterations[second % 2].completed = UInt64(second) + 1
      interval.iterations[second % 2].failed = 1
      interval.iterations[second % 2].cut = 1
      interval.iterations[second % 2].duration.record(UInt32(second) * 1_000 + 77, times: UInt64(second) + 1)
      if second == seconds - 1 { interval.final = .init(records: UInt64(seconds), reason: .planEnded) }
      intervals.append(interval)
    }
  }
}

extension MadeWorker {
  /// What it says of its run: a warm-up of a second, and three thresholds.
  func description() throws -> (description: RunDescription, record: RunRecord) {
    let target = Target(name: "GET /", url: try TargetURL(text: "http://127.0.0.1:80/"))
    var plan = Plan(name: "shop", targets: [target], load: Load(model: .users(3), duration: .seconds(25)))
    plan.load.warmUp = .seconds(1)
    plan.thresholds = [
      Threshold(
        text: "p90<1s", name: nil, measure: .percentile(millionths: 900_000), comparison: .below, bound: 1_000_000),
      Threshold(text: "GET /:errors<1%", name: "GET /", measure: .errors, comparison: .below, bound: 10_000),
      Threshold(text: "checks>=99%", name: nil, measure: .checks, comparison: .atLeast, bound: 990_000),
    ]
    let description = RunDescription(
      plan: plan, run: run, incarnations: [.init(id: incarnation)], start: .init(secondsSince1970: 0, text: ""),
      loops: 1, cpus: 1, pacing: .sleeping, targetIsHere: false, version: "test")
    let record = RunRecord(
      run: run, incarnation: incarnation, name: "shop", version: "test",
      description: String(decoding: description.json, as: UTF8.self))
    return (description, record)
  }
}

extension NameInterval {
  static func made(_ name: String, _ source: inout SplitMix) -> NameInterval {
    var made = NameInterval(name: name)
    let accepted = UInt64.random(in: 1...50, using: &source)
    let failed = UInt64.random(in: 0...3, using: &source)
    let timedOut = UInt64.random(in: 0...1, using: &source)
    made.counts.started = accepted + failed + timedOut
    made.counts.written = made.counts.started
    made.counts.answered = accepted + failed
    made.counts.completed = made.counts.started
    made.counts.accepted = accepted
    made.counts.bytesIn = accepted * 100
    let (redirected, retried) = (accepted % 3, accepted % 2)
    made.counts.redirected = redirected
    made.counts.retried = retried
    made.counts.started += redirected + retried
    made.counts.completed += redirected + retried
    made.checks = [
      CheckCount(name: "status", passed: accepted, failed: failed), CheckCount(name: "\"total\"", passed: accepted),
    ]
    made.statuses = [StatusCount(status: 200, count: accepted)]
    if failed > 0 { made.statuses.append(StatusCount(status: 503, count: failed)) }
    if failed > 0 { made.errors.append(ErrorCount(kind: .status, count: failed)) }
    if timedOut > 0 { made.errors.insert(ErrorCount(kind: .timeout, count: timedOut), at: 0) }
    // One in words, one whose words were folded.
    if failed > 0 { made.causes = [CauseCount(kind: .status, text: "status 503", count: failed)] }
    if timedOut > 0 { made.causes.append(CauseCount(kind: .timeout, text: "", count: timedOut)) }
    made.custom = [CustomCount(key: 7, value: Int64(failed) - 2)]
    for _ in 0..<accepted {
      let time = UInt32.random(in: 100...(1 << UInt32.random(in: 8...22, using: &source)), using: &source)
      made.histograms.response.record(time)
      made.histograms.service.record(time - 50)
    }
    made.histograms.failed.record(40, times: failed)
    made.histograms.censored.record(1_000_000, times: timedOut)
    return made
  }
}

extension [Interval] {
  /// As records of a partition, from an offset on.
  func records(from offset: Int64 = 0) -> [StoredRecord] {
    enumerated().map {
      StoredRecord(offset: offset + Int64($0.offset), key: [1], value: IntervalCodec.encode($0.element))
    }
  }
}
