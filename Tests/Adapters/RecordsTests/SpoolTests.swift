import Foundation
import Measuring
import Model
import TestSupport
import Testing
import Wire

@testable import Records

@Suite struct SpoolTests {
  static let run = Identifier(high: 1, low: 2)
  static let incarnation = Identifier(high: 3, low: 4)

  static func spool(_ folder: TemporaryFolder, limit: Int = 1 << 20) throws -> Spool {
    try Spool(root: folder.path, run: run, incarnation: incarnation, limit: limit)
  }

  static func frame(_ sequence: Int) -> [UInt8] { IntervalCodec.encode(.sample(sequence: sequence)) }

  @Test func aNameIsAKeyAndTheOtherWayRound() {
    let key = Interval.Key(run: Self.run, incarnation: Self.incarnation, sequence: 17)
    let name = SpoolName.text(of: key)
    #expect(name == "\(Self.run)-\(Self.incarnation)-17")
    #expect(SpoolName.key(name) == key)
    for wrong in ["", "lock", "sent", name + ".part", name + "x", "damaged-" + name, name.uppercased() + "a"] {
      #expect(SpoolName.key(wrong) == nil, "\(wrong)")
    }
    #expect(SpoolName.key("\(Self.run)-\(Self.incarnation)-017") == nil)
    #expect(SpoolName.key("\(Self.run)-\(Self.incarnation)--1") == nil)
    #expect(SpoolName.key("\(Self.run)-\(Self.incarnation)-18446744073709551616") == nil)
  }

  /// Sealed twice, it is what it was the first time.
  @Test func aFileThatExistsWins() throws {
    let folder = try TemporaryFolder("spool")
    let spool = try Self.spool(folder)
    try spool.add(Self.frame(1), sequence: 1)
    try spool.add(Self.frame(2), sequence: 1)
    #expect(try spool.read(1) == Self.frame(1))
    #expect(spool.waiting.map(\.sequence) == [1])
  }

  /// Several processes of a machine may have one root: none takes what another has just begun.
  @Test func nobodyAdoptsAFolderThatIsBeingMade() async throws {
    let folder = try TemporaryFolder("spool")
    let root = folder.path
    let adopting = Task.detached { () -> Int in
      var taken = 0
      while !Task.isCancelled { taken += Spool.adopt(root: root, limit: 1 << 20).spools.count }
      return taken
    }
    for number in 0..<500 {
      let incarnation = Identifier(high: 9, low: UInt64(number))
      let spool = try Spool(root: root, run: Self.run, incarnation: incarnation, topic: "t", limit: 1 << 20)
      try spool.add([1, 2, 3], sequence: 1)
      #expect(FileManager.default.fileExists(atPath: "\(root)/\(incarnation)/\(SpoolFile.topic)"))
      try spool.remove(1)
      spool.dissolve()
    }
    adopting.cancel()
    #expect(await adopting.value == 0)
  }

  /// Each record is brought to the disk once; what is gone by then is not asked for.
  @Test func syncedOnceIsEnough() throws {
    let folder = try TemporaryFolder("spool")
    let spool = try Self.spool(folder)
    for sequence in 1...3 { try spool.add(Self.frame(sequence), sequence: UInt64(sequence)) }
    try spool.remove(2)
    #expect(try spool.sync() == 2)
    #expect(try spool.sync() == 0)
    try spool.add(Self.frame(4), sequence: 4)
    unlink("\(spool.path)/\(SpoolName.text(of: .init(run: Self.run, incarnation: Self.incarnation, sequence: 4)))")
    #expect(try spool.sync() == 1)
  }

  @Test func whatLivesIsNotAdopted() throws {
    let folder = try TemporaryFolder("spool")
    let spool = try Self.spool(folder)
    try spool.add(Self.frame(1), sequence: 1)
    let adoption = Spool.adopt(root: folder.path, limit: 1 << 20)
    #expect(adoption.spools.isEmpty && adoption.problems.isEmpty && adoption.damaged.isEmpty)
    #expect(throws: RecordsError.self) { _ = try Self.spool(folder) }
    #expect(try spool.read(1) == Self.frame(1))
  }

  @Test func aRootThatIsNotThereIsNothingToAdopt() throws {
    let folder = try TemporaryFolder("spool")
    let adoption = Spool.adopt(root: folder.file("none"), limit: 1 << 20)
    #expect(adoption.spools.isEmpty && adoption.problems.isEmpty)
  }

  /// It asks for the end well before nothing goes in any more; the last record always goes in.
  @Test func aFullSpoolKeepsRoomForTheEnd() throws {
    let folder = try TemporaryFolder("spool")
    let size = Self.frame(1).count
    let spool = try Self.spool(folder, limit: size * 20)
    var wanted: Int?
    var refused: Int?
    for sequence in 1...40 {
      do { try spool.add([UInt8](repeating: 0, count: size), sequence: UInt64(sequence)) } catch {
        #expect(error.cause == .full(limit: size * 20))
        refused = sequence
        break
      }
      if wanted == nil, spool.isNearlyFull { wanted = sequence }
    }
    #expect(wanted == 11)
    #expect(refused == 21)
    try spool.add(Self.frame(21), sequence: 21, isLast: true)
    #expect(spool.waiting.count == 21)
    for sequence in 1...15 { try spool.remove(UInt64(sequence)) }
    #expect(!spool.isNearlyFull)
  }

  @Test func rubbishIsSetAsideAndSaid() throws {
    let folder = try TemporaryFolder("spool")
    var spool: Spool? = try Self.spool(folder)
    for sequence in 1...3 { try spool?.add(Self.frame(sequence), sequence: UInt64(sequence)) }
    let path = try #require(spool?.path)
    spool = nil
    let name = SpoolName.text(of: Interval.Key(run: Self.run, incarnation: Self.incarnation, sequence: 2))
    try Data().write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    try Data("hello".utf8).write(to: URL(fileURLWithPath: "\(path)/notes.txt"))
    let adoption = Spool.adopt(root: folder.path, limit: 1 << 20)
    #expect(adoption.damaged == ["\(path)/damaged-\(name)"])
    #expect(adoption.spools.map { $0.waiting.map(\.sequence) } == [[1, 3, 4]])
    for sequence in [1, 3, 4] as [UInt64] { try adoption.spools[0].remove(sequence) }
    adoption.spools[0].dissolve()
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["damaged-\(name)", "notes.txt"])
  }

  /// Nothing was ever in it, or all of it is safe: the folder goes.
  @Test func whatHasNothingToSendGoes() throws {
    let folder = try TemporaryFolder("spool")
    do { _ = try Self.spool(folder) }
    #expect(Spool.adopt(root: folder.path, limit: 1).spools.isEmpty)
    #expect(try folder.names().isEmpty)
    do {
      let spool = try Self.spool(folder)
      var last = Interval.sample(sequence: 1)
      last.final = Interval.Final(records: 1, reason: .planEnded)
      try spool.add(IntervalCodec.encode(last), sequence: 1, isLast: true)
      try spool.remove(1)
    }
    #expect(Spool.adopt(root: folder.path, limit: 1).spools.isEmpty)
    #expect(try folder.names().isEmpty)
  }
}
