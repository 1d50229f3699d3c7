import EventLoop
import Foundation
import Glibc
import KafkaIO
import Measuring
import Model
import Processes
import TestSupport
import Testing
import Wire

/// The worker as a process, between a scripted master, a real broker and a target that counts.
@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct WorkerTests {
  private func plan(_ load: Load.Model, _ url: String, _ duration: TimeSpan) throws -> Plan {
    var plan = Plan(
      name: "shop", targets: [Target(name: "GET /", url: try TargetURL(text: url))],
      load: Load(model: load, duration: duration))
    plan.options.timeout = .seconds(10)
    return plan
  }

  private func identifier() -> Identifier {
    var random = SystemRandomNumberGenerator()
    return Identifier(random: &random)
  }

  /// What a topic has of one incarnation, by sequence; read until its last record is there.
  private func stored(_ life: Identifier, _ topic: String, _ server: KafkaServer) throws -> [UInt64: [UInt8]] {
    func sort(_ records: [KafkaRecord]) throws -> [UInt64: [UInt8]] {
      var found: [UInt64: [UInt8]] = [:]
      for value in records.filter({ $0.key == life.bytes }).compactMap(\.value) {
        let sequence = try Record.decode(value[...]).key.sequence
        #expect(found[sequence] == nil || found[sequence] == value, "a repeat has the same bytes")
        found[sequence] = value
      }
      return found
    }
    let records = try TopicReader.read(topic, from: server.address, within: .seconds(60)) { records in
      guard let found = try? sort(records) else { return true }
      return found.values.contains { WorkerTests.final($0).map { found.count == Int($0.records) + 1 } ?? false }
    }
    return try sort(records)
  }

  private static func final(_ record: [UInt8]) -> Interval.Final? {
    if case .interval(let interval)? = try? Record.decode(record[...]) { interval.final } else { nil }
  }

  private func sum(_ intervals: [Interval], _ count: (NameInterval) -> UInt64) -> Int {
    Int(intervals.reduce(0) { $0 + $1.names.reduce(0) { $0 + count($1) } })
  }

  private func expectSound(_ intervals: [Interval]) {
    let schedule = intervals.reduce(into: ScheduleCounts()) { $0.add($1.schedule) }
    #expect(schedule.planned == schedule.started + schedule.unsent + schedule.gap)
    #expect(sum(intervals) { $0.counts.started } == sum(intervals) { $0.counts.completed })
    #expect(intervals.map(\.key.sequence) == Array(1...UInt64(max(1, intervals.count))))
  }

  @Test func twoWorkersShareARunAndEveryRecordIsInKafka() throws {
    let (server, target, folder) = (try Broker.shared.get(), try Nginx(), try TemporaryFolder("worker"))
    let topic = try Broker.topics("worker").results
    let master = try ScriptedMaster()
    let workers = try ["w1", "w2"].map { try WorkerProcess(master, $0, kafka: server.address, folder: folder) }
    let peers = try workers.map { try master.peer($0.name) }
    let (run, plan) = (identifier(), try plan(.arrivals(Rate(text: "101/s")), target.url(), .seconds(3)))
    let lives = peers.enumerated().map { index, peer in
      master.assign(plan, to: peer, run: run, share: UInt32(index), of: 2, topic: topic)
    }
    for life in lives {
      let ready = try master.ready(life)
      #expect(ready.problem == "", "\(ready.problem)")
    }
    _ = master.start(lives, to: peers)
    var completed = 0
    for life in lives {
      let complete = try master.complete(life)
      #expect(complete.reason == .planEnded && complete.problem == "")
      let records = try stored(life, topic, server)
      #expect(records.count == Int(complete.records) + 1, "the run's description is record 0")
      let intervals = try master.intervals(life)
      #expect(intervals.count == Int(complete.records))
      #expect(Set(try master.wait("records") { $0.records[life] }) == Set(records.filter { $0.key > 0 }.values))
      expectSound(intervals)
      #expect(intervals.allSatisfy { $0.epoch == 1 })
      #expect(intervals.last?.final?.completed == complete.completed)
      completed += Int(complete.completed)
    }
    #expect(completed == 303, "each arrival once")
    for worker in workers { #expect(worker.end() == .code(0), "\(worker.log)") }
    _ = try master.message("Goodbye") { if case .goodbye(let goodbye) = $0 { goodbye } else { nil } }
    #expect(try target.finish().entries.count == 303)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("spool")).isEmpty)
  }

  @Test(arguments: StopKind.allCases) func theMasterEndsARun(_ kind: StopKind) throws {
    let (server, target, folder) = (try Broker.shared.get(), try Nginx(), try TemporaryFolder("worker"))
    let topic = try Broker.topics("worker").results
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(master, kafka: server.address, folder: folder)
    let peer = try master.peer(worker.name)
    let life = master.assign(
      try plan(.users(3), target.url(), .seconds(600)), to: peer, run: identifier(), topic: topic)
    _ = try master.ready(life)
    _ = master.start([life], to: [peer])
    _ = try master.wait("two seconds") { $0.records[life].flatMap { $0.count >= 2 ? true : nil } }
    try master.stop(life, kind, to: peer)
    let complete = try master.complete(life)
    #expect(complete.reason == (kind == .drain ? .stopped : .aborted))
    let records = try stored(life, topic, server)
    #expect(records.count == Int(complete.records) + 1)
    expectSound(try master.intervals(life))
    // It takes the next one.
    let next = master.assign(
      try plan(.arrivals(Rate(text: "10/s")), target.url(), .seconds(1)), to: peer, run: identifier(), topic: topic)
    _ = try master.ready(next)
    _ = master.start([next], to: [peer])
    #expect(try master.complete(next).completed == 10)
    #expect(worker.end() == .code(0), "\(worker.log)")
  }

  /// Nothing is sent once the lease has ended; the run goes on when the master is back. The target counts what the
  /// records say was written.
  @Test func aMasterThatVanishesIsObeyed() throws {
    let (server, target, folder) = (try Broker.shared.get(), try Nginx(), try TemporaryFolder("worker"))
    let topic = try Broker.topics("worker").results
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(master, kafka: server.address, folder: folder)
    let peer = try master.peer(worker.name)
    let life = master.assign(
      try plan(.arrivals(Rate(text: "50/s")), target.url(), .seconds(600)), to: peer, run: identifier(), topic: topic,
      lease: .seconds(3))
    _ = try master.ready(life)
    let start = master.start([life], to: [peer])
    _ = try master.wait("a second") { $0.records[life].flatMap { $0.isEmpty ? nil : true } }
    let left = master.vanish()
    let gone = MonotonicClock.now()
    #expect(worker.hasSaid("for the whole lease"))
    // Three seconds and more in which nothing may be sent.
    usleep(5_000_000)
    let back = try ScriptedMaster(port: master.address.port, term: 2, state: left)
    let found = MonotonicClock.now()
    let again = try back.peer(worker.name)
    let register = try back.message("Register") { if case .register(let register) = $0 { register } else { nil } }
    #expect(register.incarnation == life && register.state == .running)
    #expect(worker.hasSaid("the run goes on"))
    let before = back.state.read { $0.records[life]?.count ?? 0 }
    _ = try back.wait("further seconds") { $0.records[life].flatMap { $0.count > before + 2 ? true : nil } }
    try back.stop(life, .drain, to: again)
    let complete = try back.complete(life)
    let records = try stored(life, topic, server)
    #expect(records.count == Int(complete.records) + 1)
    let intervals = try records.filter { $0.key > 0 }.sorted { $0.key < $1.key }.compactMap { record in
      if case .interval(let interval) = try Record.decode(record.value[...]) { interval } else { nil }
    }
    expectSound(intervals)
    // Heartbeats were answered until then at the latest: its lease is over three seconds later.
    let silent = intervals.filter { $0.from >= gone - start + .seconds(4) && $0.to <= found - start }
    #expect(!silent.isEmpty)
    #expect(sum(silent) { $0.counts.written } == 0)
    #expect(sum(intervals.filter { $0.from > found - start }) { $0.counts.written } > 0)
    #expect(intervals.reduce(0) { $0 + $1.schedule.unsent + $1.schedule.gap } > 0)
    #expect(worker.end() == .code(0), "\(worker.log)")
    #expect(try target.finish().entries.count == sum(intervals) { $0.counts.written })
  }

  /// Killed (−9): the next one with its spool completes its records.
  @Test func whatAKilledWorkerLeftIsSentByTheNext() throws {
    let (server, target, folder) = (try Broker.shared.get(), try Nginx(), try TemporaryFolder("worker"))
    let topic = try Broker.topics("worker").results
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(master, kafka: server.address, folder: folder)
    let peer = try master.peer(worker.name)
    let life = master.assign(
      try plan(.arrivals(Rate(text: "50/s")), target.url(), .seconds(600)), to: peer, run: identifier(), topic: topic)
    _ = try master.ready(life)
    _ = master.start([life], to: [peer])
    _ = try master.wait("two seconds") { $0.records[life].flatMap { $0.count >= 2 ? true : nil } }
    worker.child.signal(SIGKILL)
    _ = worker.child.wait(within: .seconds(60))
    // Its own topic is another: records go where they belong.
    let next = try WorkerProcess(
      master, "w2", kafka: server.address, folder: folder, more: ["--kafka-topic", "other"])
    let records = try stored(life, topic, server)
    let final = try #require(records.values.compactMap(WorkerTests.final).first)
    #expect(final.reason == .failed && records.count == Int(final.records) + 1)
    #expect(next.hasSaid("that earlier runs left"))
    #expect(next.end() == .code(0), "\(next.log)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("spool")).isEmpty)
  }

  @Test func metricsSayWhatItIsAt() throws {
    let folder = try TemporaryFolder("worker")
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(
      master, kafka: "127.0.0.1:\(try LocalPort.free())", folder: folder, more: ["--metrics", ":0"])
    let port = worker.child.waitForOutput(within: .seconds(60)) { _, errors -> UInt16? in
      guard let begin = errors.range(of: "http://127.0.0.1:")?.upperBound,
        let end = errors[begin...].firstIndex(of: "/")
      else { return nil }
      return UInt16(errors[begin..<end])
    }
    #expect(worker.hasSaid("joined the master"))
    // It is told of the worker's state a moment after the log.
    var text = ""
    for _ in 0..<600 where !text.contains("stampede_worker_joined 1") {
      let client = try RawClient(port: try #require(port))
      client.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
      text = client.receiveAll().text
      usleep(100_000)
    }
    let client = try RawClient(port: try #require(port))
    client.send("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    #expect(client.receiveAll().text.hasPrefix("HTTP/1.1 200 "))
    #expect(text.contains("stampede_worker_state{state=\"idle\"} 1") && text.contains("stampede_worker_joined 1"))
    #expect(worker.end() == .code(0), "\(worker.log)")
  }

  /// Without Kafka a run goes on, and says what it keeps.
  @Test func withoutKafkaTheSpoolKeepsEverything() throws {
    let (target, folder) = (try Nginx(), try TemporaryFolder("worker"))
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(master, kafka: "127.0.0.1:\(try LocalPort.free())", folder: folder)
    let peer = try master.peer(worker.name)
    let life = master.assign(
      try plan(.arrivals(Rate(text: "50/s")), target.url(), .seconds(2)), to: peer, run: identifier())
    _ = try master.ready(life)
    _ = master.start([life], to: [peer])
    let complete = try master.complete(life)
    #expect(complete.completed == 100 && complete.published == 0 && complete.kept == complete.records + 1)
    #expect(worker.hasSaid("Kafka takes no records"))
    #expect(worker.end() == .code(0), "\(worker.log)")
    #expect(worker.log.contains("the next worker with this spool sends them"))
  }

  @Test func aTargetThatIsDeniedIsNoRun() throws {
    let folder = try TemporaryFolder("worker")
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(master, kafka: "127.0.0.1:\(try LocalPort.free())", folder: folder)
    let peer = try master.peer(worker.name)
    let port = try LocalPort.free()
    let life = master.assign(
      try plan(.arrivals(Rate(text: "50/s")), "http://127.0.0.1:\(port)/", .seconds(2)), to: peer, run: identifier(),
      denied: ["127.0.0.1:\(port)"])
    #expect(try master.ready(life).problem.contains("is not allowed"))
    #expect(worker.end() == .code(0), "\(worker.log)")
    #expect(try folder.names().isEmpty, "nothing is left of it")
  }

  /// SIGTERM in the middle: the run ends properly, is confirmed, then the worker says goodbye.
  @Test func itDrainsBeforeItLeaves() throws {
    let (server, target, folder) = (try Broker.shared.get(), try Nginx(), try TemporaryFolder("worker"))
    let topic = try Broker.topics("worker").results
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(master, kafka: server.address, folder: folder)
    let peer = try master.peer(worker.name)
    let life = master.assign(
      try plan(.arrivals(Rate(text: "50/s")), target.url(), .seconds(600)), to: peer, run: identifier(), topic: topic)
    _ = try master.ready(life)
    _ = master.start([life], to: [peer])
    _ = try master.wait("a second") { $0.records[life].flatMap { $0.isEmpty ? nil : true } }
    #expect(worker.end() == .code(0), "\(worker.log)")
    let complete = try master.complete(life)
    #expect(complete.reason == .stopped)
    _ = try master.message("Goodbye") { if case .goodbye(let goodbye) = $0 { goodbye } else { nil } }
    #expect(try stored(life, topic, server).count == Int(complete.records) + 1)
    #expect(try target.finish().entries.count == Int(complete.completed))
  }
}
