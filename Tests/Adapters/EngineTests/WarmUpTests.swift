import Measuring
import Model
import TestSupport
import Testing
import Threads

@testable import Engine

/// The warm-up's figures are kept apart by when a request was due, whenever it ends.
@Suite(.timeLimit(.minutes(10))) struct WarmUpTests {
  /// One phase of a run, added up.
  private struct Phase {
    var schedule = ScheduleCounts()
    var requests = RequestCounts()
    var names = NameHistograms()
    var worker = WorkerHistograms()

    init(_ run: Run, isWarmUp: Bool) {
      for interval in run.intervals where interval.phase.isWarmUp == isWarmUp {
        schedule.add(interval.schedule)
        worker.lateness.merge(interval.worker.lateness)
        worker.response.merge(interval.worker.response)
        for name in interval.names {
          requests.add(name.counts)
          names.merge(name.histograms)
        }
      }
    }
  }

  /// Every reply is held back until all requests are there: those of the warm-up end long after it.
  @Test(arguments: [1, 2]) func whatIsDueInTheWarmUpBelongsToIt(loops: Int) throws {
    let gate = Monitor(false)
    let server = try RawServer { peer, server in
      while server.request(peer) != nil {
        _ = gate.wait(within: .seconds(60)) { $0 ? true : nil }
        peer.write(RawServer.ok)
      }
    }
    var plan = Plan.open([try .local(server.port)], rate: 100, duration: .seconds(2))
    plan.load.warmUp = .milliseconds(1_250)
    // Not on this thread, which takes the seconds as they are sealed.
    try OwnThread(name: "gate") {
      _ = server.await(requests: 200)
      gate.change { $0 = true }
    }.detach()
    let run = try Run(plan, loops: loops, connections: 400)
    run.check(target: server.stop().requests)
    let (warmUp, measured) = (Phase(run, isWarmUp: true), Phase(run, isWarmUp: false))
    #expect(warmUp.schedule.planned == 125 && warmUp.schedule.started == 125)
    #expect(measured.schedule.planned == 75 && measured.schedule.started == 75)
    for (phase, count) in [(warmUp, UInt64(125)), (measured, 75)] {
      #expect(phase.requests.started == count && phase.requests.written == count && phase.requests.accepted == count)
      #expect(phase.names.response.count == count && phase.names.firstByte.count == count)
      #expect(phase.worker.lateness.count == count && phase.worker.response.count == count)
    }
    // The first reply of what was due at 1.25 s came when the last request was there, at 1.99 s.
    #expect(measured.names.response.max < 760_000 + 5_000_000 && warmUp.names.response.min >= 740_000)
    // Seconds of both: the loops are told of once in each.
    let ends = run.intervals.filter { !$0.loops.isEmpty }
    #expect(ends.allSatisfy { $0.phase.isWarmUp == ($0.from < .milliseconds(1_250)) })
    #expect(ends.contains { $0.phase.isWarmUp && $0.to == .milliseconds(1_250) })
    for (before, after) in zip(ends, ends.dropFirst()) { #expect(before.to == after.from) }
    #expect(run.intervals.last?.phase.isWarmUp == false)
  }

  @Test func usersWarmUpToo() throws {
    let server = try RawServer(always: RawServer.ok)
    var plan = Plan.closed([try .local(server.port)], users: 3, requests: nil, duration: .milliseconds(600))
    plan.load.warmUp = .milliseconds(300)
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    let (warmUp, measured) = (Phase(run, isWarmUp: true), Phase(run, isWarmUp: false))
    for phase in [warmUp, measured] {
      #expect(phase.requests.started > 3 && phase.requests.started == phase.requests.accepted)
      #expect(phase.schedule.started == phase.requests.started && phase.schedule.planned == phase.schedule.started)
    }
    #expect(warmUp.requests.started + measured.requests.started == run.requests.started)
  }

  /// A run that ends in its warm-up has measured nothing.
  @Test func aRunMayEndInItsWarmUp() throws {
    let server = try RawServer(always: RawServer.ok)
    var plan = Plan.open([try .local(server.port)], rate: 100, duration: .milliseconds(300))
    plan.load.warmUp = .seconds(5)
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(Phase(run, isWarmUp: true).requests.accepted == 30)
    #expect(Phase(run, isWarmUp: false).requests == RequestCounts())
  }

  @Test func phasesAreThePartsOfTheShape() {
    let rate = Shape.Level(count: 10)
    let shape = Shape(parts: [
      Shape.Part(name: "up", .line(from: .zero, to: rate), for: .seconds(2)),
      Shape.Part(.constant(rate), for: .seconds(3)),
      Shape.Part(name: "rest", .constant(rate), for: nil),
    ])
    let table = PhaseTable(Load(model: .arrivals(shape), duration: .seconds(60)))
    let found = [0, 1, 2, 4, 5, 100].map { table.phase(at: .seconds($0), isWarmUp: false) }
    #expect(found.map(\.index) == [0, 0, 1, 1, 2, 2])
    #expect(found.map(\.name) == ["up", "up", "", "", "rest", "rest"])
  }
}
