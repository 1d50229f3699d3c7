import Model
import TestSupport
import Testing
import Wire

@testable import RPC

@Suite struct AdmissionTests {
  private func why(
    _ hello: Hello, _ namesake: Admission.Namesake = .nobody, hasRoom: Bool = true,
    protocols: ClosedRange<UInt16> = 2...4
  ) -> Refusal? {
    let admission = Admission(token: HubProbe.token, protocols: protocols)
    switch admission.judge(hello, namesake: namesake, hasRoom: hasRoom) {
    case .welcome: return nil
    case .refuse(let refused): return refused.why
    }
  }

  private func hello(_ oldest: UInt16 = 2, _ newest: UInt16 = 4, token: String = HubProbe.token) -> Hello {
    Hello(protocol: newest, oldest: oldest, token: token, worker: "w", process: Identifier(high: 0, low: 1))
  }

  @Test func theFirstReasonIsTheOneSaid() {
    #expect(why(hello()) == nil)
    #expect(why(hello(7, 9, token: "x"), .another("there"), hasRoom: false) == .token)
    #expect(why(hello(7, 9), .another("there"), hasRoom: false) == .version)
    #expect(why(hello(), .another("there"), hasRoom: false) == .duplicate)
    #expect(why(hello(), hasRoom: false) == .busy)
    #expect(why(hello(), .itself, hasRoom: false) == nil)
  }

  @Test(arguments: ["", "a token of more than sixteen byte", "a token of more than sixteen bytes ", "A token"])
  func onlyTheTokenItselfIsRight(_ token: String) {
    #expect(why(hello(token: token)) == .token)
  }

  @Test(arguments: [(1, 1, nil), (1, 2, 2), (2, 3, 3), (3, 3, 3), (4, 9, 4), (1, 9, 4), (5, 9, nil)])
  func theNewestCommonVersionIsTaken(_ oldest: UInt16, _ newest: UInt16, _ expected: UInt16?) {
    let verdict = Admission(token: HubProbe.token, protocols: 2...4)
      .judge(hello(oldest, newest), namesake: .nobody, hasRoom: true)
    if let expected {
      #expect(verdict == .welcome(protocol: expected))
    } else {
      #expect(why(hello(oldest, newest)) == .version)
    }
  }
}

@Suite struct AllowanceTests {
  private func second(_ number: Int64) -> Instant { Instant(nanoseconds: number * 1_000_000_000) }

  @Test func theBurstGoesThroughAndThenTheRateHolds() throws {
    var allowance = Allowance(rate: 1_000, burst: 5_000, now: second(0))
    let burst = allowance.take(5_000, now: second(0))
    #expect(burst == nil)
    let more = allowance.take(2_000, now: second(0))
    let resume = try #require(more)
    #expect(resume >= second(2) && resume < second(3))
    let nothing = allowance.take(0, now: resume)
    let later = allowance.take(1_000, now: second(4))
    #expect(nothing == nil && later == nil)
  }

  @Test func quietFillsTheBurstAndNoMore() {
    var allowance = Allowance(rate: 1_000, burst: 5_000, now: second(0))
    _ = allowance.take(5_000, now: second(0))
    let full = allowance.take(5_000, now: second(100_000_000))
    let more = allowance.take(1, now: second(100_000_000))
    #expect(full == nil && more != nil)
  }

  /// Whatever comes, the sum let through in a time is at most the burst and the rate's share.
  @Test func nobodyGetsMoreThanTheRate() {
    var source = SplitMix(seed: Fuzz.seed(for: "allowance"))
    for _ in 0..<200 {
      let rate = Int64.random(in: 1...10_000_000, using: &source)
      let burst = Int64.random(in: 1...10_000_000, using: &source)
      var allowance = Allowance(rate: rate, burst: burst, now: second(0))
      var now = Instant(nanoseconds: 0)
      var sum: Int64 = 0
      var last: Int64 = 0
      for _ in 0..<100 {
        now = now + TimeSpan(nanoseconds: Int64.random(in: 0...50_000_000, using: &source))
        last = Int64.random(in: 0...1_000_000, using: &source)
        sum += last
        if let resume = allowance.take(Int(last), now: now) { now = resume }
        let granted = Double(burst) + Double(rate) * now.nanosecondsAsSeconds
        // The one message that used the allowance up may go beyond it; its pause makes up for that.
        #expect(Double(sum) <= granted + 1)
      }
    }
  }
}

extension Instant {
  fileprivate var nanosecondsAsSeconds: Double { Double(nanoseconds) / 1e9 }
}
