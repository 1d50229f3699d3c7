import Model
import Plans
import Testing

@Suite struct LoadChoiceTests {
  static let fifty = Rate.perSecond(50)

  @Test func nothingSaid() throws {
    let resolved = try LoadChoice.resolve(plan: nil, flags: LoadChoice())
    #expect(resolved.load == Load(model: .arrivals(LoadChoiceTests.fifty), duration: .seconds(10)))
    #expect(resolved.assumed == ["50/s", "10s"])
  }

  @Test func usersAndRequestsNeedNoDuration() throws {
    let resolved = try LoadChoice.resolve(plan: LoadChoice(users: 20, requests: 100), flags: LoadChoice())
    #expect(resolved.load == Load(model: .users(20), duration: nil, requests: 100))
    #expect(resolved.assumed == [])
  }

  @Test func flagsReplaceWhatThePlanSays() throws {
    let plan = LoadChoice(rate: .perSecond(10), duration: .seconds(60), requests: 5)
    let users = try LoadChoice.resolve(plan: plan, flags: LoadChoice(users: 3))
    #expect(users.load == Load(model: .users(3), duration: .seconds(60), requests: 5))
    let longer = try LoadChoice.resolve(plan: plan, flags: LoadChoice(duration: .seconds(90)))
    #expect(longer.load == Load(model: .arrivals(.perSecond(10)), duration: .seconds(90), requests: 5))
    let closed = LoadChoice(users: 4, duration: .seconds(1))
    let open = try LoadChoice.resolve(plan: closed, flags: LoadChoice(rate: .perSecond(7)))
    #expect(open.load == Load(model: .arrivals(.perSecond(7)), duration: .seconds(1)))
  }

  @Test func rateAndUsersContradict() {
    let flags = LoadChoice(rate: .perSecond(1), users: 1)
    let expected = """
      --rate and --users can't be combined: a rate sends by the clock whatever the target does, users wait for replies; \
      give one of them
      """
    #expect(throws: LoadChoice.Conflict(description: expected)) { try LoadChoice.resolve(plan: nil, flags: flags) }
  }
}
