import Measuring
import Model
import PostgresIO
import TestSupport
import Testing
import Wire

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct RecordStoreTests {
  @Test func aRecordIsStoredOnceHoweverOftenItComes() throws {
    var source = SplitMix(seed: 1)
    let bench = try Bench()
    let store = try bench.store()
    let run = Identifier(random: &source)
    let worker = MadeWorker(run: run, seconds: 12, &source)
    let records = worker.intervals.records()
    #expect(try store.claim(3, evict: true) == .granted(next: nil))

    var first = RecordStore.Outcome()
    first.stored = 12
    first.next = 12
    #expect(try store.persist(records, partition: 3) == first)
    // The same offsets again, as after a COMMIT of which nobody knew: all of them lie below the offset.
    #expect(try store.persist(records, partition: 3).skipped == 12)
    // The same records at other offsets, as a producer makes them that sends twice.
    let again = try store.persist(worker.intervals.records(from: 12), partition: 3)
    #expect(again.repeated == 12 && again.stored == 0 && again.dead == 0 && again.next == 24)

    #expect(try bench.value("SELECT count(*) FROM record_header") == "12")
    let names = worker.intervals.flatMap(\.names)
    #expect(try bench.value("SELECT count(*) FROM record_name") == String(names.count))
    #expect(
      try bench.value("SELECT sum(completed) FROM record_rollup WHERE span_seconds = 0")
        == String(names.reduce(UInt64(0)) { $0 + $1.counts.completed }))
    #expect(
      try bench.rows("SELECT next_offset, stored, repeated, dead, never_seen FROM partition_ledger")
        == [["24", "12", "12", "0", "0"]])
    #expect(try bench.value("SELECT is_complete FROM run_ledger WHERE run = $1", PostgresValue(run)) == "t")
    // A number beyond 63 bits keeps its digits.
    #expect(try bench.value("SELECT loops->0->>'taken_up_to' FROM record_worker LIMIT 1") == "18446744073709551615")
  }

  @Test func theSameKeyWithOtherContentIsADeadLetter() throws {
    var source = SplitMix(seed: 2)
    let bench = try Bench()
    let store = try bench.store()
    var worker = MadeWorker(run: Identifier(random: &source), seconds: 3, &source)
    _ = try store.claim(0, evict: true)
    _ = try store.persist(worker.intervals.records(), partition: 0)
    worker.intervals[1].names[0].counts.completed += 1
    let outcome = try store.persist([worker.intervals[1]].records(from: 3), partition: 0)
    #expect(outcome.dead == 1 && outcome.stored == 0)
    #expect(
      try bench.rows("SELECT record_offset, reason, sequence FROM dead_letter")
        == [["3", "its key was stored already, with other content", "2"]])
    #expect(try bench.value("SELECT is_complete FROM run_ledger") == "f")
    #expect(try bench.value("SELECT dead_letters FROM run_ledger") == "1")
  }

  @Test func rubbishAndWhatBreaksAConstraintGoAsideAloneAndInOneTransaction() throws {
    var source = SplitMix(seed: 3)
    let bench = try Bench()
    let store = try bench.store()
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 9, &source)
    var intervals = worker.intervals
    intervals[2].names[0].name = "with\0nul"
    intervals[4].key.sequence = .max
    intervals[5].key.sequence = 0
    intervals[6].phase.name = "\0"
    var records = intervals.records()
    records[7] = StoredRecord(offset: 7, key: nil, value: [0, 1, 2])
    records.append(StoredRecord(offset: 9, key: [7], value: nil))
    _ = try store.claim(0, evict: true)
    let outcome = try store.persist(records, partition: 0)
    #expect(outcome.stored == 4 && outcome.dead == 6 && outcome.next == 10)
    let dead = try bench.rows("SELECT record_offset, sqlstate, reason FROM dead_letter ORDER BY record_offset")
    #expect(dead.map { $0[0] } == ["2", "4", "5", "6", "7", "9"])
    #expect(dead.map { $0[1] } == ["22021", "22003", nil, "22021", nil, nil])
    #expect(dead[4][2]?.contains("frame") == true)
    #expect(try bench.value("SELECT value FROM dead_letter WHERE record_offset = 7") == "\\x000102")
    #expect(try bench.value("SELECT count(*) FROM record_header") == "4")
    #expect(try bench.value("SELECT missing_records FROM run_ledger") == "5")
  }

  @Test func aWriterWhosePartitionMovedStoresNothing() throws {
    var source = SplitMix(seed: 4)
    let bench = try Bench()
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 4, &source)
    let records = worker.intervals.records()
    let (old, new) = (try bench.store(), try bench.store())
    #expect(try old.claim(0, evict: true) == .granted(next: nil))
    _ = try old.persist(Array(records.prefix(2)), partition: 0)
    // Without the group's word the holder is left alone; with it, its backend is ended.
    #expect(try new.claim(0, evict: false, grace: .zero) == .held(by: old.backend))
    #expect(try new.claim(0, evict: true, grace: .zero) == .granted(next: 2))
    #expect(throws: StoreError.self) { try old.persist(Array(records.suffix(2)), partition: 0) }
    _ = try new.persist(records, partition: 0)
    #expect(try bench.value("SELECT next_offset FROM consumer_offset") == "4")
    // The old one comes back on a new connection, not knowing that it was revoked.
    let back = try bench.store()
    #expect(try back.claim(0, evict: false, former: old.backend, grace: .zero) == .held(by: new.backend))
    #expect(try bench.value("SELECT count(*) FROM record_header") == "4")
  }

  @Test func anOffsetThatSomebodyElseMovedIsNeverMovedBack() throws {
    var source = SplitMix(seed: 6)
    let bench = try Bench()
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 4, &source)
    let store = try bench.store()
    for expected in [nil, 2] as [Int64?] {
      #expect(try store.claim(0, evict: true) == .granted(next: expected))
      if expected == nil {
        try bench.database.script(
          "INSERT INTO consumer_offset (cluster_id, topic, partition, next_offset) VALUES ('c1', 'results', 0, 2)",
          action: "interfere")
      } else {
        try bench.database.script("UPDATE consumer_offset SET next_offset = 3", action: "interfere")
      }
      #expect {
        try store.persist(worker.intervals.records(), partition: 0)
      } throws: { error in
        if case StoreError.moved(0, let read) = error { read == expected } else { false }
      }
      #expect(try bench.value("SELECT count(*) FROM record_header") == "0")
    }
    #expect(try store.reread(0) == 3)
    #expect(try store.persist(worker.intervals.records(), partition: 0).stored == 1)
  }

  @Test func twoPartitionsWriteTheSameRunAtOnceAndAnotherClusterHasOffsetsOfItsOwn() throws {
    var source = SplitMix(seed: 7)
    let bench = try Bench()
    let run = Identifier(random: &source)
    let workers = (0..<2).map { _ in MadeWorker(run: run, seconds: 15, &source) }
    let store = try bench.store()
    for (partition, worker) in workers.enumerated() {
      _ = try store.claim(Int32(partition), evict: true)
      _ = try store.persist(worker.intervals.records(), partition: Int32(partition))
    }
    let other = try bench.store(cluster: "c2")
    #expect(try other.claim(0, evict: true) == .granted(next: nil))
    #expect(try other.persist(workers[0].intervals.records(), partition: 0).repeated == 15)
    let completed = workers.flatMap(\.intervals).flatMap(\.names).reduce(UInt64(0)) { $0 + $1.counts.completed }
    #expect(
      try bench.rows("SELECT incarnations, records, stored_completed, is_complete FROM run_ledger")
        == [["2", "30", String(completed), "t"]])
  }

  @Test func aRunIsKnownByWhatItsWorkersSayOnce() throws {
    var source = SplitMix(seed: 10)
    let bench = try Bench()
    let store = try bench.store()
    let worker = MadeWorker(run: Identifier(random: &source), seconds: 2, &source)
    var said = RunRecord(
      run: worker.run, incarnation: worker.incarnation, name: "shop", version: "1",
      description: #"{"schema":"x","startedAtSeconds":1700000000}"#)
    func record(_ offset: Int64) -> StoredRecord { StoredRecord(offset: offset, key: nil, value: said.encoded()) }
    _ = try store.claim(0, evict: true)
    // Intervals may be there first: another partition was read sooner.
    _ = try store.persist(worker.intervals.records(), partition: 0)
    #expect(try store.persist([record(2), record(3)], partition: 0).repeated == 1)
    said.name = "another"
    #expect(try store.persist([record(4)], partition: 0).dead == 1)
    said.incarnation = Identifier(random: &source)
    said.description = "{"
    #expect(try store.persist([record(5)], partition: 0).dead == 1)
    #expect(
      try bench.rows("SELECT name, extract(epoch FROM started_at)::int, seconds FROM run_summary")
        == [["shop", "1700000000", "2.000"]])
    #expect(
      try bench.rows("SELECT stored, repeated, dead, never_seen FROM partition_ledger") == [["3", "1", "2", "0"]])
  }

  @Test func whatTheWorkerCountedItselfIsHeldAgainstTheRows() throws {
    var source = SplitMix(seed: 11)
    let bench = try Bench()
    let store = try bench.store()
    var worker = MadeWorker(run: Identifier(random: &source), seconds: 3, &source)
    let done = worker.intervals.flatMap(\.names).reduce(UInt64(0)) { $0 + $1.counts.completed }
    worker.intervals[2].final?.completed = done + 4
    _ = try store.claim(0, evict: true)
    _ = try store.persist(worker.intervals.records(), partition: 0)
    #expect(
      try bench.rows("SELECT stored_residual, requests_residual, is_complete FROM run_ledger") == [["4", "0", "f"]])
  }
}
