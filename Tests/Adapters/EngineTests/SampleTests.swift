import EventLoop
import Measuring
import Model
import TestSupport
import Testing

@testable import Engine

/// Requests that are kept one by one: as many, as long and as large as the figures say, drawn by their numbers.
@Suite(.timeLimit(.minutes(10))) struct SampleTests {
  static let ways = [TransportOptions.Engine.native, .curl]

  /// `/ok` is answered, `/no` with 503, `/gone` by closing.
  private static func server() throws -> RawServer {
    try RawServer { peer, server in
      while let request = server.request(peer) {
        switch request.target {
        case "/no": peer.write(RetryTests.no)
        case "/gone": return
        default: peer.write(RawServer.ok)
        }
      }
    }
  }

  private static func targets(_ port: UInt16) throws -> [Target] {
    [
      try .local(port, "/ok", weight: 3), try .local(port, "/no", method: "POST", body: Array("hello".utf8)),
      try .local(port, "/gone", method: "POST", body: [0x61]),
    ]
  }

  /// What the samples add up to is what the attack says of itself.
  private func check(_ run: Run, _ names: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    let last = run.samples.filter { !$0.flags.contains(.goesOn) }
    #expect(UInt64(run.samples.count) == run.requests.completed, sourceLocation: sourceLocation)
    #expect(run.missedSamples == 0, sourceLocation: sourceLocation)
    #expect(
      UInt64(run.samples.count - last.count) == run.requests.redirected + run.requests.retried,
      sourceLocation: sourceLocation)
    var response = Histogram()
    var accepted = Histogram()
    var firstByte = Histogram()
    var fromWoke: UInt64 = 0
    for sample in last {
      response.record(sample.end)
      fromWoke += UInt64(sample.end - sample.woke)
      if sample.error == 0 { accepted.record(sample.end) }
    }
    for sample in run.samples where sample.firstByte != Sample.never {
      firstByte.record(sample.firstByte - sample.sent)
      #expect(sample.sent <= sample.firstByte && sample.firstByte <= sample.end, sourceLocation: sourceLocation)
      #expect(sample.woke <= sample.sent && sample.sent != Sample.never, sourceLocation: sourceLocation)
    }
    #expect(response == run.worker.response, sourceLocation: sourceLocation)
    #expect(accepted == run.histograms.response, sourceLocation: sourceLocation)
    #expect(firstByte.count == run.histograms.firstByte.count, sourceLocation: sourceLocation)
    // Each is cut to whole microseconds by itself.
    let drift = Int64(fromWoke) - Int64(run.worker.fromWoke.sum)
    #expect(drift.magnitude <= UInt64(last.count), sourceLocation: sourceLocation)
    #expect(run.samples.reduce(0) { $0 + UInt64($1.bytesIn) } == run.requests.bytesIn, sourceLocation: sourceLocation)
    #expect(run.samples.reduce(0) { $0 + UInt64($1.bytesOut) } == run.requests.bytesOut, sourceLocation: sourceLocation)
    for kind in ErrorKind.allCases {
      let count = last.count { $0.error == kind.rawValue }
      #expect(UInt64(count) == run.errors(kind), "\(kind)", sourceLocation: sourceLocation)
    }
    for (status, count) in run.statuses {
      #expect(UInt64(run.samples.count { $0.status == status }) == count, "\(status)", sourceLocation: sourceLocation)
    }
    for (place, name) in names.enumerated() {
      let count = run.samples.count { Int($0.name) == place }
      #expect(UInt64(count) == run.names[name]?.counts.completed ?? 0, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ways, [true, false]) func allAreWhatWasCounted(_ way: TransportOptions.Engine, isOpen: Bool) throws {
    let server = try Self.server()
    let change: (inout AttackOptions) -> Void = {
      $0.transport.engine = way
      $0.samples.oneIn = 1
      // Where a connection is kept the second POST would be lost with it.
      $0.keepAlive = false
    }
    let targets = try Self.targets(server.port)
    let run = try Run(
      isOpen
        ? .open(targets, rate: 500, requests: 200, change) : .closed(targets, users: 4, requests: 200, change), loops: 2
    )
    run.check(target: server.stop().requests)
    #expect(run.requests.completed == 200, "\(run.errors)")
    // Each user draws by itself.
    let exact = isOpen ? 40...40 : 10...80
    #expect(exact ~= Int(run.errors(.status)) && exact ~= Int(run.errors(.reset)), "\(run.errors)")
    check(run, targets.map(\.name))
    let numbers = run.samples.map(\.number).sorted()
    if isOpen {
      #expect(numbers == Array(0..<200))
      for sample in run.samples { #expect(sample.intended == Int64(sample.number) * 2_000_000) }
    } else {
      #expect(Set(numbers) == [0, 1, 2, 3])
    }
    #expect(run.samples.allSatisfy { $0.phase == 0 && $0.flags.isEmpty })
  }

  /// Every request of a chain and every try is a record, and what was sent says so.
  @Test(arguments: ways, [true, false]) func chainsAndTriesAreWhole(_ way: TransportOptions.Engine, isOpen: Bool) throws
  {
    let seen = ChainTests.Seen()
    let server = try RawServer { peer, server in
      while let request = server.request(peer) {
        switch request.target {
        case "/start": peer.write(RedirectTests.found("/end", status: 307))
        default: peer.write(seen.next("end") % 3 == 0 ? RawServer.ok : RetryTests.no)
        }
      }
    }
    let targets = [try Target.local(server.port, "/start", method: "POST", body: [0x61])]
    let change: (inout AttackOptions) -> Void = {
      $0.transport.engine = way
      $0.samples.oneIn = 1
      $0.retries = RetryPolicy(most: 3, pause: .milliseconds(2), longest: .milliseconds(3))
    }
    var plan = Plan.open(targets, rate: 5, requests: 4, change)
    if !isOpen {
      plan = .closed(targets, requests: nil, duration: .seconds(30), change)
      plan.load.iterations = 4
    }
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.requests.redirected == 4 && run.requests.retried == 8 && run.requests.accepted == 4, "\(run.errors)")
    check(run, targets.map(\.name))
    #expect(run.samples.count { $0.flags == [.goesOn] } == 4)
    #expect(run.samples.count { $0.flags == [.redirected, .goesOn] } == 4)
    #expect(run.samples.count { $0.flags == [.redirected, .retry, .goesOn] } == 4)
    #expect(run.samples.count { $0.flags == [.redirected, .retry] } == 4)
  }

  /// One in eight, by the number alone: the same ones whatever sends them, and as many as chance gives.
  @Test func aShareIsDrawnByTheNumber() throws {
    var sets: [[UInt64]] = []
    for loops in [1, 2] {
      let server = try RawServer(always: RawServer.ok)
      let run = try Run(
        .open([try Target.local(server.port)], rate: 4_000, requests: 4_000) { $0.samples.oneIn = 8 }, loops: loops)
      run.check(target: server.stop().requests)
      sets.append(run.samples.map(\.number).sorted())
    }
    #expect(sets[0] == sets[1] && Set(sets[0]).count == sets[0].count)
    // 500 ± 5 standard deviations of the binomial distribution.
    #expect(abs(sets[0].count - 500) < 105, "\(sets[0].count)")
    let halves = sets[0].count { $0 < 2_000 }
    #expect(abs(halves - 250) < 75, "\(halves)")
  }

  @Test func theWarmUpAndThePartsOfTheShapeAreTold() throws {
    let server = try RawServer(always: RawServer.ok)
    var plan = Plan.open([try Target.local(server.port)], rate: 100, duration: .seconds(1)) { $0.samples.oneIn = 1 }
    plan.load = Load(
      model: .arrivals(try Shape(text: "100/500ms,200/500ms", of: .arrivals)), duration: nil, requests: nil)
    plan.load.warmUp = .milliseconds(250)
    let run = try Run(plan)
    run.check(target: server.stop().requests)
    #expect(run.samples.count { $0.phase == 0 } == 50 && run.samples.count { $0.phase == 1 } == 100)
    #expect(run.samples.allSatisfy { $0.flags.contains(.warmUp) == ($0.intended < 250_000_000) })
  }

  @Test func noneAreKeptUnlessAsked() throws {
    let server = try RawServer(always: RawServer.ok)
    let run = try Run(.open([try Target.local(server.port)], rate: 500, requests: 50))
    run.check(target: server.stop().requests)
    #expect(run.samples.isEmpty && run.missedSamples == 0)
  }

  /// What finds no room is counted, and what is there comes out in order, over the ring's end too.
  @Test func aFullRingCounts() {
    let ring = SampleRing()
    var (added, seen, taken) = (0, 0, 0)
    func add(_ count: Int) -> Int {
      var refused = 0
      for _ in 0..<count {
        var sample = Sample()
        sample.number = UInt64(added)
        if ring.add(sample, at: added, seen: &seen) { added += 1 } else { refused += 1 }
      }
      return refused
    }
    func take() {
      ring.take { samples in
        for sample in samples {
          #expect(sample.number == UInt64(taken))
          taken += 1
        }
      }
    }
    #expect(add(SampleRing.capacity - 10) == 0)
    take()
    #expect(add(SampleRing.capacity + 5) == 5 && ring.missed == 5)
    take()
    #expect(taken == 2 * SampleRing.capacity - 10 && taken == added)
    #expect(add(1) == 0 && ring.missed == 5)
  }
}
