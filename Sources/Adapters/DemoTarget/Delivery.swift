import EventLoop
import HTTPServer
import Model

/// One reply on its way: counted, sent as its behaviour wants, and noted in the log when it is over.
///
/// Let go before the reply's end it notes that the client left.
///
/// `@unchecked Sendable`: confined to its loop's thread, on which the server also calls a stream's closure.
final class Delivery: @unchecked Sendable {
  private let site: DemoSite
  private let behaviour: Behaviour
  private let decision: Behaviour.Decision
  /// The path's own answer, with the status that was decided.
  private let response: Response
  private let hasBody: Bool
  private var line: DemoLog.Line?

  /// What bodies are made of: lines of 68 bytes.
  private static let block = Array(
    String(repeating: "stampede demo target: these bytes stand for whatever you like..\n", count: 1024).utf8)
  /// Slow bodies go out at most so often a second.
  private static let beats: Int64 = 20

  init(
    _ request: Request, _ site: DemoSite, _ behaviour: Behaviour, _ decision: Behaviour.Decision, _ response: Response,
    start: Instant
  ) {
    (self.site, self.behaviour, self.decision, self.response) = (site, behaviour, decision, response)
    hasBody = !request.head.hasMethod("HEAD") && response.status != 204 && response.status != 304
    if site.log != nil {
      line = DemoLog.Line(
        start: start, end: start, method: request.head.method, path: request.head.path, planned: decision.wait,
        status: response.status, bytes: 0, outcome: .sent)
    }
  }

  deinit { over(.left, bytes: 0) }

  /// The way to answer.
  func answer() -> Answer {
    if decision.wait == .zero, !decision.isReset { return .now(reply()) }
    return .later { [self] exchange in
      let timer = exchange.loop.after(decision.wait) { [self] in begin(exchange) }
      exchange.whenPeerLeaves { [site] in
        site.counts.noteLeaving()
        // A client that has only ended its side is still answered.
        if !exchange.hasConnection { timer.cancel() }
      }
    }
  }

  private func begin(_ exchange: Exchange) {
    if !decision.isReset || !hasBody { return exchange.respond(reply()) }
    // Cut within what was announced: the half that it had time to send, or nothing at all.
    let size = behaviour.size ?? 0
    exchange.respond(
      Response(status: response.status, headers: response.headers, stream: max(size, 2)) { [self] stream in
        if size == 0 { return over(.reset, bytes: 0) }
        stream.write(Delivery.block.prefix(size / 2))
        stream.loop.after(.milliseconds(5)) { [self] in
          withExtendedLifetime(stream) { over(.reset, bytes: min(size / 2, Delivery.block.count)) }
        }
      })
  }

  /// The reply itself; small ones are over with this.
  private func reply() -> Response {
    if behaviour.size == nil, !behaviour.isChunked, behaviour.slow == nil {
      over(.sent, bytes: hasBody ? response.length : 0)
      return response
    }
    let size = behaviour.size ?? response.length
    if !behaviour.isChunked, behaviour.slow == nil, size <= Delivery.block.count {
      over(.sent, bytes: hasBody ? size : 0)
      return Response(status: response.status, headers: response.headers, body: Array(Delivery.block[..<size]))
    }
    // A stream is not asked for where there is no body.
    if !hasBody { over(.sent, bytes: 0) }
    var own: [UInt8] = []
    if behaviour.size == nil, case .bytes(let bytes) = response.body { own = bytes }
    let source = own.isEmpty ? Delivery.block : own
    let slow = behaviour.slow
    return Response(
      status: response.status, headers: response.headers, stream: behaviour.isChunked ? nil : size
    ) { [self] stream in
      let body = Body(stream, source, size: size) { [self] in over(.sent, bytes: size) }
      if let slow { body.drip(perSecond: slow, since: stream.loop.now) } else { body.fill() }
    }
  }

  private func over(_ outcome: DemoLog.Outcome, bytes: Int) {
    guard var line else { return }
    self.line = nil
    line.end = MonotonicClock.now()
    line.bytes = bytes
    line.outcome = outcome
    site.log?.note(line)
  }

  /// A body that is written piece by piece.
  private final class Body {
    private let stream: ReplyStream
    private let source: [UInt8]
    private let size: Int
    private var written = 0
    private let done: () -> Void

    init(_ stream: ReplyStream, _ source: [UInt8], size: Int, done: @escaping () -> Void) {
      (self.stream, self.source, self.size, self.done) = (stream, source, size, done)
    }

    /// As much as there is room for, and the rest when there is room again.
    func fill() {
      while written < size {
        if !stream.hasRoom { return stream.whenDrained { [self] in fill() } }
        write(source.count)
      }
      finish()
    }

    /// What is due by now, and again at the next beat.
    func drip(perSecond rate: Int, since start: Instant) {
      if !stream.hasRoom { return stream.whenDrained { [self] in drip(perSecond: rate, since: start) } }
      let elapsed = max(0, (stream.loop.now - start).inMicroseconds)
      let due = Int(min(Double(size), Double(elapsed) / 1e6 * Double(rate)))
      while written < due, stream.hasRoom { write(due - written) }
      if written >= size { return finish() }
      // By when the next byte is due, though not more often than the beats.
      let next = Int64(Double(written + 1) / Double(rate) * 1e6) - elapsed
      let last = Int64(Double(size) / Double(rate) * 1e6) - elapsed + 1
      let pause = TimeSpan.microseconds(min(max(next, 1_000_000 / Delivery.beats), max(1, last)))
      stream.loop.after(pause) { [self] in drip(perSecond: rate, since: start) }
    }

    private func write(_ most: Int) {
      let from = written % source.count
      let count = min(most, size - written, source.count - from)
      stream.write(source[from..<(from + count)])
      written += count
    }

    private func finish() {
      stream.finish()
      done()
    }
  }
}

extension Response {
  /// Bytes of a body that is at hand.
  var length: Int {
    if case .bytes(let bytes) = body { bytes.count } else { 0 }
  }
}
