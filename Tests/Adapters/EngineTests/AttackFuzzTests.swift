import EventLoop
import Measuring
import Model
import TestSupport
import Testing

/// Whole attacks on a server whose replies are mutated and which goes away as it likes: nothing may crash or hang, and
/// the sums always hold.
@Suite(.timeLimit(.minutes(15))) struct AttackFuzzTests {
  private static let replies: [String] = [
    RawServer.ok,
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nT: t\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nuntil the end",
    "HTTP/1.1 100 Continue\r\n\r\n" + RawServer.ok,
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.0 404 Not Found\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nno\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + String(repeating: "x", count: 200_000),
    "HTTP/1.1 503 Busy\r\nConnection: close\r\nX: y\r\n z\r\nContent-Length: 0\r\n\r\n",
  ]

  private static func mutate(_ reply: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = reply
    if dice.says(60) { return bytes }
    for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
      let place = Int.random(in: 0..<min(bytes.count, dice.says(80) ? 120 : bytes.count), using: &dice)
      switch Int.random(in: 0..<5, using: &dice) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
      case 1: bytes.insert(dice.pick([0, 10, 13, 32, 48, 58, 255]), at: place)
      case 2: bytes.remove(at: place)
      case 3: bytes.removeSubrange(place...)
      default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
      }
    }
    return bytes
  }

  /// - Parameter seed: each connection throws its own dice, begun with the seed and its number.
  private static func server(_ seed: UInt64, _ tls: TLSContext?) throws -> RawServer {
    let replies = Self.replies.map { Array($0.utf8) }
    return try RawServer(tls: tls) { peer, server in
      var dice = Dice(seed: seed ^ UInt64(peer.number) &* 0x1234_5678_9ABC_DEF1)
      if dice.says(5) { return peer.reset() }
      if dice.says(5) { return }
      while server.request(peer, most: dice.says(90) ? .max : 0) != nil {
        if dice.says(3) { return peer.reset() }
        if dice.says(3) { return }
        if dice.says(5) { peer.pause(milliseconds: Int32.random(in: 1...40, using: &dice)) }
        var reply = mutate(dice.pick(replies), &dice)[...]
        while !reply.isEmpty {
          let part = reply.prefix(dice.says(70) ? reply.count : Int.random(in: 1...reply.count, using: &dice))
          if !peer.write(Array(part)) { return }
          reply = reply.dropFirst(part.count)
          if dice.says(3) { return peer.reset() }
        }
        if dice.says(8) { return }
        if dice.says(3) { return peer.reset() }
      }
    }
  }

  private static func plan(_ port: UInt16, tls: Bool, _ dice: inout Dice) throws -> Plan {
    let targets = try (0..<Int.random(in: 1...3, using: &dice)).map { number in
      let size = dice.says(80) ? Int.random(in: 0...100, using: &dice) : 1_500_000
      let method = dice.pick(["GET", "HEAD", "POST", "PUT"])
      return try Target.local(
        port, "/\(number)", method: method, tls: tls,
        body: method.hasPrefix("P") ? [UInt8](repeating: 0x62, count: size) : [],
        weight: Int.random(in: 1...3, using: &dice),
        timeout: dice.says(30) ? .milliseconds(Int64.random(in: 5...60, using: &dice)) : nil)
    }
    let span = TimeSpan.milliseconds(Int64.random(in: 20...150, using: &dice))
    let requests = dice.says(50) ? nil : UInt64.random(in: 1...100, using: &dice)
    let keepAlive = dice.says(80)
    let change: (inout AttackOptions) -> Void = {
      $0.timeout = .milliseconds(100)
      $0.connectTimeout = .milliseconds(300)
      $0.grace = .milliseconds(150)
      $0.insecureTLS = true
      $0.keepAlive = keepAlive
    }
    return dice.says(50)
      ? .open(targets, rate: Int.random(in: 1...3_000, using: &dice), requests: requests, duration: span, change)
      : .closed(targets, users: Int.random(in: 1...12, using: &dice), requests: requests, duration: span, change)
  }

  @Test func attacksOnAServerThatBehavesBadly() throws {
    print("attacks: STAMPEDE_FUZZ_SEED=\(Dice.seed), \(Dice.seconds) s")
    let files = try TLSAttackTests.certificates.get()
    let context = try TLSContext(serverCertificates: files.certificate, key: files.key)
    var dice = Dice(seed: Dice.seed)
    let end = ContinuousClock.now + .seconds(Dice.seconds)
    var (rounds, requests) = (0, UInt64(0))
    repeat {
      let tls = dice.says(30)
      let server = try Self.server(dice.next(), tls ? context : nil)
      let plan = try Self.plan(server.port, tls: tls, &dice)
      let early = dice.says(15) ? (dice.says(50), Int.random(in: 1...30, using: &dice)) : nil
      let run = try Run(
        plan, loops: Int.random(in: 1...3, using: &dice), spins: dice.says(30),
        connections: Int.random(in: 1...20, using: &dice),
        meanwhile: { attack in
          guard let (abort, count) = early, server.await(requests: count, within: .milliseconds(100)) else { return }
          if abort { attack.abort() } else { attack.stop() }
        })
      let counts = server.stop()
      run.check(target: counts.requests)
      #expect(run.errors.keys.allSatisfy { !$0.isOurs || plan.load.isClosed }, "\(run.errors) \(run.causes)")
      #expect(run.length < .seconds(30), "round \(rounds): \(run.length)")
      rounds += 1
      requests += run.requests.completed
    } while ContinuousClock.now < end
    print("attacks: \(rounds) rounds, \(requests) requests")
  }
}

extension Load {
  fileprivate var isClosed: Bool {
    switch model {
    case .users: true
    case .arrivals: false
    }
  }
}
