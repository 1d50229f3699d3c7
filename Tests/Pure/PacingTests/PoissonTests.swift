import Foundation
import Model
import Testing

@testable import Pacing

/// The arrivals of a share, in order.
func arrivals(_ schedule: Schedule, _ slots: SlotRange = SlotRange(share: 0, of: 1)) -> [(number: UInt64, due: Int64)] {
  var list: [(number: UInt64, due: Int64)] = []
  var cursor = ArrivalCursor(slots, in: schedule)
  while cursor.arrival < schedule.bound {
    let due = schedule.due(at: cursor)
    if due >= schedule.end.nanoseconds { break }
    list.append((cursor.arrival, due))
    cursor.advance()
  }
  return list
}

@Suite struct PoissonTests {
  static func poisson(_ text: String, seed: UInt64, requests: UInt64? = nil) throws -> Schedule {
    try Schedule(
      shape: Shape(text: text, of: .arrivals), spacing: .poisson, seed: seed, duration: nil, requests: requests)
  }

  /// Against scripts/oracles/poisson.py: counts from e⁻¹ at 500 bits, positions as fractions, inverses by bisection.
  @Test func everyInstantIsTheOracles() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../Fixtures/poisson.tsv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 10)
    for row in rows {
      let text = String(row[0])
      let all = arrivals(try Self.poisson(text, seed: try #require(UInt64(row[1]))))
      #expect(all.count == Int(row[2]), "\(text)")
      for field in row.dropFirst(3) {
        let sign = try #require(field.firstIndex(of: ":"))
        let (n, due) = (Int(field[..<sign]) ?? -1, Int64(field[field.index(after: sign)...]) ?? -1)
        try #require(all.indices.contains(n))
        #expect(all[n].number == UInt64(n))
        #expect(all[n].due == due, "\(text): \(n)")
      }
    }
  }

  /// Whoever has which slots: the same arrivals with the same numbers, in order, each once.
  @Test(arguments: [(1, 1), (1, 2), (1, 7), (2, 1), (2, 2), (7, 1), (7, 3), (40, 5)])
  func anyNumberOfWorkersAndLoopsSendsTheSame(_ workers: Int, _ loops: Int) throws {
    var random = Seeded.printed()
    for text in ["0..400/5s,400/5s,400..0/5s", "300/10s,", "200~200@3s/9s,", "5/7s/60s,"] {
      let seed = random.next()
      let schedule = try Self.poisson(text, seed: seed)
      let whole = arrivals(schedule)
      #expect(whole.indices.allSatisfy { whole[$0].number == UInt64($0) })
      #expect(zip(whole, whole.dropFirst()).allSatisfy { $0.due <= $1.due })
      var merged: [(number: UInt64, due: Int64)] = []
      for worker in 0..<workers {
        for loop in 0..<loops {
          let slots = SlotRange(share: worker, of: workers).part(loop, of: loops)
          let mine = arrivals(schedule, slots)
          #expect(zip(mine, mine.dropFirst()).allSatisfy { $0.number < $1.number && $0.due <= $1.due })
          var tally = ArrivalTally(slots, in: schedule)
          #expect(tally.arrivals(before: schedule.end, in: schedule) == UInt64(mine.count))
          merged += mine
        }
      }
      merged.sort { $0.number < $1.number }
      #expect(merged.map(\.number) == whole.map(\.number))
      #expect(merged.map(\.due) == whole.map(\.due), "\(text), seed \(seed)")
    }
  }

  /// What a tally says second by second is what it says at once, and what is due.
  @Test func everyWindowsCountIsWhatIsDueInIt() throws {
    var random = Seeded.printed()
    for text in ["0..900/5s,900..0/5s", "1000/3s,0/2s,1000/3s", "50~50@2s/9s,"] {
      for requests in [nil, 777] as [UInt64?] {
        let schedule = try Self.poisson(text, seed: random.next(), requests: requests)
        let slots = SlotRange(share: 1, of: 3)
        let mine = arrivals(schedule, slots)
        #expect(schedule.planned == UInt64(arrivals(schedule).count))
        if let requests { #expect(schedule.planned <= requests) }
        var tally = ArrivalTally(slots, in: schedule)
        var time: Int64 = 0
        while time < 10_000_000_000 {
          time += Int64.random(in: 1...400_000_000, using: &random)
          let before = UInt64(mine.prefix { $0.due < time }.count)
          #expect(tally.arrivals(before: TimeSpan(nanoseconds: time), in: schedule) == before)
        }
        // On an instant, before and behind it.
        let some = mine[mine.count / 2].due
        for edge in [some, some + 1] {
          var fresh = ArrivalTally(slots, in: schedule)
          let count = fresh.arrivals(before: TimeSpan(nanoseconds: edge), in: schedule)
          #expect(count == UInt64(mine.prefix { $0.due < edge }.count))
        }
      }
    }
  }

  @Test func aNumberOfArrivalsBoundsThem() throws {
    let schedule = try Schedule(
      shape: Shape(.perSecond(100)), spacing: .poisson, seed: 4, duration: nil, requests: 500)
    #expect(schedule.planned == 500)
    #expect(arrivals(schedule).map(\.number) == (0..<500).map { UInt64($0) })
    let none = try Schedule(shape: Shape(.perSecond(100)), spacing: .poisson, seed: 4, duration: nil, requests: 0)
    #expect(none.planned == 0 && arrivals(none).isEmpty)
    #expect(throws: ValueError.self) {
      try Schedule(shape: Shape(.perSecond(100)), spacing: .poisson, seed: 4, duration: nil)
    }
  }

  @Test func anotherSeedIsAnotherStream() throws {
    let (a, b) = (try Self.poisson("100/9s,", seed: 1), try Self.poisson("100/9s,", seed: 2))
    #expect(arrivals(a).map(\.due) != arrivals(b).map(\.due))
    #expect(arrivals(a).map(\.due) == arrivals(try Self.poisson("100/9s,", seed: 1)).map(\.due))
  }

  @Test func evenArrivalsAreWhatTheyWere() throws {
    for text in ["100/3s,", "0..300/3s,20/9s"] {
      let schedule = try Schedule(shape: Shape(text: text, of: .arrivals), duration: nil)
      let all = arrivals(schedule)
      #expect(UInt64(all.count) == schedule.planned)
      #expect(all.indices.allSatisfy { all[$0].number == UInt64($0) && all[$0].due == schedule.due(UInt64($0)) })
    }
  }
}
