import EventLoop
import Fleet
import Log
import Measuring
import Model
import RPC
import Summary
import Wire

/// The conductor's thread: takes the mail, asks the fleet's rules what follows, and does it. Nothing here waits but for
/// mail. Confined to its thread.
final class ConductorLoop {
  private var fleet: FleetState
  private let mailbox: Mailbox
  private let hub: Hub
  private let writer: ChangeWriter
  private let audience: any Audience
  private let version: String
  private let log: Logger
  private var plans: [Identifier: Plan]
  private var random = SystemRandomNumberGenerator()
  private var lastTick = Instant(nanoseconds: 0)
  private var shown: [FleetWorker] = []
  private var refusals = RefusalLog()

  /// How long nothing may happen: deadlines are seen that late at most.
  private static let pause = Duration.milliseconds(100)

  init(
    _ fleet: FleetState, mailbox: Mailbox, hub: Hub, writer: ChangeWriter, audience: any Audience,
    plans: [Identifier: Plan], version: String, log: Logger
  ) {
    self.fleet = fleet
    self.mailbox = mailbox
    self.hub = hub
    self.writer = writer
    self.audience = audience
    self.version = version
    self.plans = plans
    self.log = log
  }

  /// Works until the mail says that it is to end.
  ///
  /// - Parameter adopted: what an earlier master left.
  func run(adopted: [AdoptedTest]) {
    for test in adopted {
      let open = test.parts.filter { !$0.state.isEnd }
      if !open.isEmpty, let description = description(of: test.test, open) {
        audience.resumed(test.test.run, description)
      }
    }
    hear(.adopted(adopted))
    while true {
      for mail in mailbox.take(within: Self.pause) {
        switch mail {
        case .hub(let event): hear(event)
        case .submitted(let test, let plan):
          // Submitted while this master started, it may have been read with the others.
          if plans.updateValue(plan, forKey: test.run) != nil { continue }
          hear(.submitted(test))
        case .stop(let run, let kind, let text): hear(.stop(run, kind, text: text))
        case .stored(let number, let isMade): hear(.stored(number, isMade))
        case .end: return
        }
      }
      tick()
    }
  }

  private func tick() {
    let now = MonotonicClock.now()
    if now - lastTick < .milliseconds(50) { return }
    lastTick = now
    hear(.tick)
    let workers = fleet.workerList
    if workers != shown {
      shown = workers
      audience.workersChanged(workers)
    }
  }

  private func hear(_ event: Hub.Event) {
    switch event {
    case .joined(let peer, let hello, let address):
      log.info(
        "worker connected", Field("worker", hello.worker), Field("from", address), Field("host", hello.host.harmless),
        Field("version", hello.version.harmless))
      hear(.joined(peer, hello))
    case .message(let peer, let message, let request, _): hear(.message(peer, message, request: request))
    case .left(let peer, let reason):
      log.info("worker disconnected", Field("peer", peer), Field("reason", reason.harmless))
      hear(.left(peer))
    case .turnedAway(let address, let reason):
      guard let skipped = refusals.admit(at: MonotonicClock.now()) else { return }
      log.warning(
        "connection turned away", Field("from", address), Field("reason", reason.harmless), Field("skipped", skipped))
    }
  }

  private func hear(_ event: FleetEvent) {
    for action in fleet.handle(event, at: MonotonicClock.now(), random: &random) { perform(action) }
  }

  // MARK: what follows

  private func perform(_ action: FleetAction) {
    switch action {
    case .send(let peer, let message, let request): hub.send(message, request: request, to: peer)
    case .drop(let peer, let refused): hub.drop(peer, refused)
    case .store(let number, let change): writer.add(number, change)
    case .began(let test, let parts): began(test, parts)
    case .record(let run, _, let bytes): show(bytes, of: run)
    case .changed(let run): audience.changed(run)
    case .ended(let run):
      plans[run] = nil
      audience.ended(run)
    }
  }

  private func began(_ test: QueuedTest, _ parts: [AdoptedTest.Part]) {
    log.info(
      "test assigned", Field("test", test.run), Field("name", test.name.harmless), Field("workers", parts.count))
    if let description = description(of: test, parts) { audience.began(test.run, description) }
  }

  private func description(of test: QueuedTest, _ parts: [AdoptedTest.Part]) -> RunDescription? {
    guard let plan = plans[test.run] else { return nil }
    let cpus = fleet.workerList.filter { worker in parts.contains { $0.worker == worker.worker } }
      .reduce(0) { $0 + $1.cpus }
    var description = RunDescription(
      plan: plan, run: test.run, incarnations: parts.map { RunDescription.Incarnation(id: $0.incarnation) },
      start: TimeOfDay.start(), loops: 0, cpus: cpus, pacing: .spinning, targetIsHere: false, version: version)
    description.name = test.name
    return description
  }

  /// A worker's second, for those who watch; what is kept comes by Kafka.
  private func show(_ bytes: [UInt8], of run: Identifier) {
    do throws(WireError) {
      guard case .interval(let interval) = try Record.decode(bytes[...]), interval.key.run == run else { return }
      audience.add(run, interval)
    } catch { log.warning("a worker's record can't be read: \(error)", Field("test", run)) }
  }
}

/// Lets so many lines a minute into the log, whatever knocks at the port.
struct RefusalLog {
  private static let most = 20
  private var minute: Int64 = .min
  private var count = 0
  private var skipped = 0

  /// How many were left out since the last; nil where this one is left out too.
  mutating func admit(at now: Instant) -> Int? {
    let current = now.nanoseconds / 60_000_000_000
    if current != minute {
      minute = current
      count = 0
    }
    count += 1
    if count > Self.most {
      skipped += 1
      return nil
    }
    defer { skipped = 0 }
    return skipped
  }
}
