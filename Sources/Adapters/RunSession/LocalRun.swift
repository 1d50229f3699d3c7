import CLinux
import Engine
import EventLoop
import Glibc
import Measuring
public import Model
import Plans
import Records
public import Summary
import Verdicts
import Wire

/// One run of a plan on this machine, from its run directory to its result.
///
/// `run` blocks the thread that calls it: give it one of its own. `stop` and `abort` may be called from any thread,
/// before, during and after.
public final class LocalRun: Sendable {
  private let plan: Plan
  private let settings: RunSettings
  private let attack: Attack
  private let folder: RunDirectory
  private let choice: LoopChoice
  private let connections: Int
  private let shortage: RunDescription.Shortage?
  private let cpus: Int
  private let key: Interval.Key
  /// Nil where records are not published.
  private let publication: Publication?
  private let publisher: Publisher?

  /// Checks what can be checked without sending anything: renders the requests, resolves the names, makes the run
  /// directory and writes the plan into it.
  public init(plan: Plan, settings: RunSettings) throws(RunError) {
    self.plan = plan
    self.settings = settings
    do { attack = try Attack(plan: plan, userAgent: settings.userAgent, transport: plan.transport) } catch {
      throw RunError(error)
    }
    let limits = Limits.raise()
    let host = Host()
    cpus = host.cpus
    choice = LoopChoice(
      load: plan.load, options: plan.options, cpus: cpus, wholeCPUs: host.wholeCPUs, targetIsHere: attack.isTargetLocal,
      cores: settings.cores,
      spin: settings.spin)
    shortage = limits.shortage(of: plan, asked: plan.options.connections, addresses: attack.addressCount)
    connections = try limits.connections(of: plan, asked: plan.options.connections, addresses: attack.addressCount)
    var random = SystemRandomNumberGenerator()
    key = Interval.Key(run: Identifier(random: &random), incarnation: Identifier(random: &random), sequence: 0)
    if let publishing = settings.publishing {
      let publisher = try Publisher(publishing)
      publication = try Publication(publisher, key: key)
      self.publisher = publisher
    } else {
      (publication, publisher) = (nil, nil)
    }
    do {
      if let path = settings.directory {
        folder = try RunDirectory.create(at: path)
      } else {
        let now = WallClock.now().secondsSince1970
        folder = try RunDirectory.create(parent: settings.runsFolder, name: plan.name, at: now)
      }
      // Headers and bodies may hold secrets.
      try folder.writeWhole(name: "plan.json", bytes: PlanText.encode(plan), isPrivate: true)
    } catch { throw RunError(error) }
  }

  /// Where the run's files are.
  public var directory: String { folder.path }

  /// Nothing more becomes due; replies are awaited for the grace period.
  public func stop() { attack.stop() }

  /// What is in flight is cut off now; the result is still written.
  public func abort() {
    attack.abort()
    publisher?.cut()
  }

  /// Lines about the publishing of records, worth saying and not said yet.
  public func takeNotices() -> [String] { publisher?.takeNotices() ?? [] }

  /// The first cause seen of each kind of failure: `connect` → `http://localhost:1: 127.0.0.1:1: Connection refused`.
  public var causes: [ErrorKind: String] { attack.causes }

  /// Sends the load and records it, second by second, until the end; then writes the result.
  ///
  /// - Parameter onSecond: called on this thread after each second is stored.
  public func run(onSecond: (RunProgress) -> Void) throws(RunError) -> RunOutcome {
    var sequence = RecordSequence(run: key.run, incarnation: key.incarnation)
    var description = describe()
    let writer: RecordWriter
    do {
      try folder.writeWhole(name: "run.json", bytes: description.json)
      writer = try folder.recordWriter()
    } catch { throw RunError(error) }
    var builder = SummaryBuilder(description)
    var failure: RunError?
    /// Why the run stops although its run directory is in order.
    var unpublished: RunError?
    var failures = FailureFile(plan, in: folder)
    try publication?.begin(description)
    try publisher?.start()
    let begin = try start()
    let samples = SampleWriter(plan, attack, key.run, begin: begin, in: folder)
    while let (sealed, isLast, reason) = attack.next() {
      let why = failure ?? unpublished == nil ? reason : .failed
      let parts = sequence.records(of: sealed, end: isLast ? (why, attack.completed) : nil)
      for part in parts {
        let frame = IntervalCodec.encode(part)
        if failure == nil {
          do { try writer.append(frame) } catch {
            // The run stops, for what it goes on to send could not be kept.
            failure = RunError("the run was stopped: its records can't be written: \(error)")
            attack.stop()
          }
        }
        let isLastPart = part.final != nil
        if let reason = publication?.add(frame, sequence: part.key.sequence, isLast: isLastPart), unpublished == nil {
          unpublished = reason
          attack.stop()
        }
        if failure == nil || part.final != nil { builder.add(part) }
      }
      if let problem = failures.add(attack.takeFailures()) { failure = failure ?? problem }
      if !sealed.loops.isEmpty { onSecond(RunProgress(live: builder.liveLine(sealed), builder: builder)) }
    }
    description.samples = samples?.end()
    description.incarnations = [
      RunDescription.Incarnation(id: key.incarnation, completed: attack.completed)
    ]
    builder.description = description
    // Before Kafka is waited for: who kills this then finds a result.
    description.incarnations[0].publication = counted()
    var summary = builder.judged()
    do {
      try writer.sync()
      try write(description, &summary)
    } catch {
      failure = failure ?? RunError("the result can't be written: \(error)")
    }
    let publishing = publisher?.end()
    if failure == nil, let counted = counted(), counted != description.incarnations[0].publication {
      description.incarnations[0].publication = counted
      do { try write(description, &summary) } catch {
        failure = RunError("the result can't be written: \(error)")
      }
    }
    return RunOutcome(
      summary: summary, directory: directory, failure: failure ?? unpublished, causes: causes, publishing: publishing)
  }

  /// What has become of this run's records by now; nil where they don't go to Kafka.
  private func counted() -> RunDescription.Publication? {
    guard let count = publisher?.count(of: key.incarnation) else { return nil }
    return RunDescription.Publication(
      published: UInt64(count.published), kept: UInt64(count.kept), lost: UInt64(count.lost))
  }

  private func write(_ description: RunDescription, _ summary: inout RunSummary) throws(RecordsError) {
    summary.description = description
    try folder.writeWhole(name: "run.json", bytes: description.json)
    try folder.writeWhole(name: "summary.json", bytes: SummaryJSON.encode(summary))
  }

  /// Starts the loops; returns when the first arrival is due, in nanoseconds since 1970.
  private func start() throws(RunError) -> Int64 {
    var begin: Int64 = 0
    let settings = EngineSettings(
      loops: choice.loops, spins: choice.spins, connections: connections,
      userAgent: self.settings.userAgent)
    do {
      try attack.start(settings) {
        begin = stampede_clock(CLOCK_REALTIME) + 20_000_000
        return MonotonicClock.now() + .milliseconds(20)
      }
    } catch { throw RunError(error) }
    // Whatever this thread does from here on gives way to the loops.
    stampede_set_thread_niceness(5)
    return begin
  }

  private func describe() -> RunDescription {
    var description = RunDescription(
      plan: plan, run: key.run, incarnations: [RunDescription.Incarnation(id: key.incarnation)],
      start: WallClock.now(), loops: choice.loops, cpus: cpus, pacing: choice.spins ? .spinning : .sleeping,
      targetIsHere: attack.isTargetLocal, version: settings.version)
    // The cap that applied, whatever the plan said.
    description.connections = connections
    description.shortage = shortage
    description.engine = plan.engineText
    return description
  }
}

/// How far a run has come.
public struct RunProgress: Sendable {
  /// The second that was just stored.
  public let live: LiveLine
  let builder: SummaryBuilder

  /// Everything so far; computed when asked for.
  public var summary: RunSummary { builder.judged() }
}

/// What became of a run.
public struct RunOutcome: Sendable {
  public let summary: RunSummary
  public let directory: String
  /// What went wrong while it ran; the summary then tells what was measured all the same.
  public let failure: RunError?
  /// The first cause seen of each kind of failure, in words.
  public let causes: [ErrorKind: String]
  /// What became of the records that were to be published; nil where none were.
  public let publishing: PublishReport?
}
