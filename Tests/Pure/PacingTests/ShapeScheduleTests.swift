import Foundation
import Model
import Testing

@testable import Pacing

/// Against scripts/oracles/shapes.py: fractions and mpmath, inverses by bisection.
@Suite struct ShapeScheduleTests {
  struct Row {
    let text: String
    let planned: UInt64
    var due: [(n: UInt64, at: Int64)] = []
    var before: [(time: Int64, count: UInt64)] = []
  }

  static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Fixtures/shapes.tsv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let fields = line.split(separator: "\t")
      var row = Row(text: String(fields[0]), planned: try #require(UInt64(fields[1])))
      for field in fields.dropFirst(2) {
        if let sign = field.firstIndex(of: ":") {
          row.due.append(
            (try #require(UInt64(field[..<sign])), try #require(Int64(field[field.index(after: sign)...]))))
        } else {
          let sign = try #require(field.firstIndex(of: "<"))
          row.before.append(
            (try #require(Int64(field[..<sign])), try #require(UInt64(field[field.index(after: sign)...]))))
        }
      }
      return row
    }
  }

  @Test func everyInstantAndCountIsExact() throws {
    let rows = try ShapeScheduleTests.rows()
    #expect(rows.count == 120)
    for row in rows {
      let schedule = try Schedule(shape: Shape(text: row.text, of: .arrivals), duration: nil)
      #expect(schedule.planned == row.planned, "\(row.text)")
      for (n, at) in row.due { #expect(schedule.due(n) == at, "\(row.text): due(\(n))") }
      for (time, count) in row.before {
        #expect(schedule.arrivals(before: TimeSpan(nanoseconds: time)) == count, "\(row.text): before \(time)")
      }
    }
  }

  static func randomShape(_ random: inout Seeded, waves: Bool = true) -> Shape {
    func level(_ most: Int64 = 100_000) -> Shape.Level {
      let per: Int64 = [1, 1, 1, 60, 7].randomElement(using: &random) ?? 1
      return Shape.Level(
        count: Bool.random(using: &random) ? .random(in: 0...most, using: &random) : 0, per: .seconds(per))
    }
    let parts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      let length = TimeSpan(
        nanoseconds: .random(in: 1...Int64.random(in: 1...600_000_000_000, using: &random), using: &random))
      switch Int.random(in: 0..<(waves ? 3 : 2), using: &random) {
      case 0: return Shape.Part(.constant(level()), for: length)
      case 1: return Shape.Part(.line(from: level(), to: level()), for: length)
      case _:
        let mean = Shape.Level(count: .random(in: 1...100_000, using: &random))
        let swing = Shape.Level(count: .random(in: 0...mean.count, using: &random))
        let period = TimeSpan(nanoseconds: .random(in: 1...1_000_000_000_000, using: &random))
        return Shape.Part(.sine(mean: mean, amplitude: swing, period: period), for: length)
      }
    }
    return Shape(parts: parts)
  }

  /// `due(n) < t` says the same as `n < arrivals(before: t)`, and neither ever goes back.
  @Test func instantsAndCountsAgree() throws {
    var random = Seeded.printed()
    for _ in 0..<400 {
      let shape = ShapeScheduleTests.randomShape(&random)
      let schedule = try Schedule(shape: shape, duration: nil)
      if schedule.planned == 0 { continue }
      for _ in 0..<20 {
        let n = UInt64.random(in: 0..<schedule.planned, using: &random)
        let due = schedule.due(n)
        #expect(due >= 0 && due < schedule.end.nanoseconds, "\(shape)")
        #expect(schedule.arrivals(before: TimeSpan(nanoseconds: due)) <= n, "\(shape): \(n)")
        #expect(schedule.arrivals(before: TimeSpan(nanoseconds: due + 1)) > n, "\(shape): \(n)")
        if n > 0 { #expect(schedule.due(n - 1) <= due, "\(shape): \(n)") }
        let time = Int64.random(in: 1...schedule.end.nanoseconds, using: &random)
        let count = schedule.arrivals(before: TimeSpan(nanoseconds: time))
        if count > 0 { #expect(schedule.due(count - 1) < time, "\(shape): \(time)") }
        if count < schedule.planned { #expect(schedule.due(count) >= time, "\(shape): \(time)") }
      }
    }
  }

  /// However arrivals are dealt out, every window holds for each share its portion to within one.
  @Test func everyShareHasItsPortionOfEveryWindow() throws {
    var random = Seeded.printed()
    for _ in 0..<60 {
      let shape = ShapeScheduleTests.randomShape(&random)
      let schedule = try Schedule(shape: shape, duration: nil)
      // Of 1,024 slots, shares that divide them evenly are exact; others are within one in each round of the slots.
      let workers = [1, 2, 4, 8, 16].randomElement(using: &random) ?? 1
      let loops = [1, 2, 4].randomElement(using: &random) ?? 1
      let shares = (0..<workers).flatMap { worker in
        (0..<loops).map { SlotRange(share: worker, of: workers).part($0, of: loops) }
      }
      for _ in 0..<10 {
        let a = Int64.random(in: 0...schedule.end.nanoseconds, using: &random)
        let b = Int64.random(in: a...schedule.end.nanoseconds, using: &random)
        let (from, to) = (
          schedule.arrivals(before: TimeSpan(nanoseconds: a)), schedule.arrivals(before: TimeSpan(nanoseconds: b))
        )
        let counts = shares.map { $0.arrivals(below: to) - $0.arrivals(below: from) }
        #expect(counts.reduce(0, +) == to - from)
        let portion = Double(to - from) / Double(shares.count)
        #expect(counts.allSatisfy { abs(Double($0) - portion) <= 1 }, "\(shape)")
      }
    }
  }

  @Test func boundsCutAShape() throws {
    let shape = try Shape(text: "0..100/10s,100/10s,100..0/10s", of: .arrivals)
    #expect(try Schedule(shape: shape, duration: nil).planned == 2_000)
    #expect(try Schedule(shape: shape, duration: .seconds(10)).planned == 500)
    #expect(try Schedule(shape: shape, duration: .seconds(90)).end == .seconds(30))
    let some = try Schedule(shape: shape, duration: nil, requests: 501)
    #expect(some.planned == 501 && some.end == TimeSpan(nanoseconds: 10_010_000_000))
    let endless = try Shape(text: "0..100/10s,100", of: .arrivals)
    #expect(throws: ValueError.self) { try Schedule(shape: endless, duration: nil) }
    #expect(try Schedule(shape: endless, duration: .seconds(20)).planned == 1_500)
  }

  @Test func nothingIsDueWhereTheLevelIsZero() throws {
    let schedule = try Schedule(shape: Shape(text: "10/1s,0/1h,10/1s", of: .arrivals), duration: nil)
    #expect(schedule.planned == 20)
    #expect(schedule.due(9) == 900_000_000 && schedule.due(10) == 3_601_000_000_000)
    #expect(schedule.arrivals(before: .seconds(1_800)) == 10)
  }
}

/// SplitMix64 from a seed that is printed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  static func printed(_ function: String = #function) -> Seeded {
    let seed = UInt64.random(in: 0...999_999)
    print("\(function): seed \(seed)")
    return Seeded(state: seed)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Draw.mix(state)
  }
}
