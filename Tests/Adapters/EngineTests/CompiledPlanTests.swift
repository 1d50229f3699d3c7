import Model
import Pacing
import Testing

@testable import Engine

@Suite struct CompiledPlanTests {
  private static func compile(_ targets: [Target]) throws -> CompiledPlan {
    try CompiledPlan(.closed(targets), userAgent: "test")
  }

  @Test(arguments: [1, 999, 1_000]) func soManyNamesAreKeptApart(count: Int) throws {
    let plan = try Self.compile(try (0..<count).map { try .local(80, "/\($0)") })
    #expect(plan.names.count == count && plan.foldedNames == 0 && !plan.names.contains(CompiledPlan.foldedName))
  }

  /// The last place is the others'; the name that would have had it is among them.
  @Test(arguments: [1_001, 1_500]) func namesBeyondTheThousandAreFolded(count: Int) throws {
    var targets = try (0..<count).map { try Target.local(80, "/\($0)") }
    targets += targets.suffix(3)
    let plan = try Self.compile(targets)
    #expect(plan.names.count == 1_000 && plan.names.last == CompiledPlan.foldedName)
    #expect(plan.foldedNames == count - 999)
    #expect((0..<count).allSatisfy { Int(plan.targets[$0].name) == min($0, 999) })
  }

  @Test func sharedNamesOriginsAndTimeouts() throws {
    let plan = try Self.compile([
      try .local(80, "/a", weight: 3, name: "x"),
      try .local(81, "/b", weight: 1, name: "x", timeout: .seconds(1)),
      try .local(80, "/c", weight: 6, name: "y", timeout: .seconds(5)),
      try .local(81, "/d", method: "HEAD", name: "z", timeout: .seconds(1)),
    ])
    let targets = (0..<4).map { plan.targets[$0] }
    #expect(plan.names == ["x", "y", "z"] && targets.map(\.name) == [0, 0, 1, 2])
    #expect(plan.origins.map(\.port) == [80, 81] && targets.map(\.origin) == [0, 1, 0, 1])
    #expect((0..<4).map { plan.sums[$0] } == [3, 4, 10, 11] && plan.draw.total == 11)
    // Class 0 is connecting; a target's own timeout that equals the plan's shares its class.
    #expect(plan.timeouts == [.seconds(5), .seconds(5), .seconds(1)])
    #expect(targets.map(\.timeoutClass) == [1, 2, 1, 2])
    #expect(targets.map(\.isHEAD) == [false, false, false, true])
    let text = String(decoding: UnsafeBufferPointer(start: targets[3].bytes, count: targets[3].count), as: UTF8.self)
    #expect(text.hasPrefix("HEAD /d HTTP/1.1\r\nHost: 127.0.0.1:81\r\n") && text.hasSuffix("\r\n\r\n"))
  }

  @Test func whatCannotBeSentIsAnError() throws {
    #expect(throws: EngineError.self) { try Self.compile([]) }
    var target = try Target.local(80)
    target.headers = [Header("Bad\r\nName", "x")]
    #expect(throws: EngineError.self) { try Self.compile([target]) }
  }

  /// Users, requests and arrivals are dealt out to the loops without one too many or too few.
  @Test func sharesSumToTheWhole() throws {
    print("shares: STAMPEDE_FUZZ_SEED=\(Dice.seed)")
    var dice = Dice(seed: Dice.seed)
    let target = try Target.local(80)
    for _ in 0..<300 {
      let users = Int.random(in: 1...200, using: &dice)
      let requests = UInt64.random(in: 1...5_000, using: &dice)
      let loops = Int.random(in: 1...16, using: &dice)
      let closed = try Attack(plan: .closed([target], users: users, requests: requests), userAgent: "")
      let shares = try closed.shares(of: loops, connections: 1_000)
      #expect(shares.count == loops)
      #expect(shares.reduce(0) { $0 + $1.users } == users)
      #expect(shares.reduce(0) { $0 + ($1.requests ?? 0) } == requests)
      let numbers = shares.flatMap { share in (0..<share.users).map { share.firstUser + $0 * share.userStride } }
      #expect(numbers.sorted() == Array(0..<users))
      let open = try Attack(plan: .open([target], rate: 50, requests: requests), userAgent: "")
      #expect(
        try open.shares(of: loops, connections: 1_000).reduce(0) { $0 + $1.slots.arrivals(below: requests) } == requests
      )
    }
  }

  /// The same over several workers, each with loops of its own.
  @Test func sharesOfWorkersAddUp() throws {
    print("shares of workers: STAMPEDE_FUZZ_SEED=\(Dice.seed)")
    var dice = Dice(seed: Dice.seed)
    let target = try Target.local(80)
    for _ in 0..<200 {
      let workers = Int.random(in: 1...40, using: &dice)
      let users = Int.random(in: workers...300, using: &dice)
      let requests = UInt64.random(in: 1...5_000, using: &dice)
      var numbers: [Int] = []
      var sum: UInt64 = 0
      var arrivals: UInt64 = 0
      for worker in 0..<workers {
        let slots = SlotRange(share: worker, of: workers)
        let mine = users / workers + (worker < users % workers ? 1 : 0)
        let share = AttackShare(slots: slots, users: .init(first: worker, stride: workers, count: mine))
        let loops = Int.random(in: 1...min(12, share.mostLoops), using: &dice)
        let closed = try Attack(
          plan: .closed([target], users: users, requests: requests), userAgent: "", share: share)
        let open = try Attack(plan: .open([target], rate: 50, requests: requests), userAgent: "", share: share)
        for load in try closed.shares(of: loops, connections: 1_000) {
          numbers += (0..<load.users).map { load.firstUser + $0 * load.userStride }
          sum += load.requests ?? 0
        }
        for load in try open.shares(of: loops, connections: 1_000) {
          arrivals += load.slots.arrivals(below: requests)
        }
      }
      #expect(numbers.sorted() == Array(0..<users))
      #expect(sum == requests && arrivals == requests)
    }
  }

  @Test func aSmallShareTakesFewLoops() throws {
    let share = AttackShare(slots: SlotRange(share: 3, of: 600))
    let attack = try Attack(plan: .open([try .local(80)], rate: 50, requests: 10), userAgent: "", share: share)
    #expect(try attack.shares(of: 1, connections: 10).count == 1)
    #expect(throws: EngineError.self) { try attack.shares(of: 2, connections: 10) }
  }
}
