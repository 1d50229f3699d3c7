public import EventLoop
public import HTTPServer
public import Lifecycle
public import Log
public import Telemetry

/// `/metrics`, `/healthz` and `/readyz` of a process that serves nothing else over HTTP. It listens from its making to
/// its end.
///
/// `/healthz` says that the process lives, `/readyz` whether it does its work: 200, or 503 with what it lacks.
public final class MetricsServer: Service {
  /// Where it listens, for people: `http://127.0.0.1:9100/`.
  public let url: String
  /// Where it listens, with the port it really has.
  public let address: SocketAddress?
  private let server: Server

  public var name: String { server.name }

  /// Listens at once, so that a port in use is known before any work is begun.
  ///
  /// - Parameters:
  ///   - address: port 0 takes a free one. On a loopback address, only requests to a loopback name are answered.
  ///   - figures: what `/metrics` shows; called on the server's thread, it must not block.
  ///   - lacking: what the process waits for, in words for `/readyz`; empty where it works. As `figures`.
  public init(
    _ address: SocketAddress, log: Logger, lacking: @escaping @Sendable () -> [String] = { [] },
    figures: @escaping @Sendable () -> Registry
  ) throws(Server.Fault) {
    var settings = Server.Settings(addresses: [address])
    settings.stoppingTime = .seconds(1)
    settings.isForLoopbackHosts = address.address.isLoopback
    settings.log = { access in
      log.debug("asked", Field("method", access.method), Field("target", access.target), Field("status", access.status))
    }
    settings.trouble = { error in log.warning("can't accept a connection", Field("reason", error.reason)) }
    server = Server(name: "metrics", settings, router: MetricsServer.router(lacking, figures))
    self.address = try server.start().first
    url = "http://\(self.address?.description ?? "")/"
  }

  private static func router(
    _ lacking: @escaping @Sendable () -> [String], _ figures: @escaping @Sendable () -> Registry
  ) -> Router {
    var router = Router()
    router.on(.get, "/") { _ in .now(.text("/metrics /healthz /readyz\n")) }
    router.on(.get, "/healthz") { _ in .now(.text("ok\n")) }
    router.on(.get, "/readyz") { _ in
      let lacking = lacking()
      return .now(lacking.isEmpty ? .text("ok\n") : .problem(503, lacking.joined(separator: "; ")))
    }
    router.on(.get, "/metrics") { _ in
      let headers = HeaderLines("Content-Type", PrometheusText.contentType)
      return .now(Response(headers: headers, body: Array(PrometheusText.render(figures()).utf8)))
    }
    return router
  }

  public func run() { server.wait() }
  public func stop() { server.stop() }
  public func abort() { server.abort() }
}
