import EventLoop
import HTTPServer
import Model
import TestSupport
import Testing

/// A server on a free port of 127.0.0.1 that ends with the value.
final class LiveServer: Sendable {
  let server: Server
  let port: UInt16
  let journal = Journal()

  init(
    limits: Limits = Limits(), loops: Int = 1, tls: Server.Certificate? = nil,
    _ change: (inout Server.Settings) -> Void = { _ in }
  ) throws {
    var settings = Server.Settings(addresses: [SocketAddress(.v4(0x7F00_0001), port: 0)])
    settings.limits = limits
    settings.loops = loops
    settings.tls = tls
    change(&settings)
    server = Server(name: "test-server", settings, router: Sample.router(journal))
    port = try #require(try server.start().first).port
  }

  deinit {
    server.abort()
    server.wait()
  }
}
