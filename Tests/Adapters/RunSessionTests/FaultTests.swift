import Measuring
import Model
import RunSession
import Summary
import TestSupport
import Testing

/// Targets that are slow, wrong or gone: the right kinds, sums that hold, and percentiles that say what is not known.
@Suite(.serialized)
struct FaultTests {
  @Test func whatNeverAnswersIsALowerBound() async throws {
    let target = try ScriptTarget("slow")
    let load = try plan(.arrivals(.perSecond(40)), [("/never", target.url("/never"), 1)], duration: .seconds(1)) {
      $0.options.timeout = .milliseconds(300)
      // Longer than the timeout, so that a machine that is late does not turn the last one into one cut off.
      $0.options.grace = .seconds(5)
    }
    let outcome = try await run(load)
    expectSound(outcome)
    let totals = outcome.summary.totals
    #expect(totals.failures == [.timeout: 40])
    #expect(totals.response.count == 40 && totals.response.censored == 40)
    for reading in [totals.response.p50, totals.response.p99, totals.response.max] {
      let reading = try #require(reading)
      #expect(reading.isLowerBound)
      #expect(reading.microseconds >= 299_000 && reading.microseconds < 600_000)
    }
    #expect(totals.failed.count == 0, "given up is not failed: its time is a bound")
    #expect(outcome.summary.verdict == .failed)
    // A timeout closes its connection.
    let tally = try Tally(target.finish())
    #expect(tally["received", "/never"] == 40 && tally["connections"] == 40)
  }

  /// A tenth hangs: the median is known, the 99th percentile is not, and says so.
  @Test func percentilesBeyondTheHangingShareAreBounds() async throws {
    let target = try ScriptTarget("slow")
    let load = try plan(
      .arrivals(.perSecond(100)), [("fast", target.url("/x"), 9), ("hangs", target.url("/head-only"), 1)],
      duration: .seconds(1)
    ) { $0.options.timeout = .milliseconds(500) }
    let outcome = try await run(load)
    expectSound(outcome)
    let summary = outcome.summary
    #expect(summary.totals.ok == 90)
    #expect(summary.totals.failures == [.timeout: 10])
    #expect(try #require(summary.totals.response.p50).isLowerBound == false)
    #expect(try #require(summary.totals.response.p90).isLowerBound == false)
    #expect(try #require(summary.totals.response.p95).isLowerBound)
    #expect(try #require(summary.totals.response.p99).microseconds >= 499_000)
    #expect(try summary.name("fast").response.censored == 0)
    #expect(summary.verdict == .passed)
  }

  @Test func theEndCutsOffWhatTheGracePeriodDoesNotSee() async throws {
    let target = try ScriptTarget("slow")
    let load = try plan(
      .arrivals(.perSecond(50)), [("late", target.url("/delay?ms=5000"), 1)], duration: .milliseconds(400)
    ) {
      $0.options.grace = .milliseconds(200)
      $0.options.connections = 5
    }
    let outcome = try await run(load, cores: 1)
    expectSound(outcome)
    let failures = outcome.summary.totals.failures
    #expect(failures[.cutOff] == 5, "as many as had a connection")
    let schedule = outcome.summary.counts.schedule
    #expect(schedule.planned == 20)
    #expect(UInt64(5) + (failures[.neverSent] ?? 0) == schedule.started)
    #expect(schedule.started + schedule.unsent == 20)
    let totals = outcome.summary.totals
    #expect(totals.response.censored == totals.response.count)
    #expect(try #require(totals.response.max).isLowerBound)
    // The first was due at 0 and the grace period ended at 600 ms.
    #expect(try #require(totals.response.max).microseconds >= 590_000)
    #expect(outcome.summary.timeToLastEnd < .seconds(4))
  }

  @Test func slowBodiesAreAwaited() async throws {
    let target = try ScriptTarget("slow")
    let load = try plan(
      .users(2),
      [("drip", target.url("/drip?bytes=5&ms=20"), 1), ("body", target.url("/body?ms=60&bytes=1000000"), 1)],
      requests: 12)
    let outcome = try await run(load)
    expectSound(outcome)
    #expect(outcome.summary.totals.ok == 12)
    let drip = try outcome.summary.name("drip")
    #expect(try #require(drip.service.min).microseconds >= 100_000)
    #expect(try #require(drip.firstByte.max).microseconds < 60_000)
    let body = try outcome.summary.name("body")
    #expect(body.counts.bytesIn >= body.ok * 1_000_000)
  }

  @Test func staleConnectionsAreTriedOnceMore() async throws {
    let target = try ScriptTarget("vanish", ["--after-requests", "3"])
    let load = try plan(.users(4), [("/", target.url(), 1)], requests: 400)
    let outcome = try await run(load)
    expectSound(outcome)
    let counts = outcome.summary.totals.counts
    #expect(outcome.summary.totals.ok == 400, "\(outcome.summary.totals.failures) \(outcome.causes)")
    let tally = try Tally(target.finish())
    #expect(tally["answered", "/"] == 400)
    #expect(tally["connections"] >= 133)
    #expect(counts.answered <= UInt64(tally["received", "/"]))
    #expect(UInt64(tally["received", "/"]) <= counts.written + counts.resent)
  }

  @Test func idleConnectionsThatTheTargetClosedAreReplaced() async throws {
    let target = try ScriptTarget("vanish", ["--idle-ms", "20"])
    let load = try plan(.arrivals(.perSecond(20)), [("/", target.url(), 1)], duration: .seconds(1))
    let outcome = try await run(load)
    expectSound(outcome)
    #expect(outcome.summary.totals.ok == 20, "\(outcome.causes)")
    #expect(try Tally(target.finish())["connections"] == 20)
  }

  @Test(arguments: [true, false])
  func aTargetThatGoesAwayEndsNoRun(keepAlive: Bool) async throws {
    let target = try ScriptTarget("vanish", ["--after-seconds", "0.4", "--drop"])
    let load = try plan(.arrivals(.perSecond(50)), [("/", target.url(), 1)], duration: .seconds(2)) {
      $0.options.keepAlive = keepAlive
    }
    let outcome = try await run(load)
    expectSound(outcome)
    let totals = outcome.summary.totals
    #expect(outcome.summary.endReason == .planEnded, "after one reply a run does not end by itself")
    #expect(totals.counts.completed == 100)
    #expect(totals.ok >= 15 && totals.ok <= 25)
    #expect((totals.failures[.connect] ?? 0) + (totals.failures[.reset] ?? 0) == 100 - totals.ok)
    #expect((totals.failures[.connect] ?? 0) >= 70)
    #expect(UInt64(try Tally(target.finish())["answered", "/"]) >= totals.ok)
  }

  @Test func aTargetThatComesBackIsUsedAgain() async throws {
    let target = try ScriptTarget("vanish", ["--after-seconds", "0.4", "--drop", "--back-after", "0.6"])
    let load = try plan(.arrivals(.perSecond(50)), [("/", target.url(), 1)], duration: .seconds(2))
    let outcome = try await run(load)
    expectSound(outcome)
    let failed = outcome.summary.totals.err
    #expect(failed >= 20 && failed <= 40)
    #expect(outcome.summary.totals.ok + failed == 100)
  }

  @Test func aTargetThatRefusesFromTheBeginningEndsTheRun() async throws {
    let target = try ScriptTarget("refuse")
    let load = try plan(.arrivals(.perSecond(50)), [("/", target.url(), 1)], duration: .seconds(30))
    let begin = ContinuousClock.now
    let outcome = try await run(load)
    let took = ContinuousClock.now - begin
    expectSound(outcome)
    #expect(outcome.summary.endReason == .unreachable)
    #expect(outcome.summary.verdict == .failed && outcome.summary.verdict.exitCode == 2)
    #expect(took > .milliseconds(900) && took < .seconds(20))
    let cause = try #require(outcome.causes[.connect])
    #expect(cause.contains("\(target.port)") && cause.contains("refused"), "\(cause)")
  }

  @Test func stoppingAwaitsAndAbortingCutsOff() async throws {
    let target = try ScriptTarget("slow")
    for isAbort in [false, true] {
      let load = try plan(.users(3), [("slow", target.url("/delay?ms=700"), 1)], duration: .seconds(30))
      let begin = ContinuousClock.now
      let outcome = try await run(load) { local, _ in isAbort ? local.abort() : local.stop() }
      expectSound(outcome)
      #expect(ContinuousClock.now - begin < .seconds(20))
      #expect(outcome.summary.endReason == (isAbort ? .aborted : .stopped))
      #expect(outcome.summary.verdict.exitCode == 105)
      let cut = outcome.summary.totals.failures[.cutOff] ?? 0
      #expect(isAbort ? cut > 0 : cut == 0)
    }
  }
}
