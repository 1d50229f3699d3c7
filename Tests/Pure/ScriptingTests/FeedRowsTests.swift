import Model
import Scripting
import TestSupport
import Testing

@Suite struct FeedRowsTests {
  private func plan(
    _ mode: DataFeed.Mode, rows: Int, users: Int?, exhausted: DataFeed.Exhausted = .stop
  ) throws -> Plan {
    var plan = try Rendering.plan(path: [.text(Array("/".utf8)), .value(.column(feed: 0, column: 1), .url)])
    plan.feeds = [
      DataFeed(
        name: "f", mode: mode, exhausted: exhausted, columns: ["a", "b"], rows: (0..<rows).map { ["x", "r\($0)"] })
    ]
    let rate = try Rate(count: 10, per: .seconds(1))
    plan.load = Load(model: users.map { .users($0) } ?? .arrivals(rate), duration: .seconds(1))
    return plan
  }

  /// Users dealt out to any number of workers and loops, running as fast as they like: every row exactly once.
  @Test func uniqueRowsOfUsers() throws {
    let seed = Fuzz.seed(for: "FeedRowsTests.uniqueRowsOfUsers")
    var source = SplitMix(seed: seed)
    for _ in 0..<60 {
      let rows = Int.random(in: 1...200, using: &source)
      let users = Int.random(in: 1...30, using: &source)
      let script = try Script(plan(.unique, rows: rows, users: users), userAgent: nil)
      let loops = Int.random(in: 1...8, using: &source)
      var shared = (0..<loops).map { SharedRows(first: $0, stride: loops) }
      let memory = Rendering.User(script)
      var iterations = [UInt64](repeating: 0, count: users)
      var alive = Array(0..<users)
      var seen: [Int] = []
      while let user = alive.randomElement(using: &source) {
        let isLeft = script.table.takeRows(
          user: UInt64(user), iteration: iterations[user], shared: &shared[user % loops], into: memory.memory)
        if isLeft { seen.append(memory.memory[row: 0]) } else { alive.removeAll { $0 == user } }
        iterations[user] += 1
      }
      #expect(seen.sorted() == Array(0..<rows), "seed \(seed): \(rows) rows, \(users) users, \(loops) loops")
    }
  }

  /// One that comes in the place of another has another number, and goes on with the rows of the place.
  @Test func uniqueRowsOfUsersThatComeAndGo() throws {
    let seed = Fuzz.seed(for: "FeedRowsTests.uniqueRowsOfUsersThatComeAndGo")
    var source = SplitMix(seed: seed)
    for _ in 0..<40 {
      let (rows, users) = (Int.random(in: 1...200, using: &source), Int.random(in: 1...9, using: &source))
      let script = try Script(plan(.unique, rows: rows, users: users), userAgent: nil)
      var shared = SharedRows(first: 0, stride: 1)
      let memory = Rendering.User(script)
      var places = (0..<users).map { (number: UInt64($0), begins: UInt64(0), earlier: UInt64(0)) }
      var alive = Array(0..<users)
      var seen: [Int] = []
      while let place = alive.randomElement(using: &source) {
        if Int.random(in: 0..<4, using: &source) == 0 {
          places[place].number += UInt64(users)
          places[place].earlier += places[place].begins
          places[place].begins = 0
        }
        let user = places[place]
        let isLeft = script.table.takeRows(
          user: user.number, iteration: user.begins, earlier: user.earlier, shared: &shared, into: memory.memory)
        if isLeft { seen.append(memory.memory[row: 0]) } else { alive.removeAll { $0 == place } }
        places[place].begins += 1
      }
      #expect(seen.sorted() == Array(0..<rows), "seed \(seed): \(rows) rows, \(users) users")
    }
  }

  @Test func uniqueRowsOfArrivals() throws {
    let script = try Script(plan(.unique, rows: 50, users: nil), userAgent: nil)
    let user = Rendering.User(script)
    var shared = SharedRows(first: 0, stride: 1)
    var seen: [Int] = []
    for arrival in (0..<80 as Range<UInt64>).shuffled() {
      if script.table.takeRows(user: arrival, iteration: 0, shared: &shared, into: user.memory) {
        seen.append(user.memory[row: 0])
        #expect(user.request(user: arrival).hasPrefix("GET /r\(arrival) "))
      }
    }
    #expect(seen.sorted() == Array(0..<50))
  }

  /// Recycled rows are all used before any is used again, as far as the users keep step.
  @Test func recycled() throws {
    let script = try Script(plan(.unique, rows: 7, users: 3, exhausted: .recycle), userAgent: nil)
    let user = Rendering.User(script)
    var shared = SharedRows(first: 0, stride: 1)
    var seen: [Int] = []
    for iteration in 0..<14 as Range<UInt64> {
      for number in 0..<3 as Range<UInt64> {
        #expect(script.table.takeRows(user: number, iteration: iteration, shared: &shared, into: user.memory))
        seen.append(user.memory[row: 0])
      }
    }
    #expect(seen == (0..<42).map { $0 % 7 })
    #expect(script.table.takeRows(user: 2, iteration: .max, shared: &shared, into: user.memory))
    let stopping = try Script(plan(.unique, rows: 7, users: 3), userAgent: nil)
    #expect(!stopping.table.takeRows(user: 2, iteration: .max, shared: &shared, into: user.memory))
  }

  @Test func otherModes() throws {
    let own = try Script(plan(.perUser, rows: 4, users: 5), userAgent: nil)
    let common = try Script(plan(.shared, rows: 4, users: 5), userAgent: nil)
    let drawn = try Script(plan(.random, rows: 4, users: 5), userAgent: nil)
    let user = Rendering.User(own)
    var shared = SharedRows(first: 0, stride: 1)
    for iteration in 0..<9 as Range<UInt64> {
      #expect(own.table.takeRows(user: 3, iteration: iteration, shared: &shared, into: user.memory))
      #expect(user.memory[row: 0] == Int(iteration) % 4)
    }
    for visit in 0..<9 as Range<UInt64> {
      #expect(own.table.takeRows(user: 70 + visit, iteration: 0, visit: visit, shared: &shared, into: user.memory))
      #expect(user.memory[row: 0] == Int(visit) % 4)
    }
    // Two loops of three users each take turns: every row comes equally often.
    var loops = [SharedRows(first: 0, stride: 2), SharedRows(first: 1, stride: 2)]
    var counts = [0, 0, 0, 0]
    for turn in 0..<40 {
      #expect(common.table.takeRows(user: UInt64(turn % 6), iteration: 0, shared: &loops[turn % 2], into: user.memory))
      #expect(user.memory[row: 0] == turn % 4)
      counts[user.memory[row: 0]] += 1
    }
    #expect(counts == [10, 10, 10, 10])
    var draws = [0, 0, 0, 0]
    for turn in 0..<4_000 {
      #expect(drawn.table.takeRows(user: UInt64(turn), iteration: 1, shared: &shared, into: user.memory))
      let row = user.memory[row: 0]
      #expect(drawn.table.takeRows(user: UInt64(turn), iteration: 1, shared: &shared, into: user.memory))
      #expect(user.memory[row: 0] == row)
      draws[row] += 1
    }
    for count in draws { #expect(abs(count - 1_000) < 120) }
  }
}
