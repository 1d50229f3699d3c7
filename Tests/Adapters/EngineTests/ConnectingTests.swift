import EventLoop
import Measuring
import Model
import TestSupport
import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(10))) struct ConnectingTests {
  /// A port of 127.0.0.1 that is held but not listened on.
  static func refusing() throws -> (port: UInt16, close: () -> Void) {
    let listening = try Listening(backlog: nil)
    return (listening.port, { Socket.close(listening.descriptor) })
  }

  @Test(arguments: [true, false]) func aTargetThatRefusesEndsTheRun(open: Bool) throws {
    let (port, close) = try Self.refusing()
    defer { close() }
    let targets = [try Target.local(port)]
    let run = try Run(
      open
        ? .open(targets, rate: 200, duration: .seconds(30))
        : .closed(targets, users: 3, requests: nil, duration: .seconds(30)))
    run.check(target: 0)
    #expect(run.reason == .unreachable)
    #expect(run.length >= .seconds(1) && run.length < .seconds(20))
    #expect(run.requests.written == 0 && run.errors(.connect) > 0)
    // Each user pauses after a refusal; nobody asks as fast as the machine can.
    if !open { #expect(run.requests.started <= 3 * 31) }
    #expect(run.causes[.connect]?.contains("127.0.0.1:\(port): Connection refused") == true, "\(run.causes)")
  }

  @Test func aNameWithoutAddressEndsTheRun() throws {
    let plan = Plan.open([try .local(80, host: "no-such-host.invalid")], rate: 50, duration: .seconds(30))
    let run = try Run(plan, resolve: { _ in .fault("cannot resolve") })
    run.check(target: 0)
    #expect(run.reason == .unreachable && run.errors.keys.allSatisfy { $0 == .dns || $0 == .neverSent })
    #expect(run.causes[.dns]?.contains("cannot resolve") == true)
  }

  /// One origin refuses, the other is fine: the run goes on, whatever the time.
  @Test(arguments: [true, false]) func oneOriginOfTwoIsEnough(open: Bool) throws {
    let (port, close) = try Self.refusing()
    defer { close() }
    let server = try RawServer(always: RawServer.ok)
    let targets = [try Target.local(port, name: "refusing"), try Target.local(server.port, name: "fine")]
    let run = try Run(
      open
        ? .open(targets, rate: 100, duration: .milliseconds(1_300))
        : .closed(targets, users: 4, requests: nil, duration: .milliseconds(1_300)))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.reason == .planEnded)
    #expect(run.errors.keys.allSatisfy { $0 == .connect } && run.errors(.connect) > 0)
    if open { #expect(run.requests.accepted == 65 && run.errors(.connect) == 65) }
    #expect(run.names["refusing"]?.counts.accepted == 0)
  }

  /// Two addresses that both answer take turns.
  @Test func addressesAreUsedInTurn() throws {
    let first = try Listening()
    let servers = [
      try RawServer(first, always: RawServer.ok),
      try RawServer(Listening(address: 0x7F00_0002, port: first.port), always: RawServer.ok),
    ]
    let run = try Run(
      .closed([.local(first.port)], requests: 40) { $0.keepAlive = false },
      resolve: Self.both(first.port))
    let counts = servers.map { $0.stop() }
    run.check(target: counts[0].requests + counts[1].requests)
    #expect(counts.map(\.requests) == [20, 20])
  }

  /// An address that refuses is passed over: it costs no request, and is not asked before each connection.
  @Test(arguments: [true, false]) func anAddressThatRefusesCostsNothing(firstListens: Bool) throws {
    let listening = try Listening(address: firstListens ? 0x7F00_0001 : 0x7F00_0002)
    let server = try RawServer(listening, always: RawServer.ok)
    let run = try Run(
      .open([.local(server.port)], rate: 200, requests: 40) { $0.keepAlive = false }, resolve: Self.both(server.port))
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 40 && run.errors.isEmpty && run.causes.isEmpty, "\(run.errors) \(run.causes)")
  }

  /// An address that this machine can't connect to (the kernel refuses groups without sending anything), or that the
  /// policy denies, is passed over as well.
  @Test(arguments: ["224.0.0.1", "ff02::1", "169.254.169.254"])
  func anAddressThatCannotBeUsedIsPassedOver(address: String) throws {
    let server = try RawServer(always: RawServer.ok)
    let other = SocketAddress(try #require(IPAddress(text: address)), port: server.port)
    let addresses = [other, SocketAddress(.v4(0x7F00_0001), port: server.port)]
    let plan = Plan.open([try .local(server.port)], rate: 200, requests: 10) { $0.keepAlive = false }
    let run = try Run(plan, resolve: { _ in .addresses(addresses) })
    let counts = server.stop()
    run.check(target: counts.requests)
    #expect(run.requests.accepted == 10, "\(run.errors) \(run.causes)")
  }

  @Test func aDeniedTargetIsAnErrorBeforeAnythingIsSent() throws {
    let error = #expect(throws: EngineError.self) {
      try Attack(plan: .open([.local(80, host: "169.254.169.254")], rate: 1, requests: 1), userAgent: "test")
    }
    #expect(error?.message.contains("--allow-target 169.254.169.254") == true)
  }

  private static func both(_ port: UInt16) -> @Sendable (Origin) -> AddressBook.Entry {
    { _ in
      .addresses([
        SocketAddress(.v4(0x7F00_0001), port: port), SocketAddress(.v4(0x7F00_0002), port: port),
      ])
    }
  }

  /// Accepted and closed at once: each request ends as it should, no faster than connections are made.
  @Test(arguments: [true, false]) func acceptedAndClosedAtOnce(byReset: Bool) throws {
    let server = try RawServer { peer, _ in
      if byReset { peer.reset() }
    }
    let run = try Run(.closed([.local(server.port)], users: 3, requests: nil, duration: .milliseconds(300)))
    let counts = server.stop()
    run.check()
    #expect(run.requests.answered == 0 && run.requests.completed > 0)
    #expect(run.requests.completed <= UInt64(counts.connections + 3))
    #expect(run.errors.keys.allSatisfy { $0 == .reset || $0 == .connect }, "\(run.errors)")
  }

  /// Descriptors run out in the middle: those requests fail as ours, and the sums hold.
  @Test(arguments: [true, false]) func withoutDescriptorsItIsOurFault(open: Bool) async {
    // In a process of its own: the limit is the process's.
    if open {
      await #expect(processExitsWith: .success) { try Self.runOutOfDescriptors(open: true) }
    } else {
      await #expect(processExitsWith: .success) { try Self.runOutOfDescriptors(open: false) }
    }
  }

  private static func runOutOfDescriptors(open: Bool) throws {
    // Nobody accepts: the kernel completes the connections, and they stay open until their timeout.
    let listening = try Listening(backlog: 200)
    let targets = [try Target.local(listening.port)]
    let change: (inout AttackOptions) -> Void = { $0.timeout = .milliseconds(300) }
    let plan: Plan =
      open ? .open(targets, rate: 1_000, requests: 60, change) : .closed(targets, users: 60, requests: 60, change)
    let limit = try DescriptorLimit(spare: 20)
    let run = try Run(plan, beforeLoops: { limit.lower() })
    limit.restore()
    run.check()
    let (ours, late) = (run.errors(.descriptors), run.errors(.timeout))
    if ours == 0 || late == 0 || ours + late != 60 || run.causes[.descriptors]?.contains("Too many open") != true {
      throw TestError("\(run.errors) \(run.causes)")
    }
  }
}
