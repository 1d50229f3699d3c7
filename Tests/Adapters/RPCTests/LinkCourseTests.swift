import Model
import TestSupport
import Testing
import Wire

@testable import RPC

/// What a link does next, as a transcript; no socket, no clock.
@Suite struct LinkCourseTests {
  private static let welcome = Welcome(
    protocol: 1, term: 5, heartbeat: .seconds(1), lease: .seconds(5), margin: .seconds(1))
  private static let now = Instant(nanoseconds: 7)

  private struct Course {
    var course = LinkCourse(
      protocols: 1...2, backOff: BackOff(from: .seconds(1), to: .seconds(8)), refusalTime: .seconds(30))
    var source = SplitMix(seed: 1)

    mutating func came(_ message: Message) -> [LinkCourse.Action] {
      course.came(message, request: 3, at: LinkCourseTests.now, &source)
    }
    mutating func lost(_ reason: String) -> [LinkCourse.Action] { course.lost(reason, &source) }
    /// Connects and greets.
    mutating func greet() {
      _ = course.go()
      _ = course.connected()
    }
  }

  private static func pause(_ actions: [LinkCourse.Action]) -> TimeSpan? {
    for case .wait(let span) in actions { return span }
    return nil
  }

  @Test func aConnectionsLife() {
    var course = Course()
    #expect(course.course.go() == [.connect])
    #expect(course.course.go() == [])
    #expect(course.course.connected() == [.greet])
    #expect(!course.course.isWelcomed)
    #expect(
      course.came(.welcome(Self.welcome))
        == [.listen(silence: .seconds(6)), .tell(.welcomed(Self.welcome, at: Self.now))])
    #expect(course.course.isWelcomed)
    let goodbye = Message.goodbye(Goodbye(text: ""))
    #expect(course.came(goodbye) == [.tell(.message(goodbye, request: 3, at: Self.now))])
    let ended = course.lost("gone")
    #expect(ended.first == .close)
    #expect(Self.pause(ended) != nil)
    #expect(course.lost("again") == [])
    #expect(course.course.go() == [.connect])
  }

  /// Welcomed and turned away again and again is no success.
  @Test func theBackOffIsResetByAMessageNotByWelcome() {
    var course = Course()
    var pauses: [TimeSpan] = []
    for _ in 0..<4 {
      course.greet()
      _ = course.came(.welcome(Self.welcome))
      pauses.append(Self.pause(course.came(.refused(Refused(why: .duplicate, text: "")))) ?? .zero)
    }
    #expect(pauses[3] >= .seconds(4))
    course.greet()
    _ = course.came(.welcome(Self.welcome))
    _ = course.came(.goodbye(Goodbye(text: "")))
    #expect((Self.pause(course.lost("gone")) ?? .longest) <= .seconds(1))
  }

  @Test(arguments: Refusal.allCases) func refusalsAreTriedAgainInTime(_ why: Refusal) {
    var course = Course()
    course.greet()
    let actions = course.came(.refused(Refused(why: why, text: "no")))
    let again = Self.pause(actions) ?? .zero
    #expect(actions.first == .close)
    #expect(actions.contains(.tell(.refused(Refused(why: why, text: "no"), again: again))))
    if why == .token || why == .version { #expect(again >= .seconds(15)) } else { #expect(again <= .seconds(1)) }
  }

  @Test func lowerTermsAreRefusedForEver() {
    var course = Course()
    course.greet()
    _ = course.came(.welcome(Self.welcome))
    _ = course.lost("gone")
    course.greet()
    var old = Self.welcome
    old.term = 4
    let actions = course.came(.welcome(old))
    #expect(
      actions.contains {
        if case .tell(.lost("the master's term 4 is over: there was one of term 5", _)) = $0 { true } else { false }
      })
    course.greet()
    old.term = 5
    #expect(course.came(.welcome(old)).count == 2)
  }

  @Test func aVersionThatWasNotOfferedIsRefused() {
    var course = Course()
    course.greet()
    var other = Self.welcome
    other.protocol = 3
    #expect(course.came(.welcome(other)).first == .close)
    #expect(!course.course.isWelcomed)
  }

  @Test func messagesOutOfTurnEndTheConnection() {
    var course = Course()
    course.greet()
    #expect(course.came(.goodbye(Goodbye(text: ""))).first == .close)
    #expect(course.came(.welcome(Self.welcome)) == [])
    course.greet()
    _ = course.came(.welcome(Self.welcome))
    #expect(course.came(.welcome(Self.welcome)).first == .close)
  }

  @Test func afterTheStopNothingHappens() {
    var course = Course()
    course.greet()
    #expect(course.course.stop() == [.close])
    #expect(course.course.stop() == [])
    #expect(course.course.go() == [])
    #expect(course.lost("gone") == [])
    #expect(course.came(.welcome(Self.welcome)) == [])
    #expect(course.course.giveUp("why") == [])
  }

  @Test func whatSettingsForbidIsNotTriedAgain() {
    var course = Course()
    _ = course.course.go()
    #expect(course.course.giveUp("why") == [.close, .tell(.lost(reason: "why", again: nil))])
    #expect(course.course.go() == [])
  }
}
