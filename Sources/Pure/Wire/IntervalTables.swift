import Measuring
import Model

/// The field tables of `records.schema`; a test compares the two.
package enum IntervalTables {
  /// A worker's second: the message itself.
  package static let interval = Table(
    "IntervalRecord", .message(0x0101), initial: { Interval.blank },
    fields: [
      Field(1, "run", \Interval.key.run, .uuid),
      Field(2, "incarnation", \.key.incarnation, .uuid),
      Field(3, "sequence", \.key.sequence, .varint),
      Field(4, "epoch", \.epoch, .fixed),
      Field(5, "second", \.second, .fixed),
      Field(6, "from", \.from, .instant),
      Field(7, "to", \.to, .instant),
      Field(8, "phase", \.phase, phase.form),
      Field(9, "loops", \.loops, .list(of: loop.form)),
      Field(10, "host", \.host, host.form),
      Field(11, "schedule", \.schedule, schedule.form),
      Field(12, "worker", \.worker, worker.form),
      Field(13, "names", \.names, .list(of: name.form)),
      Field(14, "final", \.final, .optional(final.form), in: .tail),
      Field(15, "iterations", \.iterations, .list(of: iteration.form), in: .tail, since: 2),
    ],
    check: { (interval: Interval) throws(WireError) in
      if interval.key.sequence == 0 { throw WireError(place: "sequence", found: "0", expected: "1 or more") }
      if interval.from > interval.to {
        throw WireError(place: "to", found: "\(interval.to)", expected: "at least from, \(interval.from)")
      }
    })

  /// Which part of the plan a second belongs to.
  package static let phase = Table(
    "Phase", .plain, initial: { Interval.Phase() },
    fields: [
      Field(1, "index", \Interval.Phase.index, .fixed),
      Field(2, "name", \.name, .string),
      Field(3, "isWarmUp", \.isWarmUp, .bool),
    ])

  /// What an incarnation's last record adds.
  package static let final = Table(
    "Final", .block, initial: { Interval.Final(records: 0, reason: .failed) },
    fields: [
      Field(1, "records", \Interval.Final.records, .varint),
      Field(2, "reason", \.reason, .enumeration("EndReason")),
      Field(3, "completed", \.completed, .optional(.varint), in: .tail),
    ])

  /// How one loop fared; later fields stand in its tail.
  package static let loop = Table(
    "LoopSecond", .block, initial: { LoopSecond() },
    fields: [
      Field(1, "loop", \LoopSecond.loop, .fixed),
      Field(2, "busy", \.busy, .duration),
      Field(3, "spinning", \.spinning, .duration),
      Field(4, "longestTurn", \.longestTurn, .duration),
      Field(5, "late", \.late, .count),
      Field(6, "takenUpTo", \.takenUpTo, .varint),
      Field(7, "inFlight", \.inFlight, .fixed),
      Field(8, "connections", \.connections, .fixed),
      Field(9, "waiting", \.waiting, .fixed),
      Field(10, "users", \.users, .fixed),
      Field(11, "opened", \.opened, .fixed),
      Field(12, "folded", \.folded, .count),
      Field(13, "leniencies", \.leniencies, .count),
      Field(14, "capped", \.capped, .count, in: .tail),
      Field(15, "lastEnd", \.lastEnd, .instant, in: .tail),
      Field(20, "http2", \.http2, .count, in: .tail, since: 2),
    ])

  /// What the host took away.
  package static let host = Table(
    "HostSecond", .block, initial: { HostSecond() },
    fields: [
      Field(1, "cpus", \HostSecond.cpus, .fixed),
      Field(2, "steal", \.steal, .duration),
      Field(3, "throttled", \.throttled, .duration),
      Field(4, "cpu", \.cpu, .duration),
      Field(5, "memory", \.memory, .varint),
    ])

  /// The words of the first equation.
  package static let schedule = Table(
    "ScheduleCounts", .plain, initial: { ScheduleCounts() },
    fields: [
      Field(1, "planned", \ScheduleCounts.planned, .count),
      Field(2, "started", \.started, .count),
      Field(3, "unsent", \.unsent, .count),
      Field(4, "gap", \.gap, .count),
    ])

  /// The histograms that judge the generator; empty ones are left out.
  package static let worker = Table(
    "WorkerHistograms", .block, initial: { WorkerHistograms() },
    fields: [
      Field(1, "lateness", \WorkerHistograms.lateness, .histogram, in: .tail),
      Field(2, "fromWoke", \.fromWoke, .histogram, in: .tail),
      Field(3, "response", \.response, .histogram, in: .tail),
    ])
}

extension Interval {
  /// What a reader fills in.
  fileprivate static var blank: Interval {
    let nobody = Identifier(high: 0, low: 0)
    return Interval(key: Key(run: nobody, incarnation: nobody, sequence: 0), second: 0, from: .zero, to: .zero)
  }
}
