import JSONScan
import Model

/// Vegeta's attack options as a JSON object: `{"timeout": 5, "keepalive": false, "max-workers": 50}`.
///
/// A number where a duration is meant is seconds. An option that can't be honoured is refused; a key given twice counts
/// the last time, with a warning.
public struct VegetaOptions: Sendable, Hashable {
  /// What the options say, in the product's own terms.
  public private(set) var overrides = PlanOverrides()
  public private(set) var warnings: [Diagnostic] = []

  static let known = [
    "timeout", "connections", "max-connections", "redirects", "keepalive", "http2", "h2c", "insecure", "max-workers",
    "workers", "rate", "duration", "name", "header", "max-body", "lazy", "chunked", "session-tickets", "cert", "key",
    "root-certs", "unix-socket",
  ]
  /// Vegeta's own that have no counterpart here.
  static let refused = [
    "body", "connect-to", "dns-ttl", "laddr", "resolvers", "proxy-header",
    "prometheus-addr", "opentelemetry-addr", "output", "format", "targets", "cpus",
  ]

  /// Reads options.
  ///
  /// - Parameter file: what messages call the text: the file, or `--vegeta-options`.
  public static func read(_ bytes: [UInt8], file: String) throws(PlanError) -> VegetaOptions {
    let root: Node
    do throws(JSONError) { root = try JSONReader.document(bytes).root } catch {
      throw PlanError(file: file, place: error.place, "found \(error.found), expected \(error.expected)")
    }
    guard let members = root.members else {
      throw PlanError(
        file: file, place: root.place, #"found \#(root.kind), expected an object such as {"timeout": "5s"}"#)
    }
    var options = VegetaOptions()
    var reading = Reading(file: file)
    reading.warnOfEqualKeys(members, "")
    var last: [String: Node.Member] = [:]
    for member in members { last[member.key] = member }
    for member in members where last[member.key] == member { options.take(member, &reading) }
    options.limitWorkers(last, &reading)
    try reading.finish()
    options.warnings = reading.warnings
    return options
  }

  private mutating func take(_ member: Node.Member, _ reading: inout Reading) {
    let node = member.node
    let key = member.key
    let second = TimeSpan.seconds(1)
    switch key {
    case "timeout": overrides.timeout = reading.span(node, key, bareUnit: second)
    case "duration": overrides.load.duration = reading.span(node, key, bareUnit: second)
    case "rate": rate(node, &reading)
    case "connections":
      overrides.connections = overrides.connections ?? reading.whole(node, key, to: LoadChoice.mostUsers)
      reading.warn(member.keyPlace, key, "taken as the most connections in all, not only as the most idle ones")
    case "max-connections":
      if let most = reading.whole(node, key, from: 0, to: LoadChoice.mostUsers), most > 0 {
        overrides.connections = most
      }
    case "keepalive": overrides.keepAlive = reading.bool(node, key)
    case "insecure": overrides.insecureTLS = reading.bool(node, key)
    case "http2": if reading.bool(node, key) == true { overrides.transport.version = .http2 }
    case "h2c": if reading.bool(node, key) == true { overrides.transport.version = .http2PriorKnowledge }
    case "cert": overrides.transport.clientCertificate = reading.text(node, key, expected: "a path")
    case "key": overrides.transport.clientKey = reading.text(node, key, expected: "a path")
    case "root-certs": overrides.transport.authorities = reading.text(node, key, expected: "a path")
    case "unix-socket": overrides.transport.unixSocket = reading.text(node, key, expected: "a path")
    case "lazy": only(false, node, key, "targets are read before the run", &reading)
    case "chunked": only(false, node, key, "bodies are sent with their length", &reading)
    case "session-tickets": only(false, node, key, "TLS sessions are not resumed", &reading)
    case "redirects":
      // Vegeta's −1: a redirect is the reply, and no failure.
      if node.int == -1 {
        overrides.redirects = 0
      } else {
        overrides.redirects = reading.whole(node, key, from: 0, to: OptionsReader.mostRedirects)
      }
    case "max-body": only(-1, node, key, "replies are read to their end, and not kept", &reading)
    case "workers":
      if reading.whole(node, key, to: LoadChoice.mostUsers) != nil {
        reading.warn(member.keyPlace, key, "not needed here: requests do not wait for workers")
      }
    case "max-workers": break
    case "name": name(node, &reading)
    case "header": overrides.headers = reading.headers(node, key)
    case _ where VegetaOptions.refused.contains(key):
      reading.wrong(member.keyPlace, key, "this option is not in this version")
    case _:
      let hint = Suggestion.nearest(to: key, among: VegetaOptions.known).map { "did you mean '\($0)'?" }
      let known = hint ?? "expected one of \(VegetaOptions.known.joined(separator: ", "))"
      reading.wrong(member.keyPlace, Node.cut(key), "unknown option; \(known)")
    }
  }

  /// Notes an error unless the value is the only one that can be honoured.
  private func only(_ value: Bool, _ node: Node, _ key: String, _ why: String, _ reading: inout Reading) {
    if let given = reading.bool(node, key), given != value {
      reading.wrong(node.place, key, "found \(given), expected \(value): \(why)")
    }
  }

  private func only(_ value: Int, _ node: Node, _ key: String, _ why: String, _ reading: inout Reading) {
    if node.int != value { reading.wrong(node, key, expected: "\(value): \(why)") }
  }

  /// 0 means as fast as `max-workers` allow.
  private mutating func rate(_ node: Node, _ reading: inout Reading) {
    if node.int != 0 { overrides.load.rate = reading.rate(node, "rate").map { Shape($0) } }
  }

  private mutating func name(_ node: Node, _ reading: inout Reading) {
    guard let text = reading.text(node, "name") else { return }
    if TargetText.isRunName(text) {
      overrides.name = text
    } else {
      reading.wrong(node, "name", expected: TargetText.runNameExpected)
    }
  }

  /// With a rate, `max-workers` bounds what is in flight, which is one connection each; without one it is the users.
  private mutating func limitWorkers(_ members: [String: Node.Member], _ reading: inout Reading) {
    let isUnlimited = members["rate"]?.node.int == 0
    guard let member = members["max-workers"] else {
      if isUnlimited, let rate = members["rate"] {
        reading.wrong(rate.node.place, "rate", "found 0, expected max-workers beside it (or a rate above zero)")
      }
      return
    }
    guard let most = reading.whole(member.node, "max-workers", to: LoadChoice.mostUsers) else { return }
    if isUnlimited {
      overrides.load.users = Shape(users: most)
    } else {
      overrides.connections = min(most, overrides.connections ?? most)
    }
  }
}
