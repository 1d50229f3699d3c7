import Model
import Scripting
import TestSupport
import Testing

@Suite struct UserMemoryTests {
  /// Random work against dictionaries: what is set is found, what setup left outlives an iteration, in any capacity.
  @Test func asDictionaries() throws {
    let seed = Fuzz.seed(for: "UserMemoryTests")
    var source = SplitMix(seed: seed)
    for _ in 0..<200 {
      var plan = try Rendering.plan()
      let count = Int.random(in: 1...9, using: &source)
      plan.variables = (0..<count).map { "v\($0)" }
      plan.feeds = (0..<Int.random(in: 0...3, using: &source)).map {
        DataFeed(name: "f\($0)", columns: ["c"], rows: [["x"]])
      }
      let user = Rendering.User(try Script(plan, userAgent: nil), values: Int.random(in: 0...64, using: &source))
      for feed in plan.feeds.indices { user.memory[row: feed] = feed * 1_000_000 }
      var kept: [Int: String] = [:]
      var values: [Int: String] = [:]
      var grown = 0
      for _ in 0..<120 {
        switch Int.random(in: 0..<12, using: &source) {
        case 0:
          user.memory.keep()
          kept = values
        case 1, 2:
          user.memory.forget()
          values = kept
        case 3 where Int.random(in: 0..<8, using: &source) == 0:
          user.memory.clear()
          (kept, values) = ([:], [:])
        case _:
          let variable = Int.random(in: 0..<count, using: &source)
          let text = String(repeating: "\(variable)", count: Int.random(in: 0...20, using: &source))
          var stored = user.set(variable, text)
          if case .needs(let bytes) = stored {
            #expect(bytes > user.memory.capacity)
            user.grow(to: bytes)
            grown += 1
            stored = user.set(variable, text)
          }
          #expect(stored == .stored, "seed \(seed)")
          values[variable] = text
        }
        for variable in 0..<count {
          #expect(user.memory.value(variable).map(Rendering.string) == values[variable], "seed \(seed)")
        }
        for feed in plan.feeds.indices { #expect(user.memory[row: feed] == feed * 1_000_000) }
      }
      // What is overwritten is used again: growth is bounded by what can be live at once.
      #expect(
        user.memory.capacity <= user.script.table.userMemorySize(values: count * 2 * 21 + 64), "seed \(seed): \(grown)")
    }
  }

  @Test func longValues() throws {
    var plan = try Rendering.plan()
    plan.variables = ["v"]
    let user = Rendering.User(try Script(plan, userAgent: nil), values: 16)
    #expect(user.set(0, String(repeating: "x", count: UserMemory.longestValue + 1)) == .tooLong)
    #expect(user.memory.value(0) == nil)
    let long = String(repeating: "y", count: UserMemory.longestValue)
    guard case .needs(let bytes) = user.set(0, long) else {
      Issue.record("no room was asked for")
      return
    }
    user.grow(to: bytes)
    #expect(user.set(0, long) == .stored)
    #expect(user.memory.value(0).map(Rendering.string) == long)
    #expect(user.memory.value(1) == nil && user.memory.value(-1) == nil)
  }
}
