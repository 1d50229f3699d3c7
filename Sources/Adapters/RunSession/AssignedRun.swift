import CLinux
import Engine
import EventLoop
public import Measuring
public import Model
import Summary
import Synchronization
import Threads
import Wire

/// A worker's part of a run, from its preparation to its final record.
///
/// It begins when it is told to and sends what it is allowed to; its records go to the publisher and nowhere else.
/// `run` blocks the thread that calls it: give it one of its own. Every other member may be called from any thread,
/// before, during and after.
public final class AssignedRun: Sendable {
  private let assignment: Assignment
  private let settings: RunSettings
  private let attack: Attack
  private let publication: Publication
  private let choice: LoopChoice
  /// How many connections it can hold open.
  public let connections: Int
  private let shortage: RunDescription.Shortage?
  private let cpus: Int
  private let order = Monitor<Order>(.none)
  private let last = Atomic<UInt64>(0)

  /// What it was told to do.
  private enum Order {
    case none
    case start(Instant)
    case never(EndReason)
  }

  /// Arrivals that are overdue by more when the run begins here are not sent: they would only be a burst.
  static let maxLate = TimeSpan.seconds(1)

  /// Checks what can be checked without sending anything: renders the requests, resolves the names, makes the spool's
  /// folder. Blocks meanwhile.
  public init(_ assignment: Assignment, settings: RunSettings, publisher: Publisher) throws(RunError) {
    var plan = assignment.plan
    // A worker has no run directory to keep exchanges in; why requests fail is in its records.
    plan.options.failures.most = 0
    plan.options.samples.oneIn = 0
    let share = try assignment.attackShare()
    self.assignment = assignment
    self.settings = settings
    do {
      attack = try Attack(plan: plan, userAgent: settings.userAgent, share: share, transport: plan.transport)
    } catch { throw RunError(error) }
    let host = Host()
    cpus = host.cpus
    choice = LoopChoice(
      load: plan.load, options: plan.options, share: share, cpus: cpus, wholeCPUs: host.wholeCPUs,
      targetIsHere: attack.isTargetLocal, cores: settings.cores, spin: settings.spin)
    let limits = Limits.raise()
    shortage = limits.shortage(
      of: plan, users: share.users?.count, asked: assignment.connections, addresses: attack.addressCount)
    connections = try limits.connections(
      of: plan, users: share.users?.count, asked: assignment.connections, addresses: attack.addressCount)
    let key = Interval.Key(run: assignment.run, incarnation: assignment.incarnation, sequence: 0)
    publication = try Publication(publisher, key: key, topic: assignment.topic)
  }

  /// Begins at the instant, of this machine's clock: it may lie ahead or in the past. Only the first call counts.
  ///
  /// - Parameters:
  ///   - end: nothing is sent from then on, unless `allow` says otherwise in time.
  ///   - horizon: what is due from then on waits until `allow` moves it on.
  public func start(at start: Instant, until end: Instant, dueBefore horizon: Instant) {
    attack.allow(until: end, dueBefore: horizon)
    order.change { order in
      if case .none = order { order = .start(start) }
    }
  }

  /// Lets it send until then, what is due before the horizon; instants earlier than those given before change nothing.
  public func allow(until end: Instant, dueBefore horizon: Instant) {
    attack.allow(until: end, dueBefore: horizon)
  }

  /// Nothing more becomes due; replies are awaited for the grace period. Before the start: nothing is sent at all.
  public func stop() {
    attack.stop()
    giveUp(.stopped)
  }

  /// What is in flight is cut off now. Before the start: nothing is sent at all.
  public func abort() {
    attack.abort()
    giveUp(.aborted)
  }

  private func giveUp(_ reason: EndReason) {
    order.change { order in
      if case .none = order { order = .never(reason) }
    }
  }

  /// Records so far.
  public var sealed: UInt64 { last.load(ordering: .relaxed) }

  /// The first cause seen of each kind of failure, in words.
  public var causes: [ErrorKind: String] { attack.causes }

  /// What became of it.
  public struct Report: Sendable {
    /// The final record's number.
    public var records: UInt64
    /// Requests, by the loops' own count.
    public var completed: UInt64
    public var reason: EndReason
    /// What went wrong; the records tell what was measured all the same.
    public var failure: RunError?
  }

  /// Waits for the start, sends the load and keeps its records for Kafka, until the final one is kept. Does not wait
  /// for Kafka.
  ///
  /// - Parameter onRecord: called on this thread with each record's frame, once that is kept.
  public func run(onRecord: ([UInt8]) -> Void) -> Report {
    let order = self.order.wait { order -> Order? in
      if case .none = order { return nil }
      return order
    }
    var recorder = Recorder(self)
    switch order {
    case .start(let start): return carryOut(from: start, &recorder, onRecord)
    case .never(let reason):
      recorder.begin(at: MonotonicClock.now())
      recorder.endWithoutStart(reason, onRecord)
      return recorder.report(reason, completed: 0)
    case .some(.none), nil: return recorder.report(.failed, completed: 0)
    }
  }

  private func carryOut(from start: Instant, _ recorder: inout Recorder, _ onRecord: ([UInt8]) -> Void) -> Report {
    recorder.begin(at: start)
    do throws(EngineError) {
      if recorder.failure == nil { try begin(at: start) }
    } catch { recorder.failure = RunError(error.message) }
    if recorder.failure != nil {
      // Nothing was sent: the loops were not started, or end before they send.
      attack.abort()
      while attack.next() != nil {}
      recorder.endWithoutStart(.failed, onRecord)
      return recorder.report(.failed, completed: 0)
    }
    var reason = EndReason.planEnded
    while let (second, isLast, why) = attack.next() {
      reason = recorder.failure == nil ? why : .failed
      recorder.add(second, end: isLast ? (reason, attack.completed) : nil, onRecord)
      // What it went on to send could not be kept.
      if recorder.failure != nil { attack.stop() }
    }
    return recorder.report(recorder.failure == nil ? reason : .failed, completed: attack.completed)
  }

  private func begin(at start: Instant) throws(EngineError) {
    var settings = EngineSettings(
      loops: choice.loops, spins: choice.spins, connections: connections, userAgent: self.settings.userAgent)
    settings.maxLate = AssignedRun.maxLate
    try attack.start(settings) { start }
    // Whatever this thread does from here on gives way to the loops.
    stampede_set_thread_niceness(5)
  }

  private func describe(from start: Instant) -> RunDescription {
    var description = RunDescription(
      plan: assignment.plan, run: assignment.run,
      incarnations: [RunDescription.Incarnation(id: assignment.incarnation)],
      start: WallClock.at(start, now: MonotonicClock.now()), loops: choice.loops, cpus: cpus,
      pacing: choice.spins ? .spinning : .sleeping, targetIsHere: attack.isTargetLocal, version: settings.version)
    // The cap that applied, whatever the plan said.
    description.connections = connections
    description.shortage = shortage
    description.engine = assignment.plan.engineText
    return description
  }

  /// Puts the seconds into the spool.
  private struct Recorder {
    private let session: AssignedRun
    private var sequence: RecordSequence
    /// Why the run is to stop.
    var failure: RunError?

    init(_ session: AssignedRun) {
      self.session = session
      let assignment = session.assignment
      sequence = RecordSequence(
        run: assignment.run, incarnation: assignment.incarnation, epoch: assignment.epoch)
    }

    mutating func begin(at start: Instant) {
      do { try session.publication.begin(session.describe(from: start)) } catch { failure = error }
    }

    mutating func add(
      _ second: Interval, end: (reason: EndReason, completed: UInt64)?, _ onRecord: ([UInt8]) -> Void
    ) {
      keep(sequence.records(of: second, end: end), onRecord)
    }

    mutating func endWithoutStart(_ reason: EndReason, _ onRecord: ([UInt8]) -> Void) {
      keep(sequence.nothing(reason), onRecord)
    }

    private mutating func keep(_ records: [Interval], _ onRecord: ([UInt8]) -> Void) {
      for record in records {
        let frame = IntervalCodec.encode(record)
        let problem = session.publication.add(frame, sequence: record.key.sequence, isLast: record.final != nil)
        failure = failure ?? problem
        onRecord(frame)
      }
      session.last.store(sequence.last, ordering: .relaxed)
    }

    func report(_ reason: EndReason, completed: UInt64) -> Report {
      Report(records: sequence.last, completed: completed, reason: reason, failure: failure)
    }
  }
}
