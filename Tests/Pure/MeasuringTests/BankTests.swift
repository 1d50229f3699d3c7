import Model
import Testing

@testable import Measuring

@Suite struct BankTests {
  /// A bank on memory of its own for the length of a test.
  final class Owned {
    let memory: UnsafeMutableRawPointer
    let bank: Bank

    init(names: Int, checks: Int = 0, scenarios: Int = 0, blocks: Int) {
      let room = Bank.Room(names: names, checks: checks, scenarios: scenarios, blocks: blocks)
      let size = room.size
      memory = .allocate(byteCount: size, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      bank = Bank(zeroed: memory, room)
    }

    deinit { memory.deallocate() }
  }

  @Test func recordsWhatTheValueRecords() {
    let owned = Owned(names: 3, blocks: 600)
    var expected = [Histogram](repeating: Histogram(), count: 3)
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    var state = seed
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let name = Int(state >> 33 % 3)
      let value = UInt32(truncatingIfNeeded: state >> 32) >> UInt32(state >> 20 & 31)
      owned.bank.record(name, .response, microseconds: value)
      owned.bank.count(name, .completed)
      expected[name].record(value)
    }
    for name in 0..<3 {
      var interval = NameInterval(name: "\(name)")
      #expect(owned.bank.add(name, to: &interval) == (expected[name].count > 0))
      #expect(interval.histograms.response == expected[name])
      #expect(interval.counts.completed == expected[name].count)
      #expect(interval.histograms.service.count == 0)
    }
    #expect(owned.bank.folded == 0)
  }

  @Test func checksAndIterationsAreCountedAndForgotten() {
    let owned = Owned(names: 2, checks: 3, scenarios: 2, blocks: 8)
    for turn in 0..<10 { owned.bank.countCheck(2, passed: turn < 7) }
    owned.bank.countCheck(0, passed: false)
    owned.bank.count(scenario: 1, .started, 5)
    owned.bank.count(scenario: 1, .completed, 2)
    owned.bank.count(scenario: 1, .failed)
    owned.bank.count(scenario: 1, .cut, 2)
    for time in [900, 4_000] as [UInt32] { owned.bank.recordIteration(1, microseconds: time) }
    owned.bank.record(1, .firstByte, microseconds: 30)
    var checks = (0..<3).map { CheckCount(name: "\($0)") }
    #expect(checks.indices.map { owned.bank.add(check: $0, to: &checks[$0]) } == [true, false, true])
    #expect(checks[2] == CheckCount(name: "2", passed: 7, failed: 3) && checks[0].failed == 1 && checks[0].passed == 0)
    var (idle, busy) = (IterationInterval(name: "idle"), IterationInterval(name: "busy"))
    #expect(!owned.bank.add(scenario: 0, to: &idle) && owned.bank.add(scenario: 1, to: &busy))
    #expect(idle == IterationInterval(name: "idle"))
    #expect((busy.started, busy.completed, busy.failed, busy.cut) == (5, 2, 1, 2))
    #expect(busy.duration.count == 2 && busy.duration.sum == 4_900)
    owned.bank.clear()
    #expect(!owned.bank.add(check: 2, to: &checks[2]) && !owned.bank.add(scenario: 1, to: &busy))
    var interval = NameInterval(name: "")
    #expect(!owned.bank.add(1, to: &interval) && owned.bank.blocksTaken == 0)
  }

  @Test func clearingForgetsEverything() {
    let owned = Owned(names: 2, blocks: 50)
    for value in [0, 1, 200, 5_000, 1_000_000, .max] as [UInt32] {
      owned.bank.record(1, .failed, microseconds: value)
      owned.bank.record(.lateness, microseconds: value)
      owned.bank.count(1, status: 200)
      owned.bank.count(1, error: ErrorKind.timeout.rawValue)
      owned.bank.count(1, .started)
    }
    owned.bank.clear()
    var interval = NameInterval(name: "x")
    #expect(!owned.bank.add(1, to: &interval))
    #expect(interval == NameInterval(name: "x"))
    #expect(owned.bank.histogram(.lateness) == Histogram())
    #expect(owned.bank.blocksTaken == 0)
    owned.bank.record(0, .response, microseconds: 77)
    #expect(owned.bank.add(0, to: &interval))
    #expect(interval.histograms.response.percentile(50) == 77)
  }

  @Test func noValueIsLostWithoutRoom() {
    let owned = Owned(names: 1, blocks: 2)
    for value in [10, 300, 5_000, 5_000, 2_000_000] as [UInt32] { owned.bank.record(0, .response, microseconds: value) }
    owned.bank.count(0, .completed, 5)
    #expect(owned.bank.folded == 3)
    var interval = NameInterval(name: "x")
    owned.bank.add(0, to: &interval)
    #expect(interval.histograms.response.count == 5)
    #expect(interval.histograms.response.sum == 2_010_310)
  }

  /// A cell that never got a block still says how many values it had, how long in all, and its ends; and what it is
  /// made of adds up to that.
  @Test(
    arguments: [
      ([7], [7]), ([9_000, 40], [40, 9_000]), ([10, 4_000_000_000, 500, 502], [10, 501, 501, 4_000_000_000]),
      ([300, 300, 300], [300, 300, 300]),
    ] as [([UInt32], [UInt32])])
  func aCellWithoutAnyBlockKeepsItsCount(_ values: [UInt32], _ places: [UInt32]) {
    let owned = Owned(names: 1, blocks: 1)
    owned.bank.record(0, .service, microseconds: 1)
    for value in values { owned.bank.record(0, .response, microseconds: value) }
    #expect(owned.bank.folded == UInt64(values.count))
    var interval = NameInterval(name: "x")
    owned.bank.add(0, to: &interval)
    let response = interval.histograms.response
    #expect(response.count == UInt64(values.count) && response.counts.reduce(0, +) == response.count)
    #expect(response.sum == values.reduce(0) { $0 + UInt64($1) })
    #expect(response.min == values.min() && response.max == values.max())
    var expected = [UInt64](repeating: 0, count: Bucket.count)
    for place in places { expected[Bucket.index(of: place)] += 1 }
    #expect(response.counts == Array(expected.prefix(response.counts.count)))
    owned.bank.clear()
    owned.bank.record(0, .response, microseconds: 77)
    var again = NameInterval(name: "x")
    owned.bank.add(0, to: &again)
    #expect(again.histograms.response.count == 1 && owned.bank.folded == 0)
  }

  /// Numbers of kinds are given for ever; the room ends at 31.
  @Test func everyKindOfErrorHasRoom() {
    for kind in ErrorKind.allCases { #expect(Int(kind.rawValue) < Bank.errorSlots) }
    #expect(Bank.cellsAt % 64 == 0 && Bank.rowSize == Bank.cellsAt + Bank.Kind.allCases.count * Bank.cellSize)
  }

  @Test func statusesBeyondTheRoomAreCountedTogether() {
    let owned = Owned(names: 1, blocks: 2)
    for status in 200..<240 as Range<UInt16> { for _ in 0..<3 { owned.bank.count(0, status: status) } }
    owned.bank.count(0, .completed)
    var interval = NameInterval(name: "x")
    owned.bank.add(0, to: &interval)
    #expect(interval.statuses.count == 16)
    #expect(interval.statuses.first == StatusCount(status: 0, count: 75))
    #expect(interval.statuses.dropFirst().allSatisfy { $0.count == 3 })
    #expect(interval.statuses.map(\.count).reduce(0, +) == 120)
  }

  @Test func errorsAreCountedByKind() {
    let owned = Owned(names: 1, blocks: 2)
    for kind in ErrorKind.allCases { for _ in 0..<kind.rawValue { owned.bank.count(0, error: kind.rawValue) } }
    owned.bank.count(0, .completed)
    var interval = NameInterval(name: "x")
    owned.bank.add(0, to: &interval)
    #expect(interval.errors == ErrorKind.allCases.map { ErrorCount(kind: $0, count: UInt64($0.rawValue)) })
  }
}
