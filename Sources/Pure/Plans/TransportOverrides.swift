import JSONScan
import Model

/// What flags say about how requests are carried; nil was not said.
public struct TransportOverrides: Sendable, Hashable {
  public var engine: TransportOptions.Engine?
  public var version: TransportOptions.Version?
  public var proxy: ProxyURL?
  public var clientCertificate: String?
  public var clientKey: String?
  public var authorities: String?
  public var unixSocket: String?

  public init() {}

  /// These, and what only `other` says.
  func merged(over other: TransportOverrides) -> TransportOverrides {
    var merged = self
    merged.engine = engine ?? other.engine
    merged.version = version ?? other.version
    merged.proxy = proxy ?? other.proxy
    merged.clientCertificate = clientCertificate ?? other.clientCertificate
    merged.clientKey = clientKey ?? other.clientKey
    merged.authorities = authorities ?? other.authorities
    merged.unixSocket = unixSocket ?? other.unixSocket
    return merged
  }

  func applied(to options: TransportOptions) -> TransportOptions {
    var options = options
    options.engine = engine ?? options.engine
    options.version = version ?? options.version
    options.proxy = proxy?.text ?? options.proxy
    // A certificate of its own brings its own key.
    if clientCertificate != nil { options.clientKey = nil }
    options.clientCertificate = clientCertificate ?? options.clientCertificate
    options.clientKey = clientKey ?? options.clientKey
    options.authorities = authorities ?? options.authorities
    options.unixSocket = unixSocket ?? options.unixSocket
    return options
  }
}

extension Reading {
  /// The plan's words for how requests are carried.
  mutating func transport(_ fields: [String: (node: Node, field: String)], into options: inout TransportOptions) {
    if let (node, field) = fields["engine"], let text = text(node, field, expected: "auto, native or curl") {
      if let engine = TransportOptions.Engine(rawValue: text) {
        options.engine = engine
      } else {
        wrong(node, field, found: "'\(Node.cut(text))'", expected: "auto, native or curl")
      }
    }
    version(fields, into: &options)
    if let (node, field) = fields["proxy"], let text = text(node, field, expected: "http://host:3128") {
      do throws(ValueError) { options.proxy = try ProxyURL(text: text).text } catch {
        wrong(node, field, found: error.found, expected: error.expected)
      }
    }
    if let (node, field) = fields["cert"] { options.clientCertificate = path(node, field) }
    if let (node, field) = fields["key"] { options.clientKey = path(node, field) }
    if let (node, field) = fields["ca"] { options.authorities = path(node, field) }
    if let (node, field) = fields["unix_socket"] { options.unixSocket = path(node, field) }
  }

  private mutating func version(_ fields: [String: (node: Node, field: String)], into options: inout TransportOptions) {
    let words = ["http_version", "http2", "h2c"].compactMap { fields[$0] }
    if words.count > 1 {
      return wrong(words[1].node.place, words[1].field, "it says the same as \(words[0].field); expected one of them")
    }
    if let (node, field) = fields["http_version"] {
      guard let text = node.number ?? node.text, let version = TransportOptions.Version(rawValue: text) else {
        return wrong(node, field, expected: "1.1, 2 or 2-prior-knowledge")
      }
      options.version = version
    }
    if let (node, field) = fields["http2"], let truth = bool(node, field) { options.version = truth ? .http2 : .http1 }
    if let (node, field) = fields["h2c"], let truth = bool(node, field) {
      options.version = truth ? .http2PriorKnowledge : .http1
    }
  }

  /// A file's or socket's name, which holds no NUL.
  private mutating func path(_ node: Node, _ field: String) -> String? {
    guard let text = text(node, field, expected: "a path") else { return nil }
    if !text.isEmpty, !text.utf8.contains(0) { return text }
    wrong(node, field, expected: "a path")
    return nil
  }
}
