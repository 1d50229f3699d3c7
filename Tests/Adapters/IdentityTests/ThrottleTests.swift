import Model
import TestSupport
import Testing

@testable import Identity

@Suite struct ThrottleTests {
  private let home = IPAddress.v4(0x0A00_0001)
  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9) + 5_000_000_000_000) }

  /// How many of so many attempts are let go on.
  private func attempts(
    _ count: Int, _ throttle: inout LoginThrottle, at moment: Instant, _ name: (Int) -> (String, IPAddress)
  ) -> Int {
    (0..<count).filter {
      let (account, address) = name($0)
      return throttle.begin(account: account, address: address, now: moment) == nil
    }.count
  }

  @Test func oneAccountTenAtOnceThenOneEvery30Seconds() {
    var throttle = LoginThrottle()
    let from = { (number: Int) in IPAddress.v4(UInt32(number)) }
    #expect(attempts(50, &throttle, at: at(0)) { ("ada", from($0)) } == 10)
    #expect(throttle.begin(account: "ada", address: from(99), now: at(0)) == .seconds(30))
    #expect(throttle.begin(account: "ada", address: from(99), now: at(29.5)) == .milliseconds(500))
    #expect(throttle.begin(account: "ada", address: from(99), now: at(30)) == nil)
    #expect(throttle.begin(account: "ada", address: from(99), now: at(30)) == .seconds(30))
    #expect(throttle.begin(account: "grace", address: from(98), now: at(30)) == nil, "another account")
    #expect(attempts(50, &throttle, at: at(900)) { ("ada", from($0)) } == 10, "all is forgotten")
  }

  @Test func oneAddressTwentyAtOnceThenOneEvery6Seconds() {
    var throttle = LoginThrottle()
    #expect(attempts(50, &throttle, at: at(0)) { ("user\($0)", home) } == 20)
    #expect(throttle.begin(account: "x", address: home, now: at(1)) == .seconds(5))
    #expect(attempts(50, &throttle, at: at(60)) { ("more\($0)", home) } == 10)
    #expect(throttle.begin(account: "x", address: .v4(1), now: at(60)) == nil)
  }

  @Test func aRightPasswordTakesItsAttemptBack() {
    var throttle = LoginThrottle()
    for _ in 0..<1_000 {
      #expect(throttle.begin(account: "ada", address: home, now: at(0)) == nil)
      throttle.succeeded(account: "ada", address: home, now: at(0))
    }
    for _ in 0..<1_000 {
      #expect(throttle.begin(account: "eve", address: .v4(7), now: at(0)) == nil)
      throttle.withdrawn(account: "eve", address: .v4(7), now: at(0))
    }
    #expect(attempts(50, &throttle, at: at(0)) { _ in ("eve", .v4(7)) } == 10)
  }

  @Test func nobodyLocksAnotherOutOfHisOwnPlace() {
    var throttle = LoginThrottle()
    #expect(throttle.begin(account: "ada", address: home, now: at(0)) == nil)
    throttle.succeeded(account: "ada", address: home, now: at(0))
    #expect(attempts(100, &throttle, at: at(1)) { ("ada", .v4(UInt32($0))) } == 10)
    #expect(throttle.begin(account: "ada", address: home, now: at(1)) == nil)
    #expect(throttle.begin(account: "ada", address: .v4(5_000), now: at(1)) != nil)
    // There, too, the number is bounded.
    #expect(attempts(100, &throttle, at: at(1)) { _ in ("ada", home) } == 9)
  }

  @Test func anIPv6CustomerIsOneAddress() {
    var throttle = LoginThrottle()
    #expect(attempts(50, &throttle, at: at(0)) { ("u\($0)", .v6(0x2001_0DB8_0000_0001, UInt64($0))) } == 20)
    #expect(throttle.begin(account: "x", address: .v6(0x2001_0DB8_0000_0002, 1), now: at(0)) == nil)
    #expect(attempts(50, &throttle, at: at(0)) { ("m\($0)", $0 % 2 == 0 ? home : .v6(0, 0xFFFF_0A00_0001)) } == 20)
  }

  @Test func memoryIsBoundedAndWhatIsWorstIsKept() {
    var few = Allowances<Int>(burst: 2, interval: .seconds(10), capacity: 100)
    for _ in 0..<50 { few.take(-1, now: at(0)) }
    for key in 0..<10_000 {
      few.take(key, now: at(0))
      #expect(few.count <= 100)
    }
    #expect(few.wait(-1, now: at(0)) == .seconds(490))
    #expect(few.wait(9_999, now: at(0)) == nil)
    // What has nothing against it goes first.
    few.take(20_000, now: at(1_000))
    #expect(few.count == 1 || few.wait(20_000, now: at(1_000)) == nil)
  }

  /// Against a list of every attempt that was let through, for a random course of time.
  @Test func theNumberInAnyTimeIsBounded() {
    var source = SplitMix(seed: Fuzz.seed(for: "allowances"))
    for _ in 0..<50 {
      var allowances = Allowances<Int>(burst: 5, interval: .seconds(3), capacity: 10)
      var passed: [Double] = []
      var moment = 0.0
      for _ in 0..<500 {
        moment += Double.random(in: 0...1, using: &source) < 0.7 ? 0 : Double.random(in: 0...20, using: &source)
        let wait = allowances.wait(0, now: at(moment))
        if wait == nil {
          allowances.take(0, now: at(moment))
          passed.append(moment)
        }
      }
      for (index, start) in passed.enumerated() {
        for last in index..<passed.count {
          let most = 5 + (passed[last] - start) / 3
          #expect(Double(last - index + 1) <= most + 1e-6, "\(start) … \(passed[last])")
        }
      }
      #expect(passed.count > 20)
    }
  }
}
