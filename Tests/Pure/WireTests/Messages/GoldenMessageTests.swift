import Model
import Testing

@testable import Wire

/// `golden/rpc-*.hex`: one frame of each message, with every field in use.
@Suite struct GoldenMessageTests {
  private static let run = Identifier(high: 0x0011_2233_4455_4677, low: 0x8899_AABB_CCDD_EEFF)
  private static let life = Identifier(high: 0xFEDC_BA98_7654_4210, low: 0x8123_4567_89AB_CDEF)
  private static let grant = Grant(
    run: run, incarnation: life, term: 7, epoch: 3, horizon: .seconds(12) + .milliseconds(500), lease: .seconds(5))
  private static let moment = Instant(nanoseconds: 86_400_000_000_123)

  static let all: [Message] = [
    .hello(
      Hello(
        protocol: 2, oldest: 1, token: "0123456789abcdef0123456789abcdef", worker: "worker-1", process: life,
        version: "0.1.0", host: "höst", cpus: 16)),
    .welcome(
      Welcome(
        protocol: 1, term: 7, heartbeat: .seconds(1), lease: .seconds(5), margin: .seconds(1), version: "0.1.0",
        master: run)),
    .refused(Refused(why: .duplicate, text: "worker-1 is connected from 10.0.0.7")),
    .register(Register(term: 6, state: .running, run: run, incarnation: life)),
    .registered(Registered(worker: "worker-1")),
    .heartbeat(
      Heartbeat(nonce: 300, state: .running, run: run, incarnation: life, records: 41, published: 40)),
    .beat(
      Beat(nonce: 300, term: 7, received: moment, sent: moment + .microseconds(40), grant: grant)),
    .assign(
      Assign(
        grant: grant, plan: "{\"schema\":\"stampede.plan/1\",\"name\":\"shop 🐂\"}",
        slots: [SlotShare(offset: 1, stride: 4), SlotShare(offset: 3, stride: 4)],
        users: UserShare(first: 1, stride: 2, count: 25), share: 1, of: 2, topic: "stampede.results",
        allowed: ["127.0.0.1:8080"], denied: ["169.254.0.0/16", "[::1]:5432"], name: "shop 🐂")),
    .ready(Ready(run: run, incarnation: life, epoch: 3, problem: "no descriptors", connections: 1_000)),
    .start(Start(grant: grant, start: moment)),
    .stop(Stop(run: run, incarnation: life, kind: .abort, text: "stopped by admin")),
    .progress(Progress(run: run, incarnation: life, record: Golden.final.bytesOfFile)),
    .complete(
      Complete(
        run: run, incarnation: life, records: 31, completed: 4_711, reason: .stopped, problem: "the spool is full",
        published: 30, kept: 1)),
    .completed(Completed(run: run, incarnation: life)),
    .goodbye(Goodbye(text: "SIGTERM")),
  ]

  @Test(arguments: all) func theFileIsThisMessage(_ message: Message) throws {
    let path = "\(SchemaFile.folder)/golden/rpc-\(message.name.lowercased()).hex"
    let bytes = message.encoded(request: 300)
    if GoldenTests.writes { try Golden.write(bytes, "\(message.name), request 300, every field in use.", to: path) }
    #expect(try Golden.read(path) == bytes)
    let frame = try #require(FrameDecoder.only(bytes))
    #expect(frame.request == 300)
    #expect(try Message(frame: frame) == message)
  }

  @Test func thereIsOneOfEachKind() throws {
    let kinds = try SchemaFile("rpc.schema").sections.filter { $0.value.kind.hasPrefix("message") }.keys
    #expect(Set(GoldenMessageTests.all.map(\.name)) == Set(kinds))
  }
}

extension Golden {
  fileprivate var bytesOfFile: [UInt8] { IntervalCodec.encode(interval) }
}
