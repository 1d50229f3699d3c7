import CommandLines
import HTTPServer
import Lifecycle
import Log
import Model
import Options
import Telemetry

/// `/status`, `/results`, `/metrics` and `/healthz` of a run that goes on. It listens from its making to its end.
final class StatusServer: Service {
  /// Where it listens, for people: `http://127.0.0.1:9100/`.
  let url: String
  let board = StatusBoard()
  private let server: Server

  var name: String { server.name }

  /// Listens at once, so that a port in use is known before anything is sent.
  init(_ given: Invocation.Given, log: Logger) throws(Failure) {
    var settings: Server.Settings
    do throws(ValueError) {
      settings = Server.Settings(addresses: [try ListenAddress.read(given.text)])
    } catch { throw Failure("\(given.place): \(error)") }
    settings.stoppingTime = .seconds(1)
    settings.isForLoopbackHosts = settings.addresses.allSatisfy(\.address.isLoopback)
    settings.log = { access in
      log.debug("asked", Field("method", access.method), Field("target", access.target), Field("status", access.status))
    }
    settings.trouble = { error in log.warning("can't accept a connection", Field("reason", error.reason)) }
    server = Server(name: "status", settings, router: StatusServer.router(board))
    do throws(Server.Fault) {
      let addresses = try server.start()
      url = "http://\(addresses.first?.description ?? "")/"
    } catch { throw Failure("\(given.place) \(given.text): \(error)") }
  }

  /// The routes; all answers are made on the server's own thread.
  private static func router(_ board: StatusBoard) -> Router {
    var router = Router()
    router.on(.get, "/") { _ in .now(.text("/status /results /metrics /healthz\n")) }
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/readyz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/status") { _ in .now(.json(board.status)) }
    router.on(.get, "/results") { _ in
      guard let results = board.results else {
        return .now(.problem(503, "the first second is not over yet; ask again in a second"))
      }
      return .now(.json(results))
    }
    router.on(.get, "/metrics") { _ in
      let headers = HeaderLines("Content-Type", PrometheusText.contentType)
      return .now(Response(headers: headers, body: Array(board.metrics.utf8)))
    }
    return router
  }

  func run() { server.wait() }
  func stop() { server.stop() }
  func abort() { server.abort() }
}
