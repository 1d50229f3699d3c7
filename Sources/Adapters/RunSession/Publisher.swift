import KafkaIO
import Measuring
public import Model
import Records
import Threads

/// The thread that sends what spools hold and takes away what Kafka has: for one run, or for all runs of a process.
///
/// It yields to the loops, and so do librdkafka's threads, which it starts. Any thread may call.
public final class Publisher: Sendable {
  /// One run of this process.
  struct Own {
    let spool: Spool
    var published = 0
    var lost = 0
    /// Whether its last record is in the spool.
    var hasLast = false
  }

  struct State {
    var report: PublishReport
    var notices: [String] = []
    /// Runs of this process, by incarnation.
    var own: [Identifier: Own] = [:]
    /// Those that the thread has not seen yet.
    var added: [Identifier] = []
    /// Set at the end: nothing is added any more.
    var deadline: ContinuousClock.Instant?
    var hasStarted = false
    var hasEnded = false
  }

  /// What became of one run's records.
  public struct Count: Sendable, Equatable {
    /// Safe in Kafka.
    public var published = 0
    /// In the spool.
    public var kept = 0
    /// Neither: they could not be kept.
    public var lost = 0
  }

  let settings: PublishSettings
  let state: Monitor<State>

  /// Asks no broker.
  ///
  /// - Throws: where the brokers' addresses are none.
  public init(_ settings: PublishSettings) throws(RunError) {
    do throws(KafkaError) { try Producer.check(servers: settings.servers) } catch {
      throw RunError("\(error)", isUsage: true)
    }
    self.settings = settings
    state = Monitor(State(report: PublishReport(topic: settings.topic, spool: settings.spool)))
  }

  /// Begins to send: first what earlier processes left in the spool.
  public func start() throws(RunError) {
    do {
      try OwnThread(name: "publish", niceness: 10) { [self] in
        var sending = Sending(self)
        sending.work()
        state.change { $0.hasEnded = true }
      }.detach()
    } catch { throw RunError("records can't be published: \(error)") }
    state.change { $0.hasStarted = true }
  }

  /// Sends what is in the spool and what will be put into it.
  func take(_ spool: Spool) {
    state.change { state in
      state.own[spool.incarnation] = Own(spool: spool)
      state.added.append(spool.incarnation)
    }
  }

  /// The run's last record is in the spool.
  func hasLast(_ incarnation: Identifier) { state.change { $0.own[incarnation]?.hasLast = true } }

  /// A record could not be kept.
  func lost(_ incarnation: Identifier) {
    state.change { state in
      state.own[incarnation]?.lost += 1
      state.report.lost += 1
    }
  }

  func say(_ line: String) { state.change { $0.notices.append(line) } }

  /// Lines worth saying and not said yet.
  public func takeNotices() -> [String] {
    state.read { state in
      defer { state.notices = [] }
      return state.notices
    }
  }

  /// Of one run of this process; zeros for others.
  public func count(of incarnation: Identifier) -> Count {
    let own = state.read { $0.own[incarnation] }
    return own.map { Count(published: $0.published, kept: $0.spool.waiting.count, lost: $0.lost) } ?? Count()
  }

  /// Nobody will ask for this run's count any more. What is left of it is still sent.
  public func forget(_ incarnation: Identifier) {
    state.change { state in
      guard let own = state.own[incarnation], own.hasLast, own.spool.waiting.isEmpty else { return }
      state.own[incarnation] = nil
    }
  }

  /// What became of everything so far. `earlierKept` is known at the end only.
  public var report: PublishReport {
    state.read { state in
      var report = state.report
      report.kept = state.own.values.reduce(0) { $0 + $1.spool.waiting.count }
      return report
    }
  }

  /// Waits until Kafka has everything, at most for the settings' time and what one call of librdkafka takes.
  public func end() -> PublishReport {
    state.change { $0.deadline = $0.deadline ?? .now + settings.patience }
    _ = state.wait(within: settings.patience + .seconds(5)) { $0.hasEnded || !$0.hasStarted ? true : nil }
    return report
  }

  /// `end` waits no more.
  public func cut() { state.change { $0.deadline = .now } }
}
