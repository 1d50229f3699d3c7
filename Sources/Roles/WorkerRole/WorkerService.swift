import EventLoop
import Lifecycle
import Log
import Model
import RPC
import RunSession
import Threads
import Wire

/// A worker's life: joins its master, carries out what it is given, and leaves when it is told to.
///
/// `WorkerCourse` decides; this asks it, on one thread, and does what it says. A graceful stop ends the run at hand
/// properly and says goodbye; an abort cuts it off. Records that Kafka has not taken stay in the spool.
final class WorkerService: Service {
  let name = "worker"
  let board = WorkerBoard()
  private let settings: WorkerSettings
  private let publisher: Publisher
  private let log: Logger
  private let inbox = Monitor<[WorkerEvent]>([])
  private let runs = Monitor<[Identifier: AssignedRun]>([:])
  private let result = Monitor<Int32>(0)

  /// - Throws: where the settings can't work: addresses of Kafka that are none.
  init(_ settings: WorkerSettings, log: Logger) throws(RunError) {
    self.settings = settings
    self.log = log
    publisher = try Publisher(settings.publishing)
  }

  /// The process's, once `run` has returned.
  var exitCode: Int32 { result.read { $0 } }

  func run() throws {
    try publisher.start()
    let link = try Link(settings.link) { [inbox] event in inbox.change { $0.append(WorkerEvent(event)) } }
    let hello = settings.link.hello
    log.info(
      "looking for the master", Field("address", "\(settings.link.host):\(settings.link.port)"),
      Field("worker", hello.worker))
    var course = WorkerCourse()
    while true {
      for event in wait(until: course.wake) + [.timer] {
        let now = MonotonicClock.now()
        let actions = course.handle(event, at: now, count(course.job?.incarnation))
        for action in actions {
          if case .leave(let goodbye, let exitCode) = action { return leave(link, goodbye, exitCode) }
          perform(action, link)
        }
      }
      for notice in publisher.takeNotices() { say(notice) }
      board.update(course, publisher.report)
    }
  }

  func stop() { inbox.change { $0.append(.stop) } }

  func abort() {
    publisher.cut()
    inbox.change { $0.append(.abort) }
  }

  /// What has happened; waits for something to happen, for a second at most.
  private func wait(until wake: Instant?) -> [WorkerEvent] {
    let now = MonotonicClock.now()
    let span = min(.seconds(1), max(.zero, wake.map { $0 - now } ?? .seconds(1)))
    let events = inbox.wait(within: .nanoseconds(span.nanoseconds)) { inbox -> [WorkerEvent]? in
      defer { inbox = [] }
      return inbox.isEmpty ? nil : inbox
    }
    return events ?? []
  }

  private func count(_ incarnation: Identifier?) -> RecordCount {
    guard let incarnation else { return RecordCount() }
    let count = publisher.count(of: incarnation)
    return RecordCount(published: UInt64(count.published), kept: UInt64(count.kept))
  }

  private func perform(_ action: WorkerAction, _ link: Link) {
    switch action {
    case .send(let message, let request): link.send(message, request: request)
    case .prepare(let assign): prepare(assign)
    case .start(let incarnation, let start, let allowed):
      session(incarnation)?.start(at: start, until: allowed.until, dueBefore: allowed.dueBefore)
    case .allow(let incarnation, let allowed):
      session(incarnation)?.allow(until: allowed.until, dueBefore: allowed.dueBefore)
    case .stop(let incarnation, .drain): session(incarnation)?.stop()
    case .stop(let incarnation, .abort): session(incarnation)?.abort()
    case .forget(let incarnation):
      runs.change { _ = $0.removeValue(forKey: incarnation) }
      publisher.forget(incarnation)
    case .say(let notice): if notice.isWarning { log.warning(notice.text) } else { log.info(notice.text) }
    case .leave: break
    }
  }

  private func session(_ incarnation: Identifier) -> AssignedRun? { runs.read { $0[incarnation] } }

  private func prepare(_ assign: Assign) {
    do throws(SystemError) {
      try OwnThread(name: "run") { [self] in carryOut(assign) }.detach()
    } catch {
      inbox.change { $0.append(.unfit(assign.grant.incarnation, problem: "\(error)")) }
    }
  }

  /// One run, from its preparation to its last record; on a thread of its own.
  private func carryOut(_ assign: Assign) {
    let incarnation = assign.grant.incarnation
    func tell(_ event: WorkerEvent) { inbox.change { $0.append(event) } }
    let session: AssignedRun
    do {
      session = try AssignedRun(
        try Assignment(assign, sockets: settings.sockets), settings: settings.run, publisher: publisher)
    } catch { return tell(.unfit(incarnation, problem: "\(error)")) }
    runs.change { $0[incarnation] = session }
    tell(.prepared(incarnation, connections: session.connections))
    let report = session.run { [board] record in
      board.count(record)
      tell(.sealed(incarnation, record))
    }
    for (kind, cause) in session.causes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      log.warning("first \(kind.word) error: \(cause)")
    }
    let ending = Ending(
      records: report.records, completed: report.completed, reason: report.reason,
      problem: report.failure.map { "\($0)" } ?? "")
    tell(.ended(incarnation, ending))
  }

  private func leave(_ link: Link, _ goodbye: Goodbye?, _ exitCode: Int32) {
    link.stop(saying: goodbye.map(Message.goodbye))
    let report = publisher.end()
    for notice in publisher.takeNotices() { say(notice) }
    let kept = report.kept + report.earlierKept
    if kept > 0 {
      let reason = report.trouble.map { " (\($0))" } ?? ""
      log.warning("\(kept) records are kept in \(report.spool)\(reason); the next worker with this spool sends them")
    }
    link.join()
    log.info("stopped")
    result.change { $0 = exitCode }
  }

  private func say(_ line: String) {
    let mark = "warning: "
    if line.hasPrefix(mark) { log.warning(String(line.dropFirst(mark.count))) } else { log.info(line) }
  }
}

extension WorkerEvent {
  init(_ event: Link.Event) {
    switch event {
    case .welcomed(let welcome, _): self = .welcomed(welcome)
    case .message(let message, let request, let at): self = .message(message, request: request, at: at)
    case .refused(let refused, let again): self = .refused(refused, again: again)
    case .lost(let reason, let again): self = .lost(reason: reason, again: again)
    }
  }
}
