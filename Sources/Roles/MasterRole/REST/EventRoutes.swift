import EventLoop
import HTTPServer
import Identity
import Model
import PostgresIO

/// A test's course as Server-Sent Events: `state`, `second`, and one `end`.
struct EventRoutes: Sendable {
  let context: RestContext

  func add(to router: inout Router) {
    router.on(.get, "/api/tests/:id/events") { events($0) }
  }

  private func events(_ request: Request) -> Answer {
    context.asking(request) { _ in
      let run = try RestContext.run(request)
      let last = request.head.first("Last-Event-ID")
      return context.reading { [context] database in
        guard try FleetStore(database).find(run) != nil else { throw Problem.notFound }
        var headers = HeaderLines("Content-Type", "text/event-stream")
        headers.add("Cache-Control", "no-store")
        // Proxies that gather replies would hold events back.
        headers.add("X-Accel-Buffering", "no")
        return Response(headers: headers, stream: nil) { stream in
          EventStream(stream, run: run, context, request).begin(after: last)
        }
      }
    }
  }
}

/// One listener. Confined to its loop's thread; other threads only carry it there.
final class EventStream: @unchecked Sendable {
  private let stream: ReplyStream
  private let inbox: Inbox
  private let run: Identifier
  private let context: RestContext
  private let request: Request
  private var number: UInt64?
  private var timer: Timer?
  /// Events for a client that is slow to take them.
  private var waiting: [ServerEvent] = []
  private var isOver = false

  /// A client that is further behind is cut off; it may come back with Last-Event-ID.
  private static let mostWaiting = 256
  private static let pulse = TimeSpan.seconds(15)

  init(_ stream: ReplyStream, run: Identifier, _ context: RestContext, _ request: Request) {
    self.stream = stream
    inbox = stream.loop.inbox
    self.run = run
    self.context = context
    self.request = request
  }

  func begin(after last: String?) {
    // The board's hold on it ends with `end`, or with the test.
    let heard = context.board.listen(to: run, after: last) { [self] event in
      inbox.post { [self] _ in take(event) }
    }
    guard let heard else {
      stream.write(": too many listen to events; try again later\n\n".utf8)
      return stream.finish()
    }
    number = heard.number
    stream.whenPeerLeaves { [self] in end() }
    stream.whenStopping { [self] in end() }
    beat()
    heard.missed.forEach(take)
    // Listening came first: whatever changes after this read is heard.
    context.desk.ask(isRead: true, log: context.log) { [run] database in
      guard let test = try FleetStore(database).find(run) else { throw Problem.notFound }
      return Response(
        status: test.state.isEnd ? 200 : 202, body: TestJSON.encode(test, line: self.context.board.line(run)))
    } then: { [self] response in
      inbox.post { [self] _ in take(state: response, id: heard.lastID) }
    }
  }

  /// The test as it is: the first that a listener hears, and the last where it has ended.
  private func take(state response: Response, id: String) {
    guard case .bytes(let json) = response.body, response.status == 200 || response.status == 202 else { return end() }
    take(ServerEvent(number: 0, kind: .state, bytes: EventLog.bytes(id: id, .state, json)))
    if response.status == 200 {
      take(ServerEvent(number: 0, kind: .end, bytes: EventLog.bytes(id: id, .end, json)))
    }
  }

  private func take(_ event: ServerEvent) {
    if isOver { return }
    waiting.append(event)
    flush()
    if waiting.count > Self.mostWaiting { end() }
  }

  private func flush() {
    while !isOver, stream.hasRoom, !waiting.isEmpty {
      let event = waiting.removeFirst()
      stream.write(event.bytes)
      if event.kind == .end { return end() }
    }
    if !isOver, !waiting.isEmpty { stream.whenDrained { [self] in flush() } }
  }

  /// A comment now and then shows both ends that the other is there; whoever may not listen any more is let go.
  private func beat() {
    timer = stream.loop.after(Self.pulse) { [self] in
      if isOver { return }
      if case .failure = context.signIn.principal(of: request, least: .viewer) { return end() }
      if stream.hasRoom { stream.write(": still here\n\n".utf8) }
      beat()
    }
  }

  private func end() {
    if isOver { return }
    isOver = true
    if let number { context.board.unlisten(run, number) }
    timer?.cancel()
    timer = nil
    waiting = []
    stream.finish()
  }
}
