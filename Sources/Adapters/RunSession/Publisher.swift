import KafkaIO
import Records
import Threads

/// The thread that sends what spools hold and takes away what Kafka has.
///
/// It yields to the loops, and so do librdkafka's threads, which it starts. Any thread may call.
final class Publisher: Sendable {
  struct State {
    var report: PublishReport
    var notices: [String] = []
    /// Set when the run has ended: nothing is added any more.
    var deadline: ContinuousClock.Instant?
    /// Whether the run's last record is in the spool.
    var hasLast = false
    var hasStarted = false
    var hasEnded = false
  }

  let settings: PublishSettings
  let own: Spool
  let state: Monitor<State>

  init(_ settings: PublishSettings, own: Spool) {
    self.settings = settings
    self.own = own
    state = Monitor(State(report: PublishReport(topic: settings.topic, spool: settings.spool)))
  }

  func start() throws(SystemError) {
    try OwnThread(name: "publish", niceness: 10) { [self] in
      var sending = Sending(self)
      sending.work()
      state.change { $0.hasEnded = true }
    }.detach()
    state.change { $0.hasStarted = true }
  }

  func hasLast() { state.change { $0.hasLast = true } }

  /// A record could not be kept.
  func lost() { state.change { $0.report.lost += 1 } }

  func say(_ line: String) { state.change { $0.notices.append(line) } }

  func takeNotices() -> [String] {
    state.read { state in
      defer { state.notices = [] }
      return state.notices
    }
  }

  /// Waits until Kafka has everything, at most for the settings' time and what one call of librdkafka takes.
  func end() -> PublishReport {
    state.change { $0.deadline = $0.deadline ?? .now + settings.patience }
    _ = state.wait(within: settings.patience + .seconds(5)) { $0.hasEnded || !$0.hasStarted ? true : nil }
    var report = state.read { $0.report }
    report.kept = own.waiting.count
    return report
  }

  func cut() { state.change { $0.deadline = .now } }
}
