import Digests
import Model
import Synchronization
import Testing
import Threads

@testable import Identity

/// Users in memory, and clocks that are set by hand.
final class MadeAccounts: Accounts {
  struct Failure: Error {}

  struct State {
    var accounts: [String: Account] = [:]
    var records: [LoginRecord] = []
    var isAway = false
    var wall = MadeToken.now
    var monotonic = Instant(nanoseconds: 1_000_000_000_000)
    /// Closed while a test holds the gate's threads back.
    var isOpen = true
    var waiting = 0
  }

  static let cheap = PasswordHash.Cost(logarithm: 4, blocks: 1, passes: 1)
  let state = Monitor(State())

  func add(_ name: String, _ password: String, _ role: Role, isDisabled: Bool = false, generation: Int64 = 1) throws {
    let hash = try PasswordHash(of: password, cost: Self.cheap)
    let account = Account(name: name, role: role, generation: generation, isDisabled: isDisabled, password: hash)
    state.change { $0.accounts[name] = account }
  }

  func account(named name: String) throws -> Account? {
    state.change { $0.waiting += 1 }
    _ = state.wait { $0.isOpen ? true : nil }
    return try state.change { state in
      state.waiting -= 1
      if state.isAway { throw Failure() }
      return state.accounts[name]
    }
  }

  func record(_ attempt: LoginRecord) { state.change { $0.records.append(attempt) } }

  var clock: Gate.Clock {
    Gate.Clock(
      wall: { [state] in state.read { $0.wall } }, monotonic: { [state] in state.read { $0.monotonic } })
  }

  var roster: Roster {
    Roster(
      state.read {
        $0.accounts.mapValues { .init(role: $0.role, generation: $0.generation, isDisabled: $0.isDisabled) }
      })
  }
}

@Suite struct GateTests {
  private let accounts = MadeAccounts()
  private let gate: Gate

  init() throws {
    try accounts.add("ada", "analytical engine", .admin)
    try accounts.add("olga", "oscillating motor", .operator)
    try accounts.add("vic", "very interested critic", .viewer)
    try accounts.add("gone", "goodbye, all of you", .admin, isDisabled: true)
    gate = try Gate(
      keys: try SigningKeys([MadeToken.key]), accounts: accounts, clock: accounts.clock, hashing: 2, waiting: 3,
      cost: MadeAccounts.cheap)
    gate.take(accounts.roster)
  }

  private func login(_ name: String, _ password: String, from address: IPAddress = .v4(1)) throws -> LoginOutcome {
    let answer = Monitor<LoginOutcome?>(nil)
    gate.login(name: name, password: password, address: address, addressText: "1.2.3.4") { outcome in
      answer.change { $0 = outcome }
    }
    return try #require(answer.wait(within: .seconds(60)) { $0 })
  }

  private func token(_ name: String, _ password: String) throws -> String {
    guard case .granted(let token, _, _) = try login(name, password) else { throw MadeAccounts.Failure() }
    return token
  }

  private func denial(_ header: String?, _ least: Role = .viewer) -> Gate.Denial? {
    do throws(Gate.Denial) {
      _ = try gate.authorize(header, least: least)
      return nil
    } catch { return error }
  }

  @Test func rightPasswordsGiveTokensThatLetIn() throws {
    guard case .granted(let token, let expires, let principal) = try login("olga", "oscillating motor") else {
      Issue.record("not let in")
      return
    }
    #expect(expires == MadeToken.now + 3_600)
    #expect(principal == Principal(name: "olga", role: .operator))
    #expect(try gate.authorize("Bearer \(token)") == principal)
    #expect(try gate.authorize("bearer \(token)", least: .operator) == principal)
    #expect(denial("Bearer \(token)", .admin) == .forbidden(detail: "olga is operator, this needs admin"))
    #expect(accounts.state.read { $0.records } == [LoginRecord(name: "olga", address: "1.2.3.4", succeeded: true)])
    #expect(principal.mayChange(ownedBy: "olga") && !principal.mayChange(ownedBy: "ada"))
    #expect(Principal(name: "ada", role: .admin).mayChange(ownedBy: "olga"))
    #expect(!Principal(name: "vic", role: .viewer).mayChange(ownedBy: "vic"))
  }

  @Test func everybodyElseIsToldTheSame() throws {
    for (name, password) in [
      ("ada", "analytical engines"), ("ada", ""), ("nobody", "analytical engine"), ("gone", "goodbye, all of you"),
      ("", ""), ("ada ", "analytical engine"), ("ADA", "analytical engine"), ("a'; DROP TABLE", "x"),
      ("ada", String(repeating: "x", count: 5_000)), ("ada\0", "analytical engine"),
    ] {
      #expect(try login(name, password, from: .v4(UInt32.random(in: 2 ... .max))) == .refused, "\(name)")
    }
    let failures = accounts.state.read { $0.records.map(\.name) }
    #expect(failures == ["ada", "ada", "nobody", "gone", "ADA"], "what can't be a name is not looked at")
  }

  @Test func tooManyAttemptsWait() throws {
    for _ in 0..<10 { #expect(try login("ada", "wrong") == .refused) }
    #expect(try login("ada", "analytical engine") == .throttled(seconds: 30))
    #expect(try login("unknown", "x") == .refused, "another account")
    accounts.state.change { $0.monotonic = $0.monotonic + .seconds(30) }
    #expect(try token("ada", "analytical engine").isEmpty == false)
  }

  @Test func failingStoreIsNoWrongPassword() throws {
    accounts.state.change { $0.isAway = true }
    for _ in 0..<50 {
      guard case .unavailable = try login("ada", "analytical engine") else {
        Issue.record("an answer without users")
        return
      }
    }
    accounts.state.change { $0.isAway = false }
    #expect(try token("ada", "analytical engine").isEmpty == false, "none of them counted")
  }

  @Test func aBoundedNumberWaitsForAHash() throws {
    accounts.state.change { $0.isOpen = false }
    let answers = Monitor<[LoginOutcome]>([])
    func begin(_ number: Int) {
      gate.login(name: "user\(number)", password: "x", address: .v4(UInt32(number)), addressText: "") { outcome in
        answers.change { $0.append(outcome) }
      }
    }
    for number in 0..<2 { begin(number) }
    _ = accounts.state.wait(within: .seconds(60)) { $0.waiting == 2 ? true : nil }
    for number in 2..<10 { begin(number) }
    #expect(answers.read { $0 } == Array(repeating: .busy, count: 5), "2 are at work, 3 wait")
    accounts.state.change { $0.isOpen = true }
    let all = answers.wait(within: .seconds(60)) { $0.count == 10 ? $0 : nil }
    #expect(all?.filter { $0 == .refused }.count == 5)
    gate.stop()
    begin(11)
    #expect(answers.read { $0.last } == .busy)
  }

  /// Whoever measures how long the answer takes must not learn which names there are.
  @Test func unknownNamesCostTheSameHash() throws {
    let costly = try Gate(
      keys: try SigningKeys([MadeToken.key]), accounts: accounts, clock: accounts.clock, hashing: 1,
      cost: PasswordHash.Cost(logarithm: 10, blocks: 8, passes: 2))
    #expect(costly.decoy.cost == PasswordHash.Cost(logarithm: 10, blocks: 8, passes: 2))
    #expect(try !costly.decoy.matches(""))
    let standard = try Gate(keys: try SigningKeys([MadeToken.key]), accounts: accounts, clock: accounts.clock)
    #expect(standard.decoy.cost == .standard)
  }

  @Test func requestsWithoutAGoodTokenAreTurnedAway() throws {
    let good = try token("vic", "very interested critic")
    #expect(denial("Bearer \(good)") == nil)
    for header in [nil, "", "Bearer", "Bearer ", "Basic YTpi", good, "Token \(good)"] {
      guard case .unauthenticated("Bearer realm=\"stampede\"", _) = denial(header) else {
        Issue.record("\(header ?? "none") has another answer")
        continue
      }
    }
    for header in [
      "Bearer x", "Bearer  \(good)", "Bearer \(good) ", "Bearer \(good),Bearer \(good)", "Bearer \(good)x",
    ] {
      guard case .unauthenticated(let challenge, let detail) = denial(header) else {
        Issue.record("\(header) is let in")
        continue
      }
      #expect(challenge.hasPrefix("Bearer realm=\"stampede\", error=\"invalid_token\""))
      #expect(!detail.isEmpty && denial(header)?.status == 401)
    }
    accounts.state.change { $0.wall += 3_700 }
    #expect(
      denial("Bearer \(good)")
        == .unauthenticated(
          challenge: "Bearer realm=\"stampede\", error=\"invalid_token\", "
            + "error_description=\"the token has expired; sign in again\"",
          detail: "the token has expired; sign in again"))
  }

  @Test func changedUsersLoseTheirTokens() throws {
    let good = "Bearer " + (try token("olga", "oscillating motor"))
    try accounts.add("olga", "oscillating motor", .viewer, generation: 2)
    #expect(try gate.authorize(good).role == .operator, "the gate has not heard of it")
    gate.take(accounts.roster)
    #expect(denial(good)?.status == 401)
    let newer = "Bearer " + (try token("olga", "oscillating motor"))
    #expect(try gate.authorize(newer).role == .viewer)
    try accounts.add("olga", "oscillating motor", .admin, generation: 3)
    let newest = "Bearer " + (try token("olga", "oscillating motor"))
    #expect(try gate.authorize(newest).role == .admin, "a token younger than the roster knows better")
    try accounts.add("olga", "oscillating motor", .admin, isDisabled: true, generation: 4)
    gate.take(accounts.roster)
    #expect(denial(newest)?.status == 401)
    gate.take(Roster([:]))
    #expect(denial(newest)?.status == 401, "nobody is left")
  }

  @Test func nobodyIsLetInBeforeTheUsersAreRead() throws {
    let early = try Gate(
      keys: try SigningKeys([MadeToken.key]), accounts: accounts, clock: accounts.clock, cost: MadeAccounts.cheap)
    let good = try token("ada", "analytical engine")
    #expect(throws: Gate.Denial.unready) { try early.authorize("Bearer \(good)") }
    #expect(Gate.Denial.unready.status == 503)
  }

  @Test func newPasswordsMustBeGood() {
    for good in ["analytical engine", "k7qm-3tzx-9wpa-hh4d", "ünïcödé wörds", "correct horse battery staple"] {
      #expect(PasswordRule.complaint(good, name: "ada") == nil, "\(good)")
    }
    for _ in 0..<100 { #expect(PasswordRule.complaint(SecureRandom.readableSecret(), name: "admin") == nil) }
    for bad in [
      "", "password", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "passwordpassword", "adminadminadmin",
      "stampede-admin",
      "adaadaadaada1", "changeme123", "a good password\n", String(repeating: "abcdefgh", count: 40),
    ] {
      #expect(PasswordRule.complaint(bad, name: "ada") != nil, "\(bad)")
    }
  }
}
