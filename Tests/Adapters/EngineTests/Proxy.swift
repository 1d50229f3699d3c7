import Model
import TestSupport

/// `scripts/targets/proxy.py`, a proxy that is not ours.
final class Proxy {
  enum Kind: String, CaseIterable {
    case http, https, socks5, socks5h, socks4a

    /// Whether names are the proxy's to look up.
    var looksUp: Bool { self != .socks5 }
    /// What stands before `host:port` in its log, where it makes a tunnel.
    var word: String {
      switch self {
      case .http, .https: "CONNECT"
      case .socks5, .socks5h: "SOCKS5"
      case .socks4a: "SOCKS4"
      }
    }
  }

  let kind: Kind
  private let script: ScriptTarget

  init(_ kind: Kind, _ arguments: [String] = []) throws {
    self.kind = kind
    var arguments = arguments
    if kind == .https {
      let files = try TransportServersTests.certificates.get()
      arguments += ["--cert", files.certificate, "--key", files.key]
    }
    script = try ScriptTarget("proxy", arguments)
  }

  var port: UInt16 { script.port }
  var pid: Int32 { script.pid }

  /// - Parameter user: `name:word`.
  func url(_ user: String? = nil) -> String { "\(kind.rawValue)://\(user.map { $0 + "@" } ?? "")127.0.0.1:\(port)" }

  /// What it has been asked for so far.
  var asked: [String] { script.lines.filter { !$0.hasPrefix("{") } }

  /// Ends it; gives what it was asked for, and what it counted.
  func stop() throws -> (asked: [String], counts: Tally) {
    let lines = script.finish()
    return (lines.dropLast(), try Tally(lines))
  }
}
