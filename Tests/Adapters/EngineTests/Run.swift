import CurlTransport
import EventLoop
import Measuring
import Model
import TestSupport
import Testing

@testable import Engine

/// An attack carried out to its end, with all that it reported.
struct Run {
  var schedule = ScheduleCounts()
  var requests = RequestCounts()
  var errors: [ErrorKind: UInt64] = [:]
  var statuses: [UInt16: UInt64] = [:]
  var histograms = NameHistograms()
  var worker = WorkerHistograms()
  var names: [String: NameInterval] = [:]
  var iterations: [String: IterationInterval] = [:]
  var reason = EndReason.planEnded
  var causes: [ErrorKind: String] = [:]
  /// Failing exchanges that were kept, and failures by reason.
  var kept: [FailedExchange] = []
  var reasons: [String: UInt64] = [:]
  /// Requests kept one by one, and those that found no room.
  var samples: [Sample] = []
  var missedSamples: UInt64 = 0
  /// The loops' own count of completed requests, kept apart from the intervals.
  var completedByLoops: UInt64 = 0
  var opened = 0
  var folded: UInt64 = 0
  var leniencies: UInt64 = 0
  /// Replies by HTTP/2.
  var http2: UInt64 = 0
  var intervals: [Interval] = []
  /// From the first arrival to the end of the last interval, as the loops say.
  var length = TimeSpan.zero

  /// Sends the plan and collects every second of it.
  ///
  /// - Parameters:
  ///   - startIn: how long before the first arrival the loops are started; may be negative.
  ///   - resolve: what the names' addresses are.
  ///   - beforeLoops: called once all is prepared, before a loop runs.
  ///   - limit: called with the start just before a loop runs, to say what is allowed.
  ///   - meanwhile: called on this thread once the loops run, before their figures are collected.
  ///   - onSecond: called on this thread with each second.
  init(
    _ plan: Plan, share: AttackShare = .whole, loops: Int = 1, spins: Bool = false, connections: Int = 200,
    startIn: TimeSpan = .milliseconds(2), maxLate: TimeSpan? = nil,
    resolve: @escaping @Sendable (Origin) -> AddressBook.Entry = AddressBook.look,
    beforeLoops: () -> Void = {}, limit: (Attack, Instant) -> Void = { _, _ in },
    meanwhile: (Attack) -> Void = { _ in },
    onSecond: (Attack, Interval) -> Void = { _, _ in }
  ) throws {
    // As a run chooses: libcurl only where the plan asks for it.
    let isCurl = plan.options.transport.carrier == .curl
    let attack = try Attack(
      plan: plan, userAgent: "test", share: share, transport: isCurl ? Run.curl : nil,
      resolve: plan.options.transport.unixSocket == nil ? resolve : AddressBook.none)
    var settings = EngineSettings(loops: loops, spins: spins, connections: connections)
    settings.maxLate = maxLate
    try attack.start(settings) {
      beforeLoops()
      let start = MonotonicClock.now() + startIn
      limit(attack, start)
      return start
    }
    meanwhile(attack)
    while let (interval, _, reason) = attack.next() {
      add(interval)
      kept += attack.takeFailures()
      attack.takeSamples { samples += $0 }
      onSecond(attack, interval)
      self.reason = reason
    }
    causes = attack.causes
    completedByLoops = attack.completed
    attack.takeSamples { samples += $0 }
    missedSamples = attack.missedSamples
  }

  private static let curl: TransportSettings.Maker = { (settings) throws(EngineError) in
    try CurlTransport(settings)
  }

  private mutating func add(_ interval: Interval) {
    intervals.append(interval)
    schedule.add(interval.schedule)
    length = max(length, interval.to)
    worker.lateness.merge(interval.worker.lateness)
    worker.fromWoke.merge(interval.worker.fromWoke)
    worker.response.merge(interval.worker.response)
    for loop in interval.loops {
      opened += Int(loop.opened)
      folded += loop.folded
      leniencies += loop.leniencies
      http2 += loop.http2
    }
    for iteration in interval.iterations {
      var sum = iterations[iteration.name] ?? IterationInterval(name: iteration.name)
      sum.started += iteration.started
      sum.completed += iteration.completed
      sum.failed += iteration.failed
      sum.cut += iteration.cut
      sum.duration.merge(iteration.duration)
      iterations[iteration.name] = sum
    }
    for name in interval.names {
      requests.add(name.counts)
      histograms.merge(name.histograms)
      names[name.name, default: NameInterval(name: name.name)].counts.add(name.counts)
      names[name.name]?.histograms.merge(name.histograms)
      for cause in name.causes { reasons[cause.kind.word + " " + cause.text, default: 0] += cause.count }
      for error in name.errors { errors[error.kind, default: 0] += error.count }
      for status in name.statuses { statuses[status.status, default: 0] += status.count }
    }
  }

  /// The sums that must hold whatever happened.
  ///
  /// - Parameter count: requests that the target counted itself; nil where it could not tell.
  func check(target count: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    func expect(_ holds: Bool, _ what: String) {
      #expect(holds, "\(what)", sourceLocation: sourceLocation)
    }
    expect(
      schedule.planned == schedule.started + schedule.unsent + schedule.gap,
      "planned \(schedule.planned) = started \(schedule.started) + unsent \(schedule.unsent) + gap \(schedule.gap)")
    expect(
      requests.started - schedule.started == requests.retried + requests.redirected,
      "arrivals \(schedule.started) = requests \(requests.started) but for \(requests.retried) further tries")
    expect(
      requests.started == requests.completed,
      "started \(requests.started) = completed \(requests.completed)")
    expect(
      completedByLoops == requests.completed, "loops' \(completedByLoops) = intervals' \(requests.completed)")
    let failed = errors.values.reduce(0, +)
    expect(
      requests.completed == requests.accepted + failed + requests.retried + requests.redirected,
      "completed \(requests.completed) = accepted \(requests.accepted) + failed \(failed) + \(requests.retried) retried"
    )
    expect(requests.answered == statuses.values.reduce(0, +), "answered \(requests.answered) = statuses \(statuses)")
    // A try that was followed by another may have been answered or not.
    let replies =
      requests.accepted + requests.redirected
      + [.status, .check, .capture, .redirect].reduce(0) { $0 + errors($1) }
    expect(
      requests.answered >= replies && requests.answered <= replies + requests.retried,
      "answered \(requests.answered) = accepted \(requests.accepted) + what failed of \(errors)")
    checkHistograms(expect)
    expect(http2 <= requests.answered, "by HTTP/2 \(http2) ≤ answered \(requests.answered)")
    for (name, sum) in iterations {
      expect(sum.started == sum.completed + sum.failed + sum.cut, "iterations of \(name): \(sum)")
      expect(sum.duration.count == sum.completed, "durations of \(name)")
    }
    if let count {
      expect(
        requests.answered <= UInt64(count) && UInt64(count) <= requests.written,
        "answered \(requests.answered) ≤ target's \(count) ≤ written \(requests.written)")
    }
    for interval in intervals { expect(interval.from <= interval.to, "\(interval.from) ≤ \(interval.to)") }
  }

  private func checkHistograms(_ expect: (Bool, String) -> Void) {
    let censored = errors.reduce(UInt64(0)) { $1.key.isCensored ? $0 + $1.value : $0 }
    let failed = errors.values.reduce(0, +) - censored
    expect(
      histograms.response.count == requests.accepted, "response \(histograms.response.count) = \(requests.accepted)")
    expect(histograms.service.count == requests.accepted, "service \(histograms.service.count)")
    expect(histograms.firstByte.count == requests.answered, "first byte \(histograms.firstByte.count)")
    expect(histograms.failed.count == failed, "failed \(histograms.failed.count) = \(failed)")
    expect(
      histograms.censored.count == censored + schedule.unsent,
      "censored \(histograms.censored.count) = \(censored) + unsent \(schedule.unsent)")
    let responses = requests.completed - requests.retried - requests.redirected
    expect(worker.lateness.count == schedule.started, "lateness \(worker.lateness.count) = \(schedule.started)")
    expect(worker.response.count == responses, "worker's response \(worker.response.count)")
    expect(worker.fromWoke.count == responses, "from woke \(worker.fromWoke.count)")
  }

  func errors(_ kind: ErrorKind) -> UInt64 { errors[kind] ?? 0 }
}
