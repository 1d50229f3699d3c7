import Model
import Testing

@testable import HTTPServer

@Suite struct ConversationTests {
  static let start = Instant(nanoseconds: 5_000_000_000)

  static func seconds(_ count: Int64) -> Instant { start + .seconds(count) }

  func conversation() -> Conversation {
    var limits = Limits()
    limits.headTime = .seconds(10)
    limits.bodyTime = .seconds(20)
    limits.idleTime = .seconds(60)
    limits.replyTime = .seconds(30)
    limits.slowest = 1000
    limits.aheadBytes = 100
    return Conversation(limits: limits, now: ConversationTests.start)
  }

  @Test func aRequestAfterTheOther() {
    var state = conversation()
    #expect(state.deadline(sent: 0) == ConversationTests.seconds(10))
    #expect(state.canRead(hasRoom: true))
    state.begin(now: ConversationTests.seconds(1))
    #expect(state.deadline(sent: 0) == ConversationTests.seconds(11))
    #expect(state.admit(.init(), bodyLimit: 10, now: ConversationTests.seconds(2)) == .answer)
    state.complete()
    #expect(state.number == 1)
    #expect(!state.canRead(hasRoom: true))
    #expect(state.deadline(sent: 0) == nil)
    #expect(!state.endsWithReply)
    #expect(state.replied(now: ConversationTests.seconds(3)) == .goOn)
    #expect(state.deadline(sent: 0) == ConversationTests.seconds(63))
    state.begin(now: ConversationTests.seconds(4))
    #expect(state.number == 2)
  }

  @Test func aSlowHeadIsRefusedAndASilentClientClosed() {
    var slow = conversation()
    slow.begin(now: ConversationTests.start)
    #expect(slow.timedOut(now: ConversationTests.seconds(9), sent: 0, queued: 0) == .goOn)
    #expect(
      slow.timedOut(now: ConversationTests.seconds(10), sent: 0, queued: 0)
        == .refuse(408, "the request did not come in time"))
    var silent = conversation()
    #expect(silent.timedOut(now: ConversationTests.seconds(10), sent: 0, queued: 0) == .close)
    #expect(silent.phase == .closing)
  }

  @Test func aBodyHasTimeByItsAnnouncedSize() {
    var state = conversation()
    state.begin(now: ConversationTests.start)
    let head = Conversation.Head(hasBody: true, announced: 5000, expectsContinue: true)
    #expect(state.admit(head, bodyLimit: 5000, now: ConversationTests.start) == .readBody(sendsContinue: true))
    #expect(state.deadline(sent: 0) == ConversationTests.seconds(25))
    var other = conversation()
    other.begin(now: ConversationTests.start)
    guard case .refuse(413, _) = other.admit(head, bodyLimit: 4999, now: ConversationTests.start) else {
      Issue.record("one byte over the limit must be refused")
      return
    }
  }

  @Test func anUnwantedBodyEndsTheConnection() {
    var state = conversation()
    state.begin(now: ConversationTests.start)
    #expect(state.admit(.init(hasBody: true), bodyLimit: nil, now: ConversationTests.start) == .answerAndClose)
    state.complete()
    #expect(state.endsWithReply)
    #expect(state.replied(now: ConversationTests.start) == .close)
  }

  @Test func aReplyMustBeTakenInItsTimeHoweverItTrickles() {
    var state = conversation()
    state.begin(now: ConversationTests.start)
    _ = state.admit(.init(), bodyLimit: 0, now: ConversationTests.start)
    state.complete()
    state.queued(sent: 0, queued: 0, following: 10_000, now: ConversationTests.start)
    #expect(state.deadline(sent: 0) == ConversationTests.seconds(40))
    #expect(state.timedOut(now: ConversationTests.seconds(39), sent: 9_998, queued: 10_000) == .goOn)
    #expect(state.timedOut(now: ConversationTests.seconds(40), sent: 9_999, queued: 10_000) == .reset)
  }

  @Test func aTakenReplyGivesWayToTheNext() {
    var state = conversation()
    state.begin(now: ConversationTests.start)
    state.complete()
    state.queued(sent: 0, queued: 100, following: 0, now: ConversationTests.start)
    // While the first is not taken its moment stands.
    state.queued(sent: 50, queued: 200, following: 0, now: ConversationTests.seconds(10))
    #expect(state.deadline(sent: 50) == ConversationTests.seconds(30))
    #expect(state.timedOut(now: ConversationTests.seconds(30), sent: 100, queued: 200) == .goOn)
    #expect(state.deadline(sent: 100) == ConversationTests.seconds(60))
    #expect(state.timedOut(now: ConversationTests.seconds(60), sent: 199, queued: 200) == .reset)
  }

  @Test func theClientsEndIsTheConnectionsOnceNothingIsOwed() {
    var idle = conversation()
    idle.ended()
    #expect(idle.nothingLeft() == .close)

    var handling = conversation()
    handling.begin(now: ConversationTests.start)
    handling.complete()
    handling.ended()
    #expect(handling.nothingLeft() == .goOn)
    #expect(handling.replied(now: ConversationTests.start) == .goOn)
    #expect(handling.nothingLeft() == .close)

    var reading = conversation()
    reading.begin(now: ConversationTests.start)
    reading.ended()
    #expect(reading.nothingLeft() == .refuse(400, "the connection ended within the request"))
  }

  @Test func stoppingLetsARequestFinish() {
    var idle = conversation()
    #expect(idle.stop() == .close)
    var busy = conversation()
    busy.begin(now: ConversationTests.start)
    #expect(busy.stop() == .goOn)
    busy.complete()
    #expect(busy.endsWithReply)
    #expect(busy.replied(now: ConversationTests.start) == .close)
  }

  @Test func lookAheadIsBounded() {
    var state = conversation()
    #expect(!state.canRead(hasRoom: false))
    state.begin(now: ConversationTests.start)
    state.complete()
    #expect(state.takesMore(waiting: 99, hasRoom: true))
    #expect(!state.takesMore(waiting: 100, hasRoom: true))
  }
}
