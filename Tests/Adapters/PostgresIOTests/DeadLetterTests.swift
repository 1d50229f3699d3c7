import Measuring
import Model
import PostgresIO
import TestSupport
import Testing
import Wire

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct DeadLetterTests {
  /// A run of three seconds, the second one refused by a constraint, and one piece of rubbish.
  private func bury(_ bench: Bench) throws -> (run: Identifier, records: [StoredRecord]) {
    var source = SplitMix(seed: 4)
    let run = Identifier(random: &source)
    let worker = MadeWorker(run: run, seconds: 3, &source)
    try bench.database.script("ALTER TABLE record_header ADD CONSTRAINT odd CHECK (sequence <> 2)", action: "refuse")
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let records = worker.intervals.records()
    let outcome = try store.persist(
      records + [StoredRecord(offset: 3, key: [], value: [1, 2]), StoredRecord(offset: 4, key: nil, value: nil)],
      partition: 0)
    #expect(outcome.dead == 3 && outcome.stored == 2)
    return (run, records)
  }

  private func replay(_ bench: Bench) throws -> RecordStore.Replay {
    let store = try RecordStore.forReplays(Database(PostgresAddress(bench.url), application: "replay"))
    guard case .granted = try store.claim(0, evict: false) else { throw TestError("another replay is at work") }
    return try store.replay(DeadLetters(bench.database).list(most: 100))
  }

  @Test func whatCanBeStoredNowIsStoredAndTheRunIsComplete() throws {
    let bench = try Bench()
    let (run, _) = try bury(bench)
    // Nothing has changed: nothing is stored, and each says why.
    let vain = try replay(bench)
    #expect(vain.stored == 0 && vain.repeated == 0 && vain.refused.count == 3)
    #expect(vain.refused.first?.reason.contains("odd") == true)
    #expect(try bench.value("SELECT count(*) FROM dead_letter WHERE tried_at IS NOT NULL") == "3")
    #expect(try bench.value("SELECT is_complete FROM run_ledger WHERE run = $1", PostgresValue(run)) == "f")

    try bench.database.script("ALTER TABLE record_header DROP CONSTRAINT odd", action: "allow")
    let done = try replay(bench)
    #expect(done.stored == 1 && done.repeated == 0 && done.refused.map(\.letter.offset) == [3, 4])
    #expect(done.refused.last?.reason == "found a record without a value, expected a frame")
    #expect(try bench.value("SELECT is_complete FROM run_ledger WHERE run = $1", PostgresValue(run)) == "t")
    #expect(try bench.rows("SELECT record_offset, outcome FROM dead_letter_settled") == [["1", "stored"]])
    #expect(try bench.value("SELECT count(*) FROM dead_letter") == "2")
    // The sums hold for the replays as for a partition.
    #expect(try bench.value("SELECT sum(abs(never_seen)) FROM partition_ledger") == "0")
    #expect(
      try bench.value(
        "SELECT count(*) > 0 FROM record_rollup JOIN consumer_offset AS o USING (source) WHERE o.topic LIKE 'dead%'")
        == "t")
  }

  /// The record came again at another offset, and was stored there.
  @Test func whatWasStoredMeanwhileIsARepeat() throws {
    let bench = try Bench()
    let (run, records) = try bury(bench)
    try bench.database.script("ALTER TABLE record_header DROP CONSTRAINT odd", action: "allow")
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    let again = records.map { StoredRecord(offset: $0.offset + 10, key: $0.key, value: $0.value) }
    #expect(try store.persist(again, partition: 0).stored == 1)
    let done = try replay(bench)
    #expect(done.stored == 0 && done.repeated == 1 && done.refused.count == 2)
    #expect(try bench.rows("SELECT outcome FROM dead_letter_settled") == [["repeated"]])
    #expect(try bench.value("SELECT is_complete FROM run_ledger WHERE run = $1", PostgresValue(run)) == "t")
  }

  /// Another record has its key: it stays aside, once.
  @Test func whatDiffersFromTheStoredRecordStays() throws {
    var source = SplitMix(seed: 5)
    let bench = try Bench()
    var worker = MadeWorker(run: Identifier(random: &source), seconds: 2, &source)
    let store = try bench.store()
    _ = try store.claim(0, evict: true)
    _ = try store.persist(worker.intervals.records(), partition: 0)
    worker.intervals[1].names[0].counts.completed += 1
    _ = try store.persist([worker.intervals[1]].records(from: 2), partition: 0)
    let done = try replay(bench)
    #expect(done.refused.map(\.reason) == ["its key was stored already, with other content"])
    #expect(try bench.rows("SELECT record_offset FROM dead_letter") == [["2"]])
    #expect(try bench.value("SELECT count(*) FROM record_header") == "2")
  }

  @Test func onlyOneReplaysAtATime() throws {
    let bench = try Bench()
    _ = try bury(bench)
    let first = try RecordStore.forReplays(Database(PostgresAddress(bench.url), application: "replay"))
    #expect(try first.claim(0, evict: false) == .granted(next: nil))
    let second = try RecordStore.forReplays(Database(PostgresAddress(bench.url), application: "replay"))
    guard case .held = try second.claim(0, evict: false) else {
      Issue.record("two replay at once")
      return
    }
  }

  @Test func lettersAreListedFromPlaceToPlaceAndMarked() throws {
    let bench = try Bench()
    let (run, _) = try bury(bench)
    let letters = DeadLetters(bench.database)
    let first = try letters.list(most: 1)
    #expect(first.map(\.offset) == [1] && first.first?.topic == "results" && first.first?.run == run.description)
    #expect(first.first?.state == "23514")
    #expect(try letters.list(after: first.first, most: 10).map(\.offset) == [3, 4])
    #expect(try letters.list(run: run, most: 10).map(\.offset) == [1])
    let rubbish = try letters.unsent(clusterID: "c1", topic: "results", most: 10)
    #expect(rubbish.map(\.value?.count) == [first.first?.value?.count, 2, nil])
    #expect(rubbish.map(\.key?.count) == [1, 0, nil])
    try letters.markSent([(rubbish[0], nil), (rubbish[2], "too large")])
    #expect(try letters.unsentCount(clusterID: "c1", topic: "results") == 1)
    #expect(try letters.unsent(clusterID: "other", topic: "results", most: 10).isEmpty)
    #expect(try bench.value("SELECT send_problem FROM dead_letter WHERE record_offset = 4") == "too large")
  }
}
