import EventLoop
import HTTPServer
import Log
import Model

/// The HTTP server of a master with all its routes. It serves from the start, also while the rest is waited for.
final class FrontDoor: Sendable {
  private let server: Server
  private let log: Logger

  init(_ settings: MasterSettings, signIn: SignIn, readiness: Readiness, log: Logger) {
    self.log = log
    var http = Server.Settings(addresses: [settings.http])
    http.stoppingTime = .seconds(5)
    http.limits.bodyBytes = 4_096
    http.log = { access in
      log.debug(
        "asked", Field("method", access.method), Field("target", access.target), Field("status", access.status))
    }
    http.trouble = { error in log.warning("can't accept a connection", Field("reason", error.reason)) }
    var router = Router()
    HealthRoutes(readiness: readiness).add(to: &router)
    signIn.add(to: &router)
    server = Server(name: "rest", http, router: router)
  }

  /// Listens from now on, and says where.
  func start() throws(Server.Fault) {
    for address in try server.start() { log.info("REST listens on http://\(address)/") }
  }

  /// Lets requests finish and ends streams; blocks until it has ended.
  func stop() {
    server.stop()
    server.wait()
  }
}
