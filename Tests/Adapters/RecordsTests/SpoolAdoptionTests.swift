import Foundation
import Measuring
import Model
import TestSupport
import Testing
import Wire

@testable import Records

/// Deaths at any moment: what was kept is sent once more under its old key, and the sequences end dense.
@Suite struct SpoolAdoptionTests {
  /// Random lives of one incarnation: records put in, some reported safe, a death, perhaps with half a file written,
  /// an adoption that dies again. What a reader of all that was sent would have must be 0…N, each with its own bytes,
  /// the last of them the only final one, and no more.
  @Test func whateverDiesTheSequencesEndDense() throws {
    let seed = UInt64.random(in: 0...(.max))
    var source = SplitMix(seed: seed)
    for round in 0..<150 {
      let folder = try TemporaryFolder("spool")
      var sent: [UInt64: [UInt8]] = [:]
      let count = Int(source.next() % 8)
      try live(count, in: folder, &sent, &source)
      // The adopters die, too, but the last.
      for _ in 0..<source.next() % 3 {
        let adoption = Spool.adopt(root: folder.path, limit: 1 << 20)
        try #require(adoption.problems.isEmpty && adoption.damaged.isEmpty, "seed \(seed), round \(round)")
        if let spool = adoption.spools.first { try send(some: spool, &sent, &source) }
      }
      // Other tests start processes: between fork and exec a child holds the lock as well, so it may need another try.
      for _ in 0..<10_000 where try !folder.names().isEmpty {
        for spool in Spool.adopt(root: folder.path, limit: 1 << 20).spools {
          for entry in spool.waiting {
            try keep(spool, entry, &sent)
            try spool.remove(entry.sequence)
          }
          spool.dissolve()
        }
      }
      try #require(folder.names().isEmpty, "seed \(seed), round \(round)")
      try check(sent, atLeast: count, "seed \(seed), round \(round)")
    }
  }

  /// Records go where whoever made the folder meant them to, whoever sends them.
  @Test func aSpoolKeepsItsTopic() throws {
    let folder = try TemporaryFolder("spool")
    try SpoolAdoptionTests.leave(in: folder, topic: "shop.results")
    // Other tests start processes: between fork and exec a child holds the lock as well.
    var spools: [Spool] = []
    for _ in 0..<10_000 where spools.isEmpty { spools = Spool.adopt(root: folder.path, limit: 1 << 20).spools }
    let spool = try #require(spools.first)
    #expect(spool.topic == "shop.results")
    for entry in spool.waiting { try spool.remove(entry.sequence) }
    spool.dissolve()
    #expect(try folder.names().isEmpty)
  }

  /// A life that ends with one record in its spool.
  private static func leave(in folder: TemporaryFolder, topic: String) throws {
    let spool = try Spool(
      root: folder.path, run: SpoolTests.run, incarnation: SpoolTests.incarnation, topic: topic, limit: 1 << 20)
    try spool.add(IntervalCodec.encode(.sample(sequence: 1)), sequence: 1)
  }

  private func live(
    _ count: Int, in folder: TemporaryFolder, _ sent: inout [UInt64: [UInt8]], _ source: inout SplitMix
  ) throws {
    let spool = try SpoolTests.spool(folder)
    let about = RunRecord(
      run: SpoolTests.run, incarnation: SpoolTests.incarnation, name: "r", version: "", description: "{}")
    try spool.add(about.encoded(), sequence: 0)
    for sequence in 0..<count {
      try spool.add(SpoolTests.frame(sequence + 1), sequence: UInt64(sequence + 1))
      try send(some: spool, &sent, &source)
    }
    if source.next() % 3 == 0 {
      // Half a record: the death came before the rename.
      let key = Interval.Key(run: SpoolTests.run, incarnation: SpoolTests.incarnation, sequence: UInt64(count + 1))
      let half = SpoolTests.frame(count + 1).prefix(20)
      try Data(half).write(to: URL(fileURLWithPath: "\(spool.path)/\(SpoolName.text(of: key)).part"))
    }
  }

  /// Some are sent; of those, some are reported safe before the death.
  private func send(some spool: Spool, _ sent: inout [UInt64: [UInt8]], _ source: inout SplitMix) throws {
    for entry in spool.waiting where source.next() % 3 == 0 {
      try keep(spool, entry, &sent)
      if source.next() % 2 == 0 { try spool.remove(entry.sequence) }
    }
  }

  private func keep(_ spool: Spool, _ entry: Spool.Entry, _ sent: inout [UInt64: [UInt8]]) throws {
    let bytes = try spool.read(entry.sequence)
    // A repeat is the same bytes under the same key.
    if let before = sent[entry.sequence] { try #require(before == bytes) }
    sent[entry.sequence] = bytes
  }

  private func check(_ sent: [UInt64: [UInt8]], atLeast count: Int, _ place: String) throws {
    let last = try #require(sent.keys.max(), "\(place)")
    try #require(sent.count == Int(last) + 1, "\(place): \(sent.keys.sorted())")
    try #require(last == UInt64(count + 1), "\(place)")
    for (sequence, bytes) in sent {
      let record = try Record.decode(bytes[...])
      try #require(record.key.sequence == sequence && record.key.incarnation == SpoolTests.incarnation, "\(place)")
      switch record {
      case .run: try #require(sequence == 0, "\(place)")
      case .interval(let interval):
        let final = sequence == last ? Interval.Final(records: last, reason: .failed) : nil
        try #require(interval.final == final, "\(place)")
        if final == nil { try #require(bytes == SpoolTests.frame(Int(sequence)), "\(place)") }
      }
    }
  }
}
