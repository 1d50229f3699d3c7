import HTTPServer
import Model
import Telemetry

/// What the demo target answers.
enum DemoRoutes {
  /// Bytes of a request's body that it takes and throws away.
  static let bodyLimit = 16_777_216

  private static let short = Response.text("Hello from the demo target.\n")
  /// What large bodies are made of: lines of 64 bytes.
  private static let block = Array(
    String(repeating: "stampede demo target: these bytes stand for whatever you like..\n", count: 1024).utf8)

  static func router(_ counts: DemoCounts) -> Router {
    var router = Router()
    let plain: Router.Handler = { request in
      if request.head.queryBytes != nil { return answer(request, counts) }
      counts.note(status: 200)
      return .now(short)
    }
    let status: Router.Handler = { request in
      let code = request.parameter("code")
      do throws(ValueError) {
        var wanted = try DemoAnswer(query: request.query)
        wanted.status = try DemoAnswer.status(code, found: "/status/\(code)")
        return answer(wanted, counts)
      } catch {
        return refuse(error, counts)
      }
    }
    for method in [Method.get, .post, .put, .patch, .delete] {
      router.on(method, "/", bodyLimit: bodyLimit, discardsBody: true, plain)
      router.on(method, "/status/:code", bodyLimit: bodyLimit, discardsBody: true, status)
      router.on(method, "/*", bodyLimit: bodyLimit, discardsBody: true, plain)
    }
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/metrics") { _ in
      let text = PrometheusText.render(counts.registry())
      return .now(Response(headers: HeaderLines("Content-Type", PrometheusText.contentType), body: Array(text.utf8)))
    }
    return router
  }

  private static func answer(_ request: Request, _ counts: DemoCounts) -> Answer {
    do throws(ValueError) { return answer(try DemoAnswer(query: request.query), counts) } catch {
      return refuse(error, counts)
    }
  }

  private static func refuse(_ error: ValueError, _ counts: DemoCounts) -> Answer {
    counts.note(status: 400)
    return .now(.problem(400, error.description))
  }

  private static func answer(_ wanted: DemoAnswer, _ counts: DemoCounts) -> Answer {
    counts.note(status: wanted.status)
    let response = response(wanted)
    if wanted.delay == .zero { return .now(response) }
    return .later { exchange in
      let timer = exchange.loop.after(wanted.delay) { exchange.respond(response) }
      exchange.whenPeerLeaves {
        counts.noteLeaving()
        // A client that has only ended its side is still answered.
        if !exchange.hasConnection { timer.cancel() }
      }
    }
  }

  private static func response(_ wanted: DemoAnswer) -> Response {
    guard let size = wanted.size else {
      var response = short
      response.status = wanted.status
      return response
    }
    if size <= block.count {
      return Response(status: wanted.status, headers: short.headers, body: Array(block[..<size]))
    }
    return Response(status: wanted.status, headers: short.headers, stream: size) { fill($0, size) }
  }

  /// Writes as much as there is room for, and the rest when there is room again.
  private static func fill(_ stream: ReplyStream, _ size: Int) {
    var left = size
    while left > 0 {
      if !stream.hasRoom {
        let rest = left
        return stream.whenDrained { fill(stream, rest) }
      }
      stream.write(block.prefix(left))
      left -= min(left, block.count)
    }
    stream.finish()
  }
}
