import JSONScan
import Model
import Plans
import Wire

/// A plan that somebody submits, checked for what a fleet runs.
struct SubmittedPlan: Sendable {
  let plan: Plan
  /// As JSON, the form in which workers get it.
  let text: String
  /// Nil: as many as are idle.
  let workers: Int?

  static let mostWorkers = 5_000

  /// - Parameter policy: what workers will be allowed to connect to.
  init(_ document: PlanDocument, overrides: PlanOverrides, workers: Int?, policy: TargetPolicy) throws(PlanError) {
    if !document.options.policy.allowed.isEmpty {
      throw PlanError(
        file: "", field: "allow_target",
        "found \(document.options.policy.allowed.map(\.description).joined(separator: ", ")), expected nothing: what "
          + "workers may connect to is the master's to say (master --allow-target)")
    }
    plan = try document.resolved(with: overrides).plan
    try Self.check(plan.options.transport)
    if plan.options.samples.oneIn > 0 {
      throw PlanError(
        file: "", field: "samples",
        "found '\(plan.options.samples.text)', expected nothing: workers keep no requests one by one")
    }
    // A unix socket stands for every host; whether a worker has it, and opens it, is the worker's to say.
    if plan.options.transport.unixSocket == nil {
      for (index, target) in plan.targets.enumerated() { try Self.check(target, index, policy) }
    }
    text = String(decoding: PlanText.encode(plan), as: UTF8.self)
    if text.utf8.count > Assign.longestPlan {
      throw PlanError(
        file: "", "the plan has \(text.utf8.count) bytes, expected at most \(Assign.longestPlan)")
    }
    self.workers = workers
  }

  /// Refuses what is on the machine of whoever submits.
  private static func check(_ options: TransportOptions) throws(PlanError) {
    for (field, path) in [
      ("cert", options.clientCertificate), ("key", options.clientKey), ("ca", options.authorities),
    ] {
      guard let path else { continue }
      throw PlanError(
        file: "", field: field,
        "found '\(Node.cut(path))', expected nothing: a file of yours means nothing to the workers, which trust their "
          + "system's authorities (or insecure_tls) and show no certificate")
    }
    if let path = options.unixSocket, !path.hasPrefix("/") {
      throw PlanError(
        file: "", field: "unix_socket",
        "found '\(Node.cut(path))', expected a whole path: it is a socket of the workers' machines")
    }
  }

  /// Refuses at once what every worker would refuse: an address, or the name of the worker itself. Other names are
  /// looked up and checked by the workers, at each connect.
  private static func check(_ target: Target, _ index: Int, _ policy: TargetPolicy) throws(PlanError) {
    let host = target.url.host
    let isLocal = host == "localhost" || host.hasSuffix(".localhost")
    let addresses = isLocal ? [IPAddress.v4(0x7F00_0001), .v6(0, 1)] : IPAddress(text: host).map { [$0] } ?? []
    guard let address = addresses.first else { return }
    let denials = addresses.compactMap { policy.denial(of: $0, port: target.url.port) }
    guard let denial = denials.first, denials.count == addresses.count else { return }
    let named = TargetPolicy.Block(address, port: target.url.port)
    throw PlanError(
      file: "", field: "targets[\(index)].url",
      "\(target.url.shown): \(address) is not allowed: \(denial.reason); the master's --allow-target \(named) allows it"
    )
  }
}
