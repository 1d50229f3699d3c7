import Measuring
import Model
import Summary
import Testing
import Threads

@testable import MasterRole

@Suite struct BoardTests {
  private static let run = Identifier(high: 1, low: 1)
  private static let workers = [Identifier(high: 2, low: 1), Identifier(high: 2, low: 2)]

  private func description() throws -> RunDescription {
    let plan = Plan(
      name: "p", targets: [Target(name: "GET /", url: try TargetURL(text: "http://127.0.0.1/"))],
      load: Load(model: .arrivals(.perSecond(10)), duration: .seconds(10)))
    return RunDescription(
      plan: plan, run: Self.run, incarnations: Self.workers.map { .init(id: $0) },
      start: .init(secondsSince1970: 0, text: ""), loops: 1, cpus: 1, pacing: .sleeping, targetIsHere: false,
      version: "t")
  }

  /// A second in which so many requests completed.
  private func second(_ number: UInt32, _ worker: Int, _ count: UInt64 = 5, isLast: Bool = false) -> Interval {
    var interval = Interval(
      key: .init(run: Self.run, incarnation: Self.workers[worker], sequence: UInt64(number) + 1), second: number,
      from: .seconds(Int64(number)), to: .seconds(Int64(number) + 1))
    var name = NameInterval(name: "GET /")
    (name.counts.started, name.counts.completed, name.counts.accepted) = (count, count, count)
    interval.names = [name]
    if isLast { interval.final = .init(records: UInt64(number) + 1, reason: .planEnded) }
    return interval
  }

  @Test func aSecondIsShownOnceAllWorkersHaveToldIt() throws {
    var live = LiveRun(try description())
    #expect(live.add(second(0, 0)).isEmpty)
    #expect(live.add(second(1, 0)).isEmpty)
    #expect(live.add(second(0, 1)).map(\.completed) == [10])
    #expect(live.add(second(1, 1)).map(\.elapsed) == [.seconds(2)])
    // The last one need not be waited for beyond the next but one.
    #expect(live.add(second(2, 0)).isEmpty)
    #expect(live.add(second(3, 0)).isEmpty)
    #expect(live.add(second(4, 0)).map(\.completed) == [5])
    // Late: counted, and not shown a second time.
    #expect(live.add(second(2, 1)).isEmpty)
    #expect(live.builder.summary().counts.stored == 40)
    // Who is done is waited for no more.
    #expect(live.add(second(3, 1, isLast: true)).map(\.completed) == [10, 5])
    #expect(live.add(second(5, 0)).map(\.completed) == [5])
    #expect(live.line?.elapsed == .seconds(6))
  }

  @Test func whoComesBackGetsWhatWasMissed() {
    var log = EventLog(epoch: 7)
    for number in 1...EventLog.most + 5 { _ = log.append(.second, Array("{\"n\":\n\(number)}".utf8)) }
    #expect(log.after("7-603").map(\.number) == [604, 605])
    #expect(log.after("7-0").count == EventLog.most)
    #expect(log.after(nil).isEmpty && log.after("8-603").isEmpty && log.after("603").isEmpty && log.after("-").isEmpty)
    let text = String(decoding: log.after("7-604")[0].bytes, as: UTF8.self)
    #expect(text == "id: 7-605\nevent: second\ndata: {\"n\":605}\n\n")
    #expect(log.lastID == "7-605")
  }

  @Test func listenersHearOfTheirRunUntilItsEnd() throws {
    let board = Board()
    let heard = Monitor<[String]>([])
    let note: @Sendable (ServerEvent) -> Void = { event in heard.change { $0.append(event.kind.rawValue) } }
    board.begin(Self.run, try description())
    board.count(Self.run, second(0, 0))
    board.count(Self.run, second(0, 1))
    let first = board.listen(to: Self.run, after: nil, deliver: note)
    #expect(first?.missed.isEmpty == true)
    let id = try #require(first?.lastID)
    board.count(Self.run, second(1, 0))
    board.count(Self.run, second(1, 1))
    board.count(Identifier(high: 9, low: 9), second(1, 1))
    #expect(heard.read { $0 } == ["second"] && board.line(Self.run)?.elapsed == .seconds(2))
    #expect(board.listen(to: Self.run, after: id, deliver: { _ in })?.missed.count == 1)
    #expect(board.listenerCount == 2 && board.running == 1)
    board.tell(Self.run, Array("{}".utf8), isEnd: true)
    #expect(heard.read { $0 } == ["second", "state", "end"])
    #expect(board.listenerCount == 0 && board.running == 0 && board.builder(Self.run) == nil)
    board.unlisten(Self.run, 1)
    #expect(board.listenerCount == 0)
  }

  @Test func aRunThatAnotherMasterBeganHasSecondsButNoSum() throws {
    let board = Board()
    board.resume(Self.run, try description())
    board.count(Self.run, second(7, 0))
    board.count(Self.run, second(7, 1))
    #expect(board.line(Self.run)?.completed == 10 && board.builder(Self.run) == nil && board.running == 1)
  }

  @Test func listenersAreBounded() {
    let board = Board()
    var last: Board.Listening?
    for _ in 0..<Board.mostListeners { last = board.listen(to: Self.run, after: nil, deliver: { _ in }) }
    #expect(last != nil && board.listen(to: Self.run, after: nil, deliver: { _ in }) == nil)
    board.unlisten(Self.run, last?.number ?? 0)
    #expect(board.listen(to: Self.run, after: nil, deliver: { _ in }) != nil)
  }
}
