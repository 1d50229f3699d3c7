import Measuring
import Model
import PostgresIO
import Summary
import TestSupport
import Testing

/// Why requests failed, as the records say it: stored once, bounded, and given back.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct CauseTests {
  private func worker(_ source: inout SplitMix, _ texts: (_ second: Int) -> [String]) -> MadeWorker {
    var worker = MadeWorker(run: Identifier(random: &source), seconds: 4, &source)
    for place in worker.intervals.indices {
      worker.intervals[place].names = [NameInterval.made("GET /", &source)]
      var causes: [CauseCount] = []
      for (number, text) in texts(place).enumerated() {
        let kind: ErrorKind = number.isMultiple(of: 2) ? .connect : .reset
        causes.append(CauseCount(kind: kind, text: text, count: UInt64(place + 1)))
      }
      worker.intervals[place].names[0].causes = causes
    }
    return worker
  }

  private let sum = "SELECT sum(failures) FROM run_cause WHERE name = 'GET /'"

  @Test func aRecordThatComesAgainIsNotCountedAgain() throws {
    var source = SplitMix(seed: 21)
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let worker = worker(&source) { _ in ["refused by 'ADDR', \"here\" {and \\ there}", "", "weg – für N ms"] }
    #expect(try store.persist(worker.intervals.records(), partition: 0).stored == 4)
    #expect(try store.persist(worker.intervals.records(from: 4), partition: 0).repeated == 4)
    let other = try bench.store(cluster: "c2")
    _ = try other.claim(0, evict: true)
    #expect(try other.persist(worker.intervals.records(), partition: 0).repeated == 4)
    let rows = try bench.rows(
      """
      SELECT error, reason, is_warm_up, failures FROM run_cause WHERE name = 'GET /'
      ORDER BY is_warm_up DESC, error, failures, reason
      """)
    var expected: [[String?]] = []
    for (warm, count) in [("t", "1"), ("f", "9")] {
      expected.append(["connect", "refused by 'ADDR', \"here\" {and \\ there}", warm, count])
      expected.append(["connect", "weg – für N ms", warm, count])
      expected.append(["reset", nil, warm, count])
    }
    #expect(rows == expected)
  }

  /// A dead letter's reasons come with the rest of it, once.
  @Test func aDeadLetterBringsThemWhenItIsReplayed() throws {
    var source = SplitMix(seed: 22)
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let worker = worker(&source) { _ in ["refused"] }
    try bench.database.script(
      "ALTER TABLE record_header ADD CONSTRAINT for_now CHECK (second <> 2)", action: "break it")
    #expect(try store.persist(worker.intervals.records(), partition: 0).dead == 1)
    #expect(try bench.value(sum) == "7")
    try bench.database.script("ALTER TABLE record_header DROP CONSTRAINT for_now", action: "mend it")
    let replays = try RecordStore.forReplays(bench.database)
    for stored in [1, 0] {
      _ = try replays.claim(0, evict: true)
      let letters: [DeadLetter] = try DeadLetters(bench.database).list(most: 10)
      #expect(try replays.replay(letters).stored == stored)
      #expect(try bench.value(sum) == "10")
    }
  }

  /// What there is too much of is one row of its kind; what was told apart before stays told apart.
  @Test func whatIsBeyondTheBoundIsFoldedAndCounted() throws {
    var source = SplitMix(seed: 23)
    let bench = try Bench()
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    var worker = worker(&source) { second in
      let first = second * 100
      return second == 0 ? [] : (first..<first + 150).map { number -> String in "text \(number)" }
    }
    worker.intervals[1].names[0].causes.removeLast(50)
    let (told, folded) = ([0, 100, CauseTally.most, CauseTally.most], [0, 0, 1, 2])
    for (place, record) in worker.intervals.records().enumerated() {
      _ = try store.persist([record], partition: 0)
      let rows = try bench.rows("SELECT reason FROM run_cause WHERE name = 'GET /'").map { $0[0] }
      #expect(rows.count { $0 != nil } == told[place] && rows.count { $0 == nil } == folded[place])
      for number in 100..<(place > 0 ? 200 : 100) { #expect(rows.contains("text \(number)")) }
    }
    #expect(try bench.value(sum) == "1250", "100 · 2 + 150 · 3 + 150 · 4")

    // The records have all of them, and the result is what summing them up gives.
    var (description, _) = try worker.description()
    description.incarnations[0].completed = worker.intervals.last?.final?.completed
    var builder = SummaryBuilder(description)
    for interval in worker.intervals { builder.add(interval) }
    let stored = try RunArchive(bench.database).summary(of: worker.run, fallback: description)
    let names = builder.summary().names
    #expect(stored?.names.map(\.causes) == names.map(\.causes))
    let expected = try #require(names.first { $0.name == "GET /" })
    #expect(expected.causes.count == CauseTally.most + 2)
  }
}
