import JSONScan
import Model

extension PlanText {
  /// How requests are carried, where a plan says anything about it.
  static func write(_ options: TransportOptions, to writer: inout JSONWriter) {
    let none = TransportOptions()
    if options.engine != none.engine { writer.text("engine", options.engine.rawValue) }
    if options.version != none.version { writer.text("http_version", options.version.rawValue) }
    if let proxy = options.proxy { writer.text("proxy", proxy) }
    if let file = options.clientCertificate { writer.text("cert", file) }
    if let file = options.clientKey { writer.text("key", file) }
    if let file = options.authorities { writer.text("ca", file) }
    if let path = options.unixSocket { writer.text("unix_socket", path) }
  }
}
