import CommandLines
import Lifecycle
import Log
import Model
import Options
import PlanFiles
import Plans
import Records
import Reports
import RunSession
import Summary
import Threads

/// `attack` and `run`: a plan, a list of targets or a URL, sent from this machine.
struct AttackCommand {
  private let line: Invocation
  private let environment: [String: String]

  init(_ line: Invocation, environment: [String: String]) throws(Failure) {
    self.line = line
    self.environment = environment
    if let answer = Habits.answer(to: line) { throw Failure(answer) }
    if let role = line.given(.role), role.text != "standalone" {
      let answer =
        ["coordinator", "master"].contains(role.text)
        ? "a master takes plans over REST; type: stampede master --help, stampede submit --help"
        : "\(line.command.name) sends from this machine alone; type: stampede \(role.text) --help"
      throw Failure("\(role.place) \(role.text): \(answer)")
    }
  }

  /// Runs it to its end, prints the result, and gives the exit code.
  func run() throws(Failure) -> Int32 {
    let places = try ResultPlaces(line)
    let (flags, warnings) = try PlanFlags(line).overrides()
    let document = try PlanChoice(line, environment: environment).load()
    let resolved: PlanDocument.Resolved
    do throws(PlanError) {
      resolved = try document.resolved(with: flags)
    } catch { throw Failure(error) }
    for warning in warnings + document.warnings + resolved.warnings { Console.say("\(warning)") }
    let isQuiet = line.isOn(.quiet)
    return try carryOut(resolved, places, LiveView(isOn: !isQuiet))
  }

  private func carryOut(
    _ resolved: PlanDocument.Resolved, _ places: ResultPlaces, _ live: LiveView
  ) throws(Failure) -> Int32 {
    let log = LogWriter(line, opening: live.opening)
    let outcome: Result<RunOutcome, RunError>?
    do {
      // Before any thread is started: threads inherit what is blocked.
      let signals = try Signals()
      try log.start()
      try live.start()
      defer {
        live.end()
        log.close()
      }
      // First what can be refused without leaving a run directory behind.
      let status = try line.given(.statusAddress).map { (given) throws(Failure) in
        try StatusServer(given, log: Logger(log))
      }
      let session = try makeSession(resolved.plan, places)
      if let status {
        status.board.begin(directory: session.directory)
        live.note("figures at \(status.url)status, results, metrics and healthz")
      }
      if !resolved.assumed.isEmpty {
        live.note("nothing said otherwise, so: \(resolved.assumed.joined(separator: " for "))")
      }
      let run = RunService(session, live: live, board: status?.board)
      // The run last: it stops first, and the server of its figures outlives it.
      let services = (status.map { [$0] as [any Service] } ?? []) + [run]
      let logger = Logger(log).with("run", session.directory)
      _ = try ServiceGroup(services, log: logger).run(signals: signals)
      outcome = run.outcome
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(error)", exitCode: 2)
    }
    switch outcome {
    case .success(let outcome): return conclude(outcome, places)
    case .failure(let error): throw Failure(error)
    case nil: throw Failure("the run could not be started: no thread", exitCode: 2)
    }
  }

  private func makeSession(_ plan: Plan, _ places: ResultPlaces) throws(Failure) -> LocalRun {
    var settings = RunSettings()
    settings.cores = line.count(.cores)
    settings.spin = line.flag(.spin).map { $0 ? .always : .never } ?? .automatic
    settings.directory = places.directory
    settings.version = Version.product
    settings.userAgent = Version.userAgent
    settings.publishing = publishing()
    var plan = plan
    if let limit = line.percentage(.failOnErrorRate) { plan.thresholds.append(Threshold(failOnErrorRate: limit)) }
    do throws(RunError) { return try LocalRun(plan: plan, settings: settings) } catch { throw Failure(error) }
  }

  /// Where records go besides the run directory; nil where no broker is named.
  private func publishing() -> PublishSettings? {
    guard let servers = line.text(.kafkaBroker) else { return nil }
    var settings = PublishSettings(servers: servers)
    if let topic = line.text(.kafkaTopic) { settings.topic = topic }
    if let spool = line.text(.spool) { settings.spool = spool }
    if let mebibytes = line.count(.spoolSize) { settings.spoolLimit = mebibytes << 20 }
    return settings
  }

  private func conclude(_ outcome: RunOutcome, _ places: ResultPlaces) -> Int32 {
    let summary = outcome.summary
    var exitCode = outcome.failure == nil ? summary.verdict.exitCode : 2
    let colour = Console.hasColour(1, environment: environment)
    do throws(Failure) {
      try Console.out(
        TerminalReport.text(
          summary, width: Console.width(1), colour: colour, directory: outcome.directory,
          kept: KeptFailures.digest(of: outcome.directory)))
    } catch {
      Console.say("stampede: \(error)")
      if exitCode == 0 { exitCode = error.exitCode }
    }
    for (kind, cause) in outcome.causes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      Console.say("first \(kind.word) error: \(cause)")
    }
    for text in outcome.publishing.map(PublishText.lines) ?? [] { Console.say(text) }
    if let failure = outcome.failure { Console.say("stampede: \(failure)") }
    do throws(RecordsError) {
      try WholeFile.write(IntervalsCSV.encode(summary), to: outcome.directory + "/intervals.csv")
      try ResultPlaces.writeTables(of: summary, to: outcome.directory + "/")
    } catch {
      Console.say("stampede: \(error)")
      if exitCode == 0 { exitCode = 2 }
    }
    for problem in places.write(summary) {
      Console.say("stampede: \(problem)")
      if exitCode == 0 { exitCode = 2 }
    }
    if let limit = line.percentage(.failOnErrorRate) {
      let failed = summary.totals.err
      let all = summary.totals.counts.outcomes
      if limit.isExceeded(by: failed, of: all) {
        Console.say("stampede: \(failed) of \(all) requests failed, more than --fail-on-error-rate \(limit)")
        if exitCode == 0 { exitCode = 99 }
      }
    }
    for broken in summary.thresholds where !broken.passed {
      let found = broken.found.isEmpty ? broken.reason : broken.found
      Console.say("stampede: threshold \(broken.text.harmless) is broken: \(found.harmless)")
    }
    return exitCode
  }
}
