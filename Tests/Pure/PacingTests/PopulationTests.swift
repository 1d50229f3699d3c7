import Model
import Testing

@testable import Pacing

@Suite struct PopulationTests {
  private func population(_ text: String) throws -> Population { Population(try Shape(text: text, of: .users)) }

  @Test func usersComeAndGoWithTheLevel() throws {
    let users = try population("0..100/30s,100/1m,100..0/10s")
    #expect(users.count(at: .zero) == 0 && users.count(at: .seconds(15)) == 50)
    #expect(users.count(at: .seconds(30)) == 100 && users.count(at: .seconds(95)) == 50)
    #expect(users.count(at: .seconds(100)) == 0)
    // User 0 comes when the level is ½, and is the last to go.
    #expect(users.nextChange(of: 0, after: .zero) == .milliseconds(150))
    #expect(users.nextChange(of: 99, after: .zero) == .milliseconds(29_850))
    let left = try #require(users.nextChange(of: 0, after: .seconds(40)))
    #expect(abs(left.nanoseconds - 99_950_000_000) < 10)
    #expect(users.nextChange(of: 0, after: .seconds(100)) == nil)
  }

  @Test func aSpikeStartsAtOnce() throws {
    let users = try population("10/10s,200/5s,10/10s")
    #expect(users.count(at: TimeSpan(nanoseconds: 9_999_999_999)) == 10 && users.count(at: .seconds(10)) == 200)
    #expect(users.nextChange(of: 150, after: .zero) == .seconds(10))
    #expect(users.nextChange(of: 150, after: .seconds(10)) == .seconds(15))
    #expect(users.nextChange(of: 150, after: .seconds(15)) == nil)
    #expect(users.nextChange(of: 3, after: .zero) == .seconds(25))
    #expect(users.nextChange(of: 500, after: .zero) == nil)
  }

  /// Walking from change to change tells at every instant the same as looking at it, and their number is the level's.
  @Test func everyUsersChangesAreTheLevels() throws {
    var random = Seeded.printed()
    for _ in 0..<60 {
      let parts = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        let level = { (most: Int64) in Shape.Level(count: .random(in: 0...most, using: &random)) }
        let length = TimeSpan.milliseconds(.random(in: 1...20_000, using: &random))
        switch Int.random(in: 0...2, using: &random) {
        case 0: return Shape.Part(.constant(level(40)), for: length)
        case 1: return Shape.Part(.line(from: level(40), to: level(40)), for: length)
        case _:
          let mean = Shape.Level(count: .random(in: 10...20, using: &random))
          let period = TimeSpan.milliseconds(.random(in: 100...30_000, using: &random))
          return Shape.Part(.sine(mean: mean, amplitude: level(10), period: period), for: length)
        }
      }
      let shape = Shape(parts: parts)
      let users = Population(shape)
      let end = shape.duration ?? .zero
      var there: [Int: [TimeSpan]] = [:]
      for user in 0..<45 {
        var changes = users.has(user, at: .zero) ? [TimeSpan.zero] : []
        var time = TimeSpan.zero
        var isThere = users.has(user, at: .zero)
        while let next = users.nextChange(of: user, after: time) {
          #expect(next > time && next <= end)
          #expect(users.has(user, at: next) != isThere, "\(shape) user \(user) at \(next)")
          #expect(users.has(user, at: TimeSpan(nanoseconds: next.nanoseconds - 1)) == isThere)
          isThere.toggle()
          changes.append(next)
          time = next
          if changes.count > 2_000 { break }
        }
        there[user] = changes
      }
      for _ in 0..<40 {
        let time = TimeSpan(nanoseconds: .random(in: 0..<end.nanoseconds, using: &random))
        let count = there.values.filter { $0.filter { $0 <= time }.count % 2 == 1 }.count
        #expect(count == users.count(at: time), "\(shape) at \(time)")
      }
    }
  }
}
