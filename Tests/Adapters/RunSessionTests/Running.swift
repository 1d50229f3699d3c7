import Measuring
import Model
import RunSession
import Summary
import Synchronization
import TestSupport
import Testing
import Threads

/// Runs a plan to its end on a thread of its own, in a folder that goes afterwards.
func run(
  _ plan: Plan, cores: Int? = nil, publishing: PublishSettings? = nil,
  onSecond: @escaping @Sendable (LocalRun, RunProgress) -> Void = { _, _ in }
) async throws -> RunOutcome {
  let folder = try TemporaryFolder("run")
  var settings = RunSettings()
  settings.cores = cores
  settings.directory = folder.file("out")
  settings.publishing = publishing
  let local = try LocalRun(plan: plan, settings: settings)
  let outcome: Result<RunOutcome, RunError> = try await withCheckedThrowingContinuation { continuation in
    do {
      try OwnThread(name: "test run") {
        do throws(RunError) {
          continuation.resume(returning: .success(try local.run { onSecond(local, $0) }))
        } catch { continuation.resume(returning: .failure(error)) }
      }.detach()
    } catch { continuation.resume(throwing: error) }
  }
  let names = try folder.names()
  #expect(names == ["out"], "nothing is written beside the run directory")
  return try outcome.get()
}

/// A plan of GET requests, one name for each path.
func plan(
  _ model: Load.Model, _ urls: [(name: String, url: String, weight: Int)], duration: TimeSpan? = nil,
  requests: UInt64? = nil, _ change: (inout Plan) -> Void = { _ in }
) throws -> Plan {
  let targets = try urls.map { Target(name: $0.name, url: try TargetURL(text: $0.url), weight: $0.weight) }
  var plan = Plan(name: "test", targets: targets, load: Load(model: model, duration: duration, requests: requests))
  change(&plan)
  return plan
}

/// What must be true of every result, whatever the target did.
func expectSound(_ outcome: RunOutcome, sourceLocation: SourceLocation = #_sourceLocation) {
  let summary = outcome.summary
  #expect(outcome.failure == nil, sourceLocation: sourceLocation)
  #expect(summary.isComplete, "\(summary.incompleteness.map(\.text))", sourceLocation: sourceLocation)
  #expect(summary.equations.count == (summary.iterations.isEmpty ? 4 : 5), sourceLocation: sourceLocation)
  for equation in summary.equations {
    #expect(equation.residual == 0, "\(equation.text): \(equation)", sourceLocation: sourceLocation)
  }
  let counts = summary.totals.counts
  #expect(counts.accepted <= counts.answered, sourceLocation: sourceLocation)
  #expect(counts.answered <= counts.written, sourceLocation: sourceLocation)
  let failures = summary.totals.errors.reduce(0) { $0 + $1.count }
  let outcomes = counts.accepted + failures + counts.redirected + counts.retried
  #expect(outcomes == counts.completed, sourceLocation: sourceLocation)
}

extension NameSummary {
  /// Failures by kind.
  var failures: [ErrorKind: UInt64] {
    errors.reduce(into: [:]) { $0[$1.kind, default: 0] += $1.count }
  }
}

extension RunSummary {
  func name(_ name: String) throws -> NameSummary {
    try #require(names.first { $0.name == name }, "no figures for \(name)")
  }
}
