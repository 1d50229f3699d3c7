import EventLoop
import HTTPServer
import Lifecycle
import Log
import Model
import Telemetry

/// `/metrics` and `/healthz` of a worker.
final class MetricsServer: Service {
  let url: String
  private let server: Server

  var name: String { server.name }

  /// Listens at once.
  init(_ address: SocketAddress, board: WorkerBoard, version: String, log: Logger) throws(Server.Fault) {
    var settings = Server.Settings(addresses: [address])
    settings.stoppingTime = .seconds(1)
    settings.isForLoopbackHosts = address.address.isLoopback
    settings.trouble = { error in log.warning("can't accept a connection", Field("reason", error.reason)) }
    var router = Router()
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/metrics") { _ in
      let headers = HeaderLines("Content-Type", PrometheusText.contentType)
      return .now(Response(headers: headers, body: Array(board.metrics(version: version).utf8)))
    }
    server = Server(name: "metrics", settings, router: router)
    url = "http://\(try server.start().first?.description ?? "")/"
  }

  func run() { server.wait() }
  func stop() { server.stop() }
  func abort() { server.abort() }
}
