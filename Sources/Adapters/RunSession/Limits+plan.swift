import Model
import Summary

extension Limits {
  /// What this machine has too little of for all the connections that its part of a plan may open.
  func shortage(of plan: Plan, users: Int? = nil, asked: Int?, addresses: Int) -> RunDescription.Shortage? {
    guard case .users(let shape) = plan.load.model, !plan.options.sharedConnections else {
      return shortage(wanted: asked ?? Limits.usual, addresses: addresses)
    }
    let origins = Set(plan.targets.map(\.url.origin)).count
    return shortage(wanted: (users ?? shape.peakUsers) * min(origins, 16), addresses: addresses)
  }

  /// How many connections this machine's part of a plan may open: one for each user and origin, unless they share.
  ///
  /// - Parameters:
  ///   - users: of the closed model, who send from here; nil: all of the plan's.
  ///   - asked: the cap on connections here; nil where the plan has none.
  /// - Throws: `RunError` where users need more than there can be.
  func connections(
    of plan: Plan, users: Int? = nil, asked: Int?, addresses: Int
  ) throws(RunError) -> Int {
    guard case .users(let shape) = plan.load.model, !plan.options.sharedConnections else {
      return connections(asked: asked, addresses: addresses)
    }
    let users = users ?? shape.peakUsers
    // Users of HTTP/2 share connections: as few as carry them all, or as many as were asked for.
    if plan.options.transport.version != .http1 {
      return connections(asked: min(asked ?? max(1, users / 100), users), addresses: addresses)
    }
    let origins = Set(plan.targets.map(\.url.origin)).count
    let most = connections(asked: .max, addresses: addresses)
    if users > most {
      throw RunError(
        "\(users) users need as many connections, and this machine allows \(most) "
          + "(descriptors: \(descriptors), local ports per address: \(ports)); "
          + "let users share them (connections: shared), use fewer users, raise ulimit -n or "
          + "net.ipv4.ip_local_port_range, or use --rate for arrivals", isUsage: true)
    }
    return min(users * min(origins, 16), most)
  }
}
