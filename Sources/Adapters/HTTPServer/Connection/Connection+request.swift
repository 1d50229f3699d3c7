import EventLoop
import HTTP1
import Model

extension Connection {
  /// Takes the next step of reading requests and answers one that is complete.
  ///
  /// - Returns: how many bytes are done with, and whether nothing can be done before more come.
  func read(_ bytes: UnsafeRawBufferPointer) -> (bytes: Int, needsMore: Bool) {
    guard let wire else { return (bytes.count, true) }
    if conversation.phase == .idle {
      if bytes.isEmpty { return (0, true) }
      conversation.begin(now: wire.now)
    }
    let step = decoder.next(bytes)
    switch step.event {
    case .needMore: return (step.consumed, step.consumed == bytes.count)
    case .head(let head): admit(head, on: wire)
    case .body(let range): keep(UnsafeRawBufferPointer(rebasing: bytes[range]))
    case .end: answer(on: wire)
    case .failed(let fault): refuse(fault.status, fault.description)
    }
    return (step.consumed, false)
  }

  /// The head is there: finds who answers it, and whether its body is wanted.
  private func admit(_ head: RequestHead, on wire: any Wire) {
    let limit = route(head)
    var announced: Int?
    if case .length(let length) = head.body { announced = length }
    let facts = Conversation.Head(
      hasBody: head.body != .none, announced: announced, expectsContinue: head.expectsContinue,
      keepsAlive: head.keepAlive, isOld: head.version == .http10, isHEAD: head.hasMethod("HEAD"))
    current.head = head
    switch conversation.admit(facts, bodyLimit: limit, now: wire.now) {
    case .answer: break
    case .readBody(let sendsContinue):
      decoder.bodyLimit = limit ?? 0
      if let announced, !current.discardsBody { current.body.reserveCapacity(min(announced, 65_536)) }
      if sendsContinue { wire.write(Connection.goOn) }
    case .answerAndClose: answer(on: wire)
    case .refuse(let status, let detail): refuse(status, detail)
    }
  }

  /// A part of the body.
  private func keep(_ bytes: UnsafeRawBufferPointer) {
    if current.discardsBody { return }
    current.body.append(contentsOf: bytes)
    current.bodyBytes += bytes.count
    if !account() { refuse(503, "the server holds as much of requests as it may; try again later") }
  }

  private static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// Finds who answers; the bytes of a body that he takes, nil where nobody wants one.
  private func route(_ head: RequestHead) -> Int? {
    // A browser always sends Host, so a request without one can't be a page's.
    if site.isForLoopbackHosts, let host = head.host, !LoopbackHost.names(host) {
      current.routed = .reply(.problem(421, "this listener answers only requests to localhost, 127.0.0.1 or [::1]"))
      return nil
    }
    guard let method = Method(head) else {
      current.routed = .reply(.problem(501, "this server does not know the method"))
      return nil
    }
    let path = head.pathBytes
    if path.elementsEqual("*".utf8) {
      current.routed = .reply(Connection.allowed(site.router.allowAnywhere()))
      return nil
    }
    switch site.router.find(method, path: path) {
    case .found(let route, let parameters):
      current.routed = .handler(route.handler, parameters: parameters)
      current.discardsBody = route.discardsBody
      return route.bodyLimit ?? site.limits.bodyBytes
    case .noPath: current.routed = .reply(.problem(404, "there is nothing at this path"))
    case .badPath: current.routed = .reply(.problem(400, "the path has a % without two hexadecimal digits after it"))
    case .options(let allow): current.routed = .reply(Connection.allowed(allow))
    case .noMethod(let allow):
      var response = Response.problem(405, "this path allows \(allow)")
      response.headers.add("Allow", allow)
      current.routed = .reply(response)
    }
    return nil
  }

  private static func allowed(_ methods: String) -> Response {
    Response(status: 204, headers: HeaderLines("Allow", methods))
  }

  /// The request is complete, or its body not wanted.
  private func answer(on wire: any Wire) {
    conversation.complete()
    let number = conversation.number
    switch current.routed {
    case .reply(let response): respond(response, to: number)
    case .handler(let handler, let parameters):
      guard let head = current.head else { return }
      let request = Request(head: head, body: current.body, peer: peer, parameters: parameters)
      current.body = []
      switch handler(request) {
      case .now(let response): respond(response, to: number)
      case .later(let begin): begin(Exchange(self, number: number, loop: wire.loop))
      }
    case .nothing: break
    }
  }
}
