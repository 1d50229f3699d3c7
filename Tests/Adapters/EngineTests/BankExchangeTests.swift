import Measuring
import Testing
import Threads

@testable import Engine

@Suite(.timeLimit(.minutes(10))) struct BankExchangeTests {
  @Test func aBankIsGivenBackEmpty() throws {
    let exchange = try BankExchange(names: 2)
    #expect(exchange.isClean(1) && !exchange.isClean(0) && !exchange.isSealed(0))
    exchange.banks[0].record(1, .response, microseconds: 700)
    exchange.banks[0].count(1, .completed)
    exchange.set(0, .sealed)
    #expect(exchange.isSealed(0) && !exchange.isClean(0))
    var interval = NameInterval(name: "")
    #expect(exchange.banks[0].add(1, to: &interval))
    #expect(interval.counts.completed == 1 && interval.histograms.response.max == 700)
    exchange.giveBack(0)
    var after = NameInterval(name: "")
    #expect(exchange.isClean(0) && !exchange.banks[0].add(1, to: &after))
  }

  /// A quiet second must not take away the room that a busy one needs.
  @Test func roomNeverShrinks() throws {
    let exchange = try BankExchange(names: 100)
    let first = exchange.laid[0]
    #expect(first >= 600)
    exchange.set(0, .sealed)
    exchange.giveBack(0)
    #expect(exchange.laid[0] == first)
    fill(exchange.banks[0], names: 100)
    #expect(exchange.banks[0].folded == 0)
  }

  @Test func theWarmUpHasBanksOfItsOwn() throws {
    let exchange = try BankExchange(names: 3, checks: 2, scenarios: 1, hasWarmUp: true)
    exchange.warmUps[1].countCheck(1, passed: true)
    for name in 0..<3 { exchange.warmUps[1].record(name, .response, microseconds: 5_000) }
    var (check, interval) = (CheckCount(name: ""), NameInterval(name: ""))
    #expect(!exchange.banks[1].add(check: 1, to: &check) && !exchange.banks[1].add(2, to: &interval))
    #expect(exchange.warmUps[1].add(check: 1, to: &check) && exchange.warmUps[1].add(2, to: &interval))
    exchange.giveBack(1)
    #expect(!exchange.warmUps[1].add(check: 1, to: &check) && !exchange.warmUps[1].add(2, to: &interval))
    fill(exchange.warmUps[0], names: 3)
    #expect(exchange.warmUps[0].folded == 0)
  }

  /// One block for each of six histograms of each name.
  private func fill(_ bank: Bank, names: Int) {
    for name in 0..<names {
      for kind in Bank.Kind.allCases.prefix(6) { bank.record(name, kind, microseconds: 5_000) }
    }
  }

  @Test func moreIsLaidBeforeItRunsOut() throws {
    let exchange = try BankExchange(names: 100)
    let before = exchange.laid[0]
    let watched = exchange.layMore(0)
    #expect(exchange.laid[0] > before && watched < exchange.laid[0] && watched > before)
    var most = watched
    while most != .max { most = exchange.layMore(0) }
    // All that the memory holds: every histogram of every name over all its octaves.
    for name in 0..<100 {
      for kind in Bank.Kind.allCases {
        for octave in 0..<26 {
          exchange.banks[0].record(name, kind, microseconds: UInt32(truncatingIfNeeded: 100 << octave))
        }
      }
    }
    #expect(exchange.banks[0].folded == 0)
  }

  /// A loop's thread and a collector's: nothing is lost or counted twice, however their turns fall.
  @Test func nothingIsLostBetweenTwoThreads() throws {
    let exchange = try BankExchange(names: 1)
    let total = 200_000
    try OwnThread(name: "loop") {
      var open = 0
      for value in 0..<total {
        exchange.banks[open].count(0, .completed)
        exchange.banks[open].record(0, .response, microseconds: UInt32(value % 3_000))
        if value % 97 == 0, exchange.isClean(1 - open) {
          exchange.set(open, .sealed)
          open = 1 - open
          exchange.set(open, .open)
        }
      }
      exchange.facts[open].isLast = true
      exchange.set(open, .sealed)
    }.detach()
    var interval = NameInterval(name: "")
    var (next, isLast) = (0, false)
    while !isLast {
      if !exchange.isSealed(next) { continue }
      exchange.banks[next].add(0, to: &interval)
      isLast = exchange.facts[next].isLast
      exchange.giveBack(next)
      next = 1 - next
    }
    #expect(interval.counts.completed == UInt64(total))
    #expect(interval.histograms.response.count == UInt64(total))
  }
}
