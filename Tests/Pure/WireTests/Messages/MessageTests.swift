import Model
import Testing

@testable import Wire

@Suite struct MessageTests {
  /// Every kind comes back as it was sent.
  @Test func whatIsEncodedDecodesToTheSame() throws {
    var source = SplitMix(seed: Setting.seed)
    for round in 0..<3_000 {
      let message = Message.random(&source)
      let frame = try #require(FrameDecoder.only(message.encoded(request: UInt64(round))))
      #expect(frame.request == UInt64(round))
      #expect(try Message(frame: frame) == message, "seed \(Setting.seed), round \(round)")
    }
  }

  /// The greatest that the limits allow still goes into a frame.
  @Test func theLargestOfEachFitsIntoAFrame() throws {
    let long = String(repeating: "ä", count: 2_100_000)
    var source = SplitMix(seed: 1)
    let nobody = Identifier.nobody
    let assign = Assign(
      grant: .random(&source), plan: long, slots: Array(repeating: SlotShare(offset: 0, stride: 1), count: 2_000),
      share: 0, of: 1, topic: long, allowed: Array(repeating: long, count: 300),
      denied: Array(repeating: long, count: 300), name: long)
    let bytes = Message.assign(assign).encoded()
    let frame = try #require(FrameDecoder.only(bytes))
    guard case .assign(let read) = try Message(frame: frame) else {
      Issue.record("no Assign")
      return
    }
    #expect(read.plan.utf8.count == Assign.longestPlan)
    #expect(read.slots.count == 1_024)
    #expect(read.allowed.count == Assign.mostTargets)
    let record = [UInt8](repeating: 1, count: Progress.longestRecord)
    let progress = Message.progress(Progress(run: nobody, incarnation: nobody, record: record))
    #expect(FrameDecoder.only(progress.encoded()) != nil)
  }

  /// What a side can't say before it is known must fit into the bound that holds until then.
  @Test func theFirstFramesAreSmall() {
    let long = String(repeating: "x", count: 100_000)
    let hello = Hello(
      token: long, worker: String(repeating: "w", count: 128), process: .nobody, version: long, host: long)
    #expect(Message.hello(hello).encoded().count < 65_536)
  }

  @Test(arguments: [
    ("ä", 1, ""), ("aä", 2, "a"), ("aä", 3, "aä"), ("🐂", 3, ""), ("a\u{308}b", 2, "a"), ("abc", 2, "ab"), ("", 0, ""),
  ])
  func textsAreCutAtWholeCharacters(_ text: String, _ most: Int, _ expected: String) {
    #expect(Array(text.clipped(toBytes: most).utf8) == Array(expected.utf8))
  }

  @Test(arguments: [
    (Message.hello(Hello(protocol: 1, oldest: 2, token: "t", worker: "w", process: .nobody)), "Hello.oldest"),
    (.hello(Hello(protocol: 1, oldest: 0, token: "t", worker: "w", process: .nobody)), "Hello.oldest"),
    (.hello(Hello(token: "t", worker: "", process: .nobody)), "Hello.worker"),
    (.hello(Hello(token: "t", worker: "a/../b", process: .nobody)), "Hello.worker"),
    (.hello(Hello(token: "t", worker: "a\u{1B}[2J", process: .nobody)), "Hello.worker"),
    (
      .welcome(Welcome(protocol: 0, term: 1, heartbeat: .seconds(1), lease: .seconds(5), margin: .zero)),
      "Welcome.protocol"
    ),
    (
      .welcome(Welcome(protocol: 1, term: 1, heartbeat: .zero, lease: .seconds(5), margin: .zero)),
      "Welcome.heartbeat"
    ),
    (.beat(Beat(nonce: 1, term: 1, received: Instant(nanoseconds: 2), sent: Instant(nanoseconds: 1))), "Beat.sent"),
    (assign(SlotShare(offset: 4, stride: 4)), "Assign.slots[0].offset"),
    (assign(SlotShare(offset: 0, stride: 0)), "Assign.slots[0].offset"),
    (assign(SlotShare(offset: 0, stride: 1_025)), "Assign.slots[0].offset"),
    (assign(share: 2, of: 2), "Assign.share"),
    (assign(share: 0, of: 0), "Assign.share"),
    (assign(users: UserShare(first: 0, stride: 0, count: 1)), "Assign.users.stride"),
    (assign(users: UserShare(first: .max, stride: 1, count: 2)), "Assign.users.count"),
  ])
  func fieldsThatBreakARuleAreRefused(_ message: Message, _ place: String) throws {
    let frame = try #require(FrameDecoder.only(message.encoded()))
    do {
      _ = try Message(frame: frame)
      Issue.record("taken")
    } catch { #expect(error.place == place) }
  }

  @Test func overlongFieldsAreRefused() throws {
    let token = [UInt8](repeating: 0x61, count: 513)
    let fields: [UInt8] = [1, 0, 1, 0] + [0x81, 0x04] + token + [1, 0x77] + [UInt8](repeating: 0, count: 16)
    do {
      _ = try Message(frame: Frame(type: 1, fields: fields[...]))
      Issue.record("taken")
    } catch { #expect("\(error)" == "Hello.token: found 513 bytes of text, expected at most 512") }
  }

  @Test func unknownTypesAreRefused() {
    for type: UInt16 in [0, 8, 0x0101, 0x0102, .max] {
      #expect(throws: WireError.self) { _ = try Message(frame: Frame(type: type, fields: [])) }
    }
  }

  /// A log line that shows a message must not show what lets a worker in.
  @Test func theTokenIsNeverShown() {
    let message = Message.hello(Hello(token: "s3cret", worker: "w", process: .nobody))
    #expect(!"\(message)".contains("s3cret"))
    #expect(!String(reflecting: message).contains("s3cret"))
    #expect("\(message)".contains("worker w"))
  }

  private static func assign(
    _ slots: SlotShare = SlotShare(offset: 0, stride: 1), users: UserShare = UserShare(), share: UInt32 = 0,
    of shares: UInt32 = 1
  ) -> Message {
    let grant = Grant(
      run: .nobody, incarnation: .nobody, term: 1, epoch: 1, horizon: .zero, lease: .seconds(5))
    return .assign(
      Assign(grant: grant, plan: "{}", slots: [slots], users: users, share: share, of: shares, topic: "t"))
  }
}
