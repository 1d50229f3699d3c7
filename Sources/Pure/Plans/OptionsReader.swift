import JSONScan
import Model

/// Reads how requests are sent: `timeout:`, `connections:`, `retries:` and the like.
struct OptionsReader {
  /// By their word: where each stands, at the top or in `defaults:`.
  let fields: [String: (node: Node, field: String)]

  func read(into options: inout AttackOptions, _ reading: inout Reading) {
    if let (node, field) = fields["timeout"], let span = reading.span(node, field) { options.timeout = span }
    if let (node, field) = fields["connect_timeout"], let span = reading.span(node, field) {
      options.connectTimeout = span
    }
    if let (node, field) = fields["grace"] { options.grace = reading.span(node, field, zero: true) }
    if let (node, field) = fields["keep_alive"], let truth = reading.bool(node, field) {
      options.keepAlive = truth
    }
    if let (node, field) = fields["connections"] {
      connections(node, field, &options, &reading)
    }
    if let (node, field) = fields["insecure_tls"], let truth = reading.bool(node, field) {
      options.insecureTLS = truth
    }
    reading.transport(fields, into: &options.transport)
    if let (node, field) = fields["allow_target"] { options.policy.allowed = reading.blocks(node, field) }
    if let (node, field) = fields["think_time"] { options.think = reading.think(node, field) }
    if let (node, field) = fields["cookies"], let truth = reading.bool(node, field) { options.cookies = truth }
    if let (node, field) = fields["redirects"] { redirects(node, field, &options, &reading) }
    if let (node, field) = fields["retries"] { options.retries = retries(node, field, &reading) }
    reading.failures(fields, into: &options.failures)
    reading.samples(fields, into: &options.samples)
    if let (node, field) = fields["breaker"] { options.breaker = breaker(node, field, &reading) }
  }

  /// The most redirects that may be followed for one response.
  static let mostRedirects = 100
  static let mostRetries = 100

  /// `100`, `shared`, or `shared 100` for both.
  private func connections(_ node: Node, _ field: String, _ options: inout AttackOptions, _ reading: inout Reading) {
    let words = (node.text ?? "").split(separator: " ")
    guard words.first == "shared", words.count < 3 else {
      options.connections = reading.whole(node, field, to: LoadChoice.mostUsers)
      return
    }
    options.sharedConnections = true
    if words.count == 1 { return }
    guard let most = Int(words[1]), 1...LoadChoice.mostUsers ~= most else {
      reading.wrong(node, field, expected: "shared, a number, or both: 'shared 100'")
      return
    }
    options.connections = most
  }

  private func redirects(_ node: Node, _ field: String, _ options: inout AttackOptions, _ reading: inout Reading) {
    if let truth = node.bool {
      options.redirects = truth ? AttackOptions().redirects : 0
    } else if let most = reading.whole(node, field, from: 0, to: OptionsReader.mostRedirects) {
      options.redirects = most
    }
  }

  /// `3`, or a mapping with most, pause and longest; 0 for none.
  private func retries(_ node: Node, _ field: String, _ reading: inout Reading) -> RetryPolicy? {
    if node.members == nil {
      let most = reading.whole(node, field, from: 0, to: OptionsReader.mostRetries) ?? 0
      return most == 0 ? nil : RetryPolicy(most: most)
    }
    let fields = reading.fields(of: node, field, PlanFields.retries)
    let count = fields["most"].flatMap { reading.whole($0, field + ".most", to: OptionsReader.mostRetries) }
    var policy = RetryPolicy(most: count ?? 1)
    if fields["most"] == nil { reading.wrong(node.place, field, "found no most, expected 'most: 3'") }
    if let node = fields["pause"], let span = reading.span(node, field + ".pause", zero: true) { policy.pause = span }
    if let node = fields["longest"], let span = reading.span(node, field + ".longest") { policy.longest = span }
    return policy
  }

  private func breaker(_ node: Node, _ field: String, _ reading: inout Reading) -> CircuitBreaker? {
    let fields = reading.fields(of: node, field, PlanFields.breaker)
    if node.members == nil { return nil }
    guard let count = fields["failures"], let rest = fields["rest"] else {
      reading.wrong(node.place, field, "found no failures or no rest, expected both: {failures: 5, rest: 10s}")
      return nil
    }
    let failures = reading.whole(count, field + ".failures", to: 1_000_000)
    let span = reading.span(rest, field + ".rest")
    guard let failures, let span else { return nil }
    return CircuitBreaker(failures: failures, rest: span)
  }
}
