import Foundation
import JSONScan
import Measuring
import Model
import Plans
import PostgresIO
import Summary
import TestSupport
import Testing
import Wire

@testable import MasterRole

/// Results and events of tests, with the fleet's part done by hand.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct ResultTests {
  /// A test that was submitted and given to one worker.
  struct Course {
    let bench: RestBench
    let token: String
    let run: Identifier
    let worker: StoredTestWorker
    let store: FleetStore
    var plan: Plan

    init() throws {
      bench = try RestBench()
      token = try bench.token()
      let made = try bench.ask("POST", "/api/test/submit", token: token, RestBench.form)
      run = try #require(made.json["testId"]?.text.flatMap { Identifier(text: $0) }, "\(made)")
      store = FleetStore(try bench.database())
      _ = try store.takeTerm(master: Identifier(high: 1, low: 1))
      worker = StoredTestWorker(
        incarnation: Identifier(high: 2, low: run.low), worker: "w1", host: "h", share: 0, shares: 1, epoch: 1)
      plan = Plan(
        name: "t", targets: [Target(name: "GET /", url: try TargetURL(text: "http://10.1.2.3/"))],
        load: Load(model: .arrivals(.perSecond(5)), duration: .seconds(3)))
    }

    /// As the fleet does it.
    func begin() throws {
      #expect(try store.assign(run, from: [.queued], to: .preparing, epoch: 1, workers: [worker]))
      bench.board.begin(run, description)
      bench.news.changed(run)
      #expect(try store.change(run, from: [.preparing], to: .running, startedAt: 1_700_000_000_000))
      bench.news.changed(run)
    }

    func end() throws {
      try store.changeWorker(worker.incarnation, to: .ended, records: 3, completed: 15)
      #expect(try store.change(run, from: [.running], to: .finished, reason: "the plan's end"))
      bench.news.changed(run)
    }

    var description: RunDescription {
      RunDescription(
        plan: plan, run: run, incarnations: [.init(id: worker.incarnation)],
        start: .init(secondsSince1970: 1_700_000_000, text: "2023-11-14T22:13:20Z"), loops: 1, cpus: 1,
        pacing: .sleeping, targetIsHere: false, version: "t")
    }

    var intervals: [Interval] {
      (0..<3).map { second in
        var interval = Interval(
          key: .init(run: run, incarnation: worker.incarnation, sequence: UInt64(second) + 1), second: UInt32(second),
          from: .seconds(Int64(second)), to: .seconds(Int64(second) + 1))
        interval.epoch = 1
        (interval.schedule.planned, interval.schedule.started) = (5, 5)
        interval.loops = [LoopSecond()]
        var name = NameInterval(name: "GET /")
        (name.counts.started, name.counts.written, name.counts.answered) = (5, 5, 5)
        (name.counts.completed, name.counts.accepted) = (5, 5)
        name.statuses = [StatusCount(status: 200, count: 5)]
        name.histograms.response.record(700 + UInt32(second), times: 5)
        interval.names = [name]
        if second == 2 { interval.final = .init(records: 3, reason: .planEnded, completed: 15) }
        return interval
      }
    }

    /// As a consumer does it.
    func consume(_ intervals: [Interval], from offset: Int64) throws {
      let store = try RecordStore(bench.database(), clusterID: "c", topic: "t")
      _ = try store.claim(0, evict: true)
      let record = RunRecord(
        run: run, incarnation: worker.incarnation, name: "t", version: "t",
        description: String(decoding: description.json, as: UTF8.self))
      let all = (offset == 0 ? [record.encoded()] : []) + intervals.map { IntervalCodec.encode($0) }
      _ = try store.persist(
        all.enumerated().map { StoredRecord(offset: offset + Int64($0.offset), key: nil, value: $0.element) },
        partition: 0)
    }

    func results() throws -> Reply { try bench.ask("GET", "/api/tests/\(run)/results", token: token) }
  }

  @Test func aResultIsLiveThenPartialThenStored() throws {
    let course = try Course()
    // Not begun: what the plan says, and that there is not one record.
    let queued = try course.results()
    #expect(queued.status == 200 && queued.header("Stampede-Result") == "partial", "\(queued)")
    #expect(queued.json["complete"]?.bool == false && queued.json["run"]?["name"]?.text == "t")

    try course.begin()
    let intervals = course.intervals
    for interval in intervals.prefix(2) { course.bench.board.count(course.run, interval) }
    let live = try course.results()
    #expect(live.header("Stampede-Result") == "live" && live.json["totals"]?["ok"]?.int == 10, "\(live)")
    let test = try course.bench.ask("GET", "/api/tests/\(course.run)", token: course.token).json
    #expect(test["progress"]?["second"]?.int == 2 && test["progress"]?["completed"]?.int == 5)
    #expect(test["startedAt"]?.text == "2023-11-14T22:13:20.000Z" && test["workers"]?[0]?["worker"]?.text == "w1")

    // Ended, with its last record on its way: the reply waits for it.
    try course.consume(Array(intervals.prefix(2)), from: 0)
    course.bench.board.count(course.run, intervals[2])
    try course.end()
    try course.bench.wait { course.bench.board.builder(course.run) == nil }
    let client = try RawClient(port: course.bench.port, patience: 60)
    client.send(
      "GET /api/tests/\(course.run)/results HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        + "Authorization: Bearer \(course.token)\r\n\r\n")
    try course.consume([intervals[2]], from: 3)
    let text = client.receiveAll().text
    #expect(text.contains("Stampede-Result: stored\r\n"), "\(text)")

    // What SQL says is what REST says.
    let stored = try course.results()
    var expected = SummaryBuilder(course.description)
    expected.description.incarnations[0].completed = 15
    for interval in intervals { expected.add(interval) }
    #expect(stored.body == SummaryJSON.encode(expected.summary()))
    #expect(stored.json["complete"]?.bool == true && stored.json["totals"]?["ok"]?.int == 15)
    let row = try course.bench.database().run(
      "SELECT completed, p50_us, is_complete FROM run_summary WHERE run = $1", [PostgresValue(course.run)],
      action: "look")
    #expect(row.rows == [["15", "\(stored.json["totals"]?["response"]?["p50"]?["us"]?.int ?? 0)", "t"]])
  }

  /// Nobody waits for records of a worker that was lost.
  @Test func aResultThatLostAWorkerIsGivenAsItIs() throws {
    let course = try Course()
    try course.begin()
    try course.consume(Array(course.intervals.prefix(2)), from: 0)
    try course.store.changeWorker(course.worker.incarnation, to: .lost, problem: "its lease ended")
    #expect(try course.store.change(course.run, from: [.running], to: .failed, reason: "no worker is left"))
    let result = try course.results()
    #expect(result.header("Stampede-Result") == "partial" && result.json["complete"]?.bool == false, "\(result)")
    #expect(
      result.json["incompleteBecause"]?.items?.contains { $0.text?.contains("was lost; what it had still") == true }
        == true)
  }

  @Test func eventsTellTheCourseFromItsStateToItsEnd() throws {
    let course = try Course()
    let client = try RawClient(port: course.bench.port, patience: 60)
    let head =
      "GET /api/tests/\(course.run)/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer \(course.token)\r\n"
    client.send(head + "\r\n")
    var text = client.receive(until: #""state":"queued""#)
    #expect(text.contains("Content-Type: text/event-stream\r\n") && text.contains("event: state\n"), "\(text)")
    try course.begin()
    text += client.receive(until: #""state":"running""#)
    let intervals = course.intervals
    course.bench.board.count(course.run, intervals[0])
    text += client.receive(until: "event: second")
    course.bench.board.count(course.run, intervals[1])

    // Another one, who was cut off after the first second.
    let seen = try #require(text.components(separatedBy: "id: ").last { $0.contains("event: second") })
    let id = String(seen.prefix { $0 != "\n" })
    let other = try RawClient(port: course.bench.port, patience: 60)
    other.send(head + "Last-Event-ID: \(id)\r\n\r\n")
    #expect(other.receive(until: #""elapsedUs":2000000"#).contains("event: second"))

    course.bench.board.count(course.run, intervals[2])
    try course.end()
    let rest = client.receiveAll().text
    #expect(rest.contains(#""state":"finished""#) && rest.contains("event: end\n"))
    #expect((text + rest).components(separatedBy: "event: second").count == 4)
    #expect(other.receiveAll().text.contains("event: end\n"))
    #expect(course.bench.board.listenerCount == 0)

    // Of a test that has ended there is its state, and the end.
    let late = try Reply.to(
      "GET", "/api/tests/\(course.run)/events", port: course.bench.port, token: course.token)
    let kinds = String(decoding: late.body, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("event: ") }
    #expect(kinds == ["event: state", "event: end"])
  }

  @Test func aGracefulStopEndsStreams() throws {
    let course = try Course()
    let client = try RawClient(port: course.bench.port, patience: 60)
    client.send(
      "GET /api/tests/\(course.run)/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(course.token)\r\n\r\n"
    )
    _ = client.receive(until: "event: state")
    course.bench.server.stop()
    let (text, end) = client.receiveAll()
    #expect(text.hasSuffix("0\r\n\r\n") && end == .closed)
    try course.bench.wait { course.bench.board.listenerCount == 0 }
  }
}
