import EventLoop
import HTTPServer
import Model
import Telemetry

/// What the demo target answers.
enum DemoRoutes {
  /// Bytes of a request's body that it takes and throws away.
  static let bodyLimit = 16_777_216
  /// Bytes of a request's body where it is looked at.
  static let readLimit = 1_048_576

  static let short = Response.text("Hello from the demo target.\n")
  private static let writing = [Method.get, .post, .put, .patch, .delete]

  static func router(_ site: DemoSite) -> Router {
    var router = Router()
    let isPlain = site.script == nil && site.log == nil
    let plain: Router.Handler = { request in
      if isPlain, request.head.queryBytes == nil {
        site.counts.note(status: 200)
        return .now(short)
      }
      return answer(request, site) { _ throws(ValueError) in short }
    }
    for method in writing {
      router.on(method, "/", bodyLimit: bodyLimit, discardsBody: true, plain)
      router.on(
        method, "/status/:code", bodyLimit: bodyLimit, discardsBody: true,
        page(site) { request throws(ValueError) in
          let code = request.parameter("code")
          var response = short
          response.status = try Behaviour.status(code, found: "/status/\(code)")
          return response
        })
      router.on(method, "/echo", bodyLimit: readLimit, page(site, DemoPages.echo))
    }
    for (method, path, make) in pages {
      router.on(
        method, path, bodyLimit: readLimit,
        page(site) { request throws(ValueError) in try make(request, site.sessions) })
    }
    // Of patterns the first that fits is taken.
    for method in writing { router.on(method, "/*", bodyLimit: bodyLimit, discardsBody: true, plain) }
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/metrics") { _ in
      let text = PrometheusText.render(site.counts.registry())
      return .now(Response(headers: HeaderLines("Content-Type", PrometheusText.contentType), body: Array(text.utf8)))
    }
    return router
  }

  typealias Page = @Sendable (Request, DemoSessions) throws(ValueError) -> Response

  private static let pages: [(Method, String, Page)] = [
    (.get, "/login", DemoPages.login), (.post, "/login", DemoPages.login),
    (.get, "/private", DemoPages.secluded), (.post, "/private", DemoPages.secluded),
    (.get, "/cookies", DemoPages.cookies), (.get, "/cookies/set", DemoPages.setCookies),
    (.get, "/items", DemoPages.items), (.post, "/items", DemoPages.newItem), (.get, "/items/:id", DemoPages.item),
    (.put, "/items/:id", DemoPages.item), (.patch, "/items/:id", DemoPages.item),
    (.delete, "/items/:id", DemoPages.noItem), (.get, "/redirect/:count", DemoPages.redirect),
    (.post, "/redirect/:count", DemoPages.redirect),
  ]

  private static func page(
    _ site: DemoSite, _ make: @escaping @Sendable (Request) throws(ValueError) -> Response
  ) -> Router.Handler {
    { request in answer(request, site, make) }
  }

  /// The path's own answer, changed by what script and query say; the query goes over the script.
  private static func answer(
    _ request: Request, _ site: DemoSite, _ make: (Request) throws(ValueError) -> Response
  ) -> Answer {
    do throws(ValueError) {
      let now = MonotonicClock.now()
      let elapsed = site.elapsed(now)
      var behaviour = site.script?.behaviour(of: request.path, elapsed: elapsed) ?? Behaviour()
      if request.head.queryBytes != nil { try behaviour.apply(query: request.query) }
      var response = try make(request)
      let decision =
        behaviour.isPlain
        ? Behaviour.Decision(status: nil, wait: .zero, isReset: false)
        : behaviour.decide(draw: site.draw(), elapsed: elapsed)
      if let status = decision.status {
        // Another status than the path's own has nothing of its page.
        if status != response.status { response = short }
        response.status = status
      }
      site.counts.note(status: response.status)
      return Delivery(request, site, behaviour, decision, response, start: now).answer()
    } catch {
      site.counts.note(status: 400)
      return .now(.problem(400, error.description))
    }
  }
}
