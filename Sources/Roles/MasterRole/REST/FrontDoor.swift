import EventLoop
import HTTPServer
import Log
import Model

/// The HTTP server of a master with all its routes. It serves from the start, also while the rest is waited for.
final class FrontDoor: Sendable {
  private let server: Server
  private let log: Logger

  init(_ settings: MasterSettings, _ context: RestContext) {
    let log = context.log
    self.log = log
    var http = Server.Settings(addresses: [settings.http])
    http.stoppingTime = .seconds(5)
    http.limits.bodyBytes = 4_096
    http.log = { access in
      log.debug(
        "asked", Field("method", access.method), Field("target", access.target), Field("status", access.status))
    }
    http.trouble = { error in log.warning("can't accept a connection", Field("reason", error.reason)) }
    server = Server(name: "rest", http, router: FrontDoor.router(context))
  }

  static func router(_ context: RestContext) -> Router {
    var router = Router()
    HealthRoutes(readiness: context.readiness).add(to: &router)
    MetricsRoutes(board: context.board, readiness: context.readiness).add(to: &router)
    FrontPage(readiness: context.readiness).add(to: &router)
    OpenAPIRoute.add(to: &router)
    context.signIn.add(to: &router)
    SubmitRoutes(context: context).add(to: &router)
    TestRoutes(context: context).add(to: &router)
    ResultRoutes(context: context).add(to: &router)
    EventRoutes(context: context).add(to: &router)
    FleetRoutes(context: context).add(to: &router)
    return router
  }

  /// Listens from now on, and says where.
  ///
  /// - Returns: the addresses with the ports they really have.
  func start() throws(Server.Fault) -> [SocketAddress] {
    let addresses = try server.start()
    for address in addresses { log.info("REST listens on http://\(address)/") }
    return addresses
  }

  /// Lets requests finish and ends streams; blocks until it has ended.
  func stop() {
    server.stop()
    server.wait()
  }
}
