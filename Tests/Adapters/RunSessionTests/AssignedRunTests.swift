import Engine
import EventLoop
import Measuring
import Model
import Pacing
import Summary
import Synchronization
import TestSupport
import Testing
import Threads
import Wire

@testable import RunSession

/// Parts of a run as workers carry them out, with a Kafka that nobody answers for: what counts is in the spool.
@Suite(.timeLimit(.minutes(2))) struct AssignedRunTests {
  private let folder: TemporaryFolder
  private let publisher: Publisher
  private let run = Identifier(high: 7, low: 7)

  init() throws {
    folder = try TemporaryFolder("assigned")
    var settings = PublishSettings(servers: "127.0.0.1:\(try LocalPort.free())")
    settings.spool = folder.file("spool")
    settings.patience = .milliseconds(200)
    publisher = try Publisher(settings)
  }

  private func assignment(_ plan: Plan, _ share: Int, of shares: Int) -> Assignment {
    var users: AttackShare.Users?
    if case .users(let shape) = plan.load.model {
      let all = shape.peakUsers
      users = AttackShare.Users(first: share, stride: shares, count: all / shares + (share < all % shares ? 1 : 0))
    }
    return Assignment(
      run: run, incarnation: Identifier(high: 9, low: UInt64(share)), epoch: 3, plan: plan,
      slots: [SlotRange(share: share, of: shares)], users: users, share: share, shares: shares)
  }

  /// What one part reported, with its records as they were handed on.
  private struct Ended: Sendable {
    var report: AssignedRun.Report
    var records: [Interval] = []
  }

  /// Runs on a thread of its own; returns when it has ended.
  private func carryOut(_ part: AssignedRun) async throws -> Ended {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try OwnThread(name: "assigned run") {
          var records: [Interval] = []
          let report = part.run { frame in
            if case .interval(let interval)? = try? Record.decode(frame[...]) { records.append(interval) }
          }
          continuation.resume(returning: Ended(report: report, records: records))
        }.detach()
      } catch { continuation.resume(throwing: error) }
    }
  }

  private let ever = Instant(nanoseconds: .max)

  /// Two parts are the whole, whatever its model; each incarnation's records are dense and say how many they are.
  @Test(arguments: [true, false]) func partsAddUpToTheWhole(open: Bool) async throws {
    let target = try Nginx()
    let plan =
      open
      ? try plan(
        .arrivals(Rate(text: "301/s")), [("a", target.url(), 1), ("b", target.url("/b"), 1)], duration: .seconds(2))
      : try plan(.users(5), [("a", target.url(), 1)], requests: 403)
    let parts = try (0..<2).map {
      try AssignedRun(assignment(plan, $0, of: 2), settings: RunSettings(), publisher: publisher)
    }
    let start = MonotonicClock.now() + .milliseconds(300)
    for part in parts { part.start(at: start, until: ever, dueBefore: ever) }
    async let first = carryOut(parts[0])
    async let second = carryOut(parts[1])
    let ended = try await [first, second]
    var builder = SummaryBuilder(
      RunDescription(
        plan: plan, run: run,
        incarnations: (0..<2).map {
          .init(id: Identifier(high: 9, low: UInt64($0)), completed: ended[$0].report.completed)
        }, start: .init(secondsSince1970: 0, text: ""), loops: 2, cpus: 1, pacing: .sleeping, targetIsHere: true,
        version: "test"))
    for (part, run) in zip(ended, parts) {
      #expect(part.report.failure == nil && part.report.reason == .planEnded)
      #expect(part.records.map(\.key.sequence) == Array(1...part.report.records) && run.sealed == part.report.records)
      #expect(part.records.last?.final?.records == part.report.records)
      #expect(part.records.last?.final?.completed == part.report.completed)
      #expect(part.records.allSatisfy { $0.epoch == 3 && $0.key.run == self.run })
      #expect(part.report.completed > 100)
      for record in part.records { builder.add(record) }
    }
    let summary = builder.summary()
    #expect(summary.isComplete, "\(summary.incompleteness.map(\.text))")
    for equation in summary.equations { #expect(equation.residual == 0, "\(equation.text): \(equation)") }
    #expect(summary.totals.counts.completed == (open ? 602 : 403))
  }

  /// Stopped before it was started: it ends with a final record that says so, and what it was is in the spool.
  @Test(arguments: [true, false]) func stoppedBeforeTheStart(abort: Bool) async throws {
    let target = try Nginx()
    let plan = try plan(.arrivals(Rate(text: "50/s")), [("a", target.url(), 1)], duration: .seconds(60))
    let part = try AssignedRun(assignment(plan, 0, of: 1), settings: RunSettings(), publisher: publisher)
    if abort { part.abort() } else { part.stop() }
    part.start(at: MonotonicClock.now(), until: ever, dueBefore: ever)
    let ended = try await carryOut(part)
    #expect(ended.report.reason == (abort ? .aborted : .stopped))
    #expect(ended.report.records == 1 && ended.report.completed == 0 && ended.report.failure == nil)
    #expect(ended.records.first?.final?.reason == ended.report.reason && ended.records.count == 1)
    #expect(publisher.count(of: Identifier(high: 9, low: 0)).kept == 2)
  }

  /// Nothing is sent beyond what was allowed, until more is.
  @Test func sendsWhatItMay() async throws {
    let target = try Nginx()
    let plan = try plan(.arrivals(Rate(text: "100/s")), [("a", target.url(), 1)], duration: .seconds(2))
    let part = try AssignedRun(assignment(plan, 0, of: 1), settings: RunSettings(), publisher: publisher)
    let start = MonotonicClock.now() + .milliseconds(100)
    part.start(at: start, until: start + .milliseconds(500), dueBefore: ever)
    let ended = try await carryOut(part)
    let started = ended.records.reduce(0) { $0 + $1.schedule.started }
    let unsent = ended.records.reduce(0) { $0 + $1.schedule.unsent }
    #expect(started <= 50 && started + unsent == 200 && ended.report.completed == started)
    #expect(ended.report.reason == .planEnded)
  }

  @Test func stopsWhileItRuns() async throws {
    let target = try Nginx()
    let plan = try plan(.users(2), [("a", target.url(), 1)], duration: .seconds(600))
    let part = try AssignedRun(assignment(plan, 0, of: 1), settings: RunSettings(), publisher: publisher)
    part.start(at: MonotonicClock.now(), until: ever, dueBefore: ever)
    async let end = carryOut(part)
    while part.sealed == 0 { try await Task.sleep(for: .milliseconds(20)) }
    part.stop()
    let ended = try await end
    #expect(ended.report.reason == .stopped && ended.report.completed > 0)
    #expect(ended.records.last?.final?.completed == ended.report.completed)
  }

  /// A spool that is full ends the part with the reason, its final record in the spool.
  @Test func aFullSpoolEndsIt() async throws {
    let target = try Nginx()
    var settings = PublishSettings(servers: "127.0.0.1:\(try LocalPort.free())")
    settings.spool = folder.file("small")
    settings.spoolLimit = 4_000
    let publisher = try Publisher(settings)
    let plan = try plan(.arrivals(Rate(text: "50/s")), [("a", target.url(), 1)], duration: .seconds(600))
    let part = try AssignedRun(assignment(plan, 0, of: 1), settings: RunSettings(), publisher: publisher)
    part.start(at: MonotonicClock.now(), until: ever, dueBefore: ever)
    let ended = try await carryOut(part)
    #expect(ended.report.reason == .failed)
    #expect(ended.report.failure?.message.contains("is full") == true)
    #expect(ended.records.last?.final?.records == ended.report.records)
  }

  /// What a master may not have assigned is refused with words, before a folder is made.
  @Test func refusesWhatItCannotCarryOut() throws {
    let target = try Nginx()
    let plan = try plan(.users(4), [("a", target.url(), 1)], requests: 10)
    func refusal(_ change: (inout Assignment) -> Void) -> String? {
      var changed = assignment(plan, 0, of: 2)
      change(&changed)
      do {
        _ = try AssignedRun(changed, settings: RunSettings(), publisher: publisher)
        return nil
      } catch { return error.message }
    }
    #expect(refusal { $0.slots = [] }?.contains("0 ranges of slots") == true)
    #expect(refusal { $0.slots.append($0.slots[0]) }?.contains("2 ranges of slots") == true)
    #expect(refusal { $0.share = 2 }?.contains("share 2 of 2") == true)
    #expect(refusal { $0.users?.count = 3 }?.contains("of a plan that has 4") == true)
    #expect(refusal { $0.users?.count = 0 } != nil)
    #expect(refusal { $0.users = nil }?.contains("no users") == true)
    #expect(refusal { $0.users?.first = -1 } != nil)
    #expect(refusal { $0.users?.stride = .max } != nil)
    let names = try folder.names()
    #expect(names.isEmpty)
  }
}
