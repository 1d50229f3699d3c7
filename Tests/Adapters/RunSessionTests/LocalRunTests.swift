import Measuring
import Model
import Summary
import TestSupport
import Testing

@testable import RunSession

@Suite(.serialized, .timeLimit(.minutes(10))) struct LocalRunTests {
  private static func settings(_ folder: TemporaryFolder) -> RunSettings {
    var settings = RunSettings()
    settings.directory = folder.file("out")
    return settings
  }

  /// Asked to stop or to abort before it runs: nothing is sent, and the result is whole.
  @Test(arguments: [true, false]) func stoppedBeforeItBegan(abort: Bool) throws {
    let folder = try TemporaryFolder("run")
    let port = try LocalPort.free()
    let plan = try plan(.arrivals(.perSecond(100)), [("x", "http://127.0.0.1:\(port)/", 1)], duration: .seconds(60))
    let local = try LocalRun(plan: plan, settings: Self.settings(folder))
    if abort { local.abort() } else { local.stop() }
    let outcome = try local.run { _ in }
    #expect(outcome.failure == nil && outcome.summary.isComplete, "\(outcome.summary.incompleteness)")
    #expect(outcome.summary.endReason == (abort ? .aborted : .stopped))
    #expect(outcome.summary.counts.schedule.planned == 0)
    for name in ["plan.json", "run.json", "summary.json"] {
      #expect(try folder.read("out/\(name)").hasPrefix("{"), "\(name)")
    }
  }

  /// From a second's callback, as a person at the keyboard would.
  @Test(arguments: [true, false]) func stoppedWhileItRuns(abort: Bool) throws {
    let target = try ScriptTarget("slow")
    defer { _ = target.finish() }
    let folder = try TemporaryFolder("run")
    let plan = try plan(
      .arrivals(.perSecond(50)), [("x", target.url("/x"), 4), ("never", target.url("/never"), 1)],
      duration: .seconds(60)
    ) { $0.options.timeout = .milliseconds(700) }
    let local = try LocalRun(plan: plan, settings: Self.settings(folder))
    var seconds = 0
    let outcome = try local.run { _ in
      seconds += 1
      if abort { local.abort() } else { local.stop() }
    }
    expectSound(outcome)
    #expect(outcome.summary.endReason == (abort ? .aborted : .stopped))
    #expect(seconds >= 1 && outcome.summary.timeToLastEnd < .seconds(30))
    #expect(outcome.summary.totals.failures[.timeout] ?? 0 > 0)
    if abort { #expect(outcome.summary.totals.failures[.cutOff] ?? 0 > 0) }
  }

  @Test func moreUsersThanTheMachineHasConnectionsIsAnError() throws {
    let folder = try TemporaryFolder("run")
    let plan = try plan(.users(10_000_000), [("x", "http://127.0.0.1:1/", 1)], duration: .seconds(1))
    let error = #expect(throws: RunError.self) { try LocalRun(plan: plan, settings: Self.settings(folder)) }
    #expect(error?.isUsage == true && error?.message.contains("10000000 users need as many connections") == true)
    #expect(try folder.names().isEmpty, "nothing was begun")
  }

  @Test func aDirectoryThatExistsIsAnError() throws {
    let folder = try TemporaryFolder("run")
    try folder.write("out/something", "here")
    let plan = try plan(.users(1), [("x", "http://127.0.0.1:1/", 1)], requests: 1)
    let error = #expect(throws: RunError.self) { try LocalRun(plan: plan, settings: Self.settings(folder)) }
    #expect(error?.isUsage == true && error?.message.contains(folder.file("out")) == true, "\(error?.message ?? "")")
    #expect(try folder.read("out/something") == "here")
  }

  @Test func aDeniedTargetIsAnError() throws {
    let folder = try TemporaryFolder("run")
    let plan = try plan(.users(1), [("x", "http://169.254.169.254/", 1)], requests: 1)
    let error = #expect(throws: RunError.self) { try LocalRun(plan: plan, settings: Self.settings(folder)) }
    #expect(error?.isUsage == true && error?.message.contains("--allow-target") == true)
    #expect(try folder.names().isEmpty)
  }

  /// A cap on connections holds for all loops together.
  @Test(arguments: [1, 3]) func theCapHoldsForAllLoops(connections: Int) throws {
    let target = try ScriptTarget("slow")
    let folder = try TemporaryFolder("run")
    var settings = Self.settings(folder)
    settings.cores = 3
    let plan = try plan(.arrivals(.perSecond(100)), [("x", target.url("/delay?ms=20"), 1)], requests: 40) {
      $0.options.connections = connections
    }
    let outcome = try LocalRun(plan: plan, settings: settings).run { _ in }
    expectSound(outcome)
    #expect(outcome.summary.totals.ok == 40)
    let tally = try Tally(target.finish())
    #expect(tally["connections"] <= connections && tally["answered", "/delay"] == 40)
  }
}
