import PostgresIO
import Synchronization
import TestSupport
import Testing
import Threads

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct UserStoreTests {
  private let bench: Bench
  private let store: UserStore

  init() throws {
    bench = try Bench()
    store = UserStore(bench.database)
  }

  private func audit() throws -> [[String?]] {
    try bench.rows("SELECT who, what, object FROM audit ORDER BY number")
  }

  /// Why a change is refused; nil if it is not.
  private func fault(_ name: String, _ change: UserChange) -> UserStoreError? {
    do throws(UserStoreError) {
      _ = try store.put(name, change, by: "ada")
      return nil
    } catch { return error }
  }

  @Test func oneOfManyMastersMakesTheFirstAdmin() throws {
    let announced = Monitor<[Int]>([])
    let results = Monitor<[Result<Bool, any Error>]>([])
    let url = bench.url
    for number in 0..<6 {
      try OwnThread(name: "master") {
        let result = Result {
          let store = UserStore(try Database(PostgresAddress(url), application: "master \(number)"))
          return try store.makeFirstAdmin(
            "admin", password: { "hash \(number)" }, announce: { announced.change { $0.append(number) } })
        }
        results.change { $0.append(result) }
      }.detach()
    }
    let all = try #require(results.wait(within: .seconds(120)) { $0.count == 6 ? $0 : nil })
    let made = try all.map { try $0.get() }
    #expect(made.filter { $0 }.count == 1, "\(made)")
    let winner = try #require(announced.read { $0.count == 1 ? $0.first : nil })
    let admin = try #require(try store.find("admin"))
    #expect(admin.password == "hash \(winner)" && admin.role == "admin" && admin.generation == 1 && !admin.isDisabled)
    #expect(try audit() == [["stampede", "user created", "admin"]])
  }

  @Test func anAdminIsMadeOnlyWhereNoneMaySignIn() throws {
    #expect(try store.makeFirstAdmin("admin", password: { "h" }, announce: {}))
    // Not even hashed where there is one.
    #expect(
      try !store.makeFirstAdmin(
        "admin",
        password: {
          Issue.record("hashed for nothing")
          return ""
        }, announce: { Issue.record("announced") }))
    try bench.database.script("UPDATE app_user SET disabled_at = now()", action: "lock out")
    #expect(throws: UserStoreError.nameTaken("admin")) {
      try store.makeFirstAdmin("admin", password: { "h2" }, announce: { Issue.record("announced") })
    }
    #expect(try store.makeFirstAdmin("root", password: { "h3" }, announce: {}))
    // What fails before the COMMIT is not announced, and not there.
    try bench.database.script("DELETE FROM app_user", action: "clear")
    #expect(throws: UserStoreError.self) {
      try store.makeFirstAdmin("no such name!", password: { "h" }, announce: { Issue.record("announced") })
    }
    #expect(try store.all().isEmpty)
  }

  @Test func usersAreMadeAndChanged() throws {
    #expect(try store.makeFirstAdmin("ada", password: { "h" }, announce: {}))
    #expect(fault("olga", UserChange(role: "operator")) == .unknown("olga"))
    #expect(fault("olga", UserChange(password: "x")) == .unknown("olga"))
    let made = try store.put("olga", UserChange(role: "operator", password: "h1"), by: "ada")
    #expect(made.generation == 1 && made.password == "h1" && !made.isDisabled)
    #expect(made.createdAt.hasSuffix("Z") && made.createdAt.count == 24 && made.createdAt == made.changedAt)
    #expect(try store.put("olga", UserChange(role: "operator"), by: "ada") == made, "no change")
    #expect(try store.put("olga", UserChange(role: "viewer"), by: "ada").generation == 2)
    #expect(try store.put("olga", UserChange(password: "h2"), by: "olga").generation == 3)
    let shut = try store.put("olga", UserChange(isDisabled: true), by: "ada")
    #expect(shut.isDisabled && shut.generation == 4 && shut.password == "h2" && shut.role == "viewer")
    #expect(try !store.put("olga", UserChange(isDisabled: false), by: "ada").isDisabled)
    #expect(try store.all().map(\.name) == ["ada", "olga"])
    #expect(try store.find("olga")?.generation == 5)
    #expect(try store.find("nobody") == nil)
    #expect(try store.find("a\0b") == nil)
    try store.noteLogin("olga", address: "::1", succeeded: false)
    #expect(
      try audit() == [
        ["stampede", "user created", "ada"], ["ada", "user created", "olga"], ["ada", "role changed", "olga"],
        ["olga", "password changed", "olga"], ["ada", "user disabled", "olga"], ["ada", "user enabled", "olga"],
        ["olga", "login refused", "::1"],
      ])
  }

  @Test func anAdminIsAlwaysLeft() throws {
    #expect(try store.makeFirstAdmin("ada", password: { "h" }, announce: {}))
    #expect(fault("ada", UserChange(role: "viewer")) == .lastAdmin("ada"))
    #expect(fault("ada", UserChange(isDisabled: true)) == .lastAdmin("ada"))
    #expect(fault("bob", UserChange(role: "admin", password: "h", isDisabled: true)) == nil)
    #expect(fault("ada", UserChange(isDisabled: true)) == .lastAdmin("ada"), "one who may not sign in is no help")
    #expect(fault("bob", UserChange(isDisabled: false)) == nil)
    #expect(fault("ada", UserChange(isDisabled: true)) == nil)
    #expect(fault("bob", UserChange(role: "operator")) == .lastAdmin("bob"))
  }

  @Test func rubbishIsRefusedByTheTableItself() throws {
    for (name, role) in [("", "admin"), ("a b", "admin"), ("ada", "root"), ("é", "viewer"), ("a\n", "viewer")] {
      guard case .postgres(let error)? = fault(name, UserChange(role: role, password: "h")) else {
        Issue.record("'\(name)' as \(role) was taken")
        continue
      }
      #expect(error.isAboutData, "\(error)")
    }
    #expect(try store.all().isEmpty)
  }
}
