import Model

extension Target {
  /// A target on this machine, named after its path.
  static func local(
    _ port: UInt16, _ path: String = "/", method: String = "GET", host: String = "127.0.0.1", tls: Bool = false,
    body: [UInt8] = [], weight: Int = 1, name: String? = nil, timeout: TimeSpan? = nil
  ) throws -> Target {
    Target(
      name: name ?? path, method: method, url: try TargetURL(text: "http\(tls ? "s" : "")://\(host):\(port)\(path)"),
      body: body, weight: weight, timeout: timeout)
  }
}

extension Plan {
  /// A closed plan: users who send so many requests in all.
  static func closed(
    _ targets: [Target], users: Int = 1, requests: UInt64? = 10, duration: TimeSpan? = nil,
    _ change: (inout AttackOptions) -> Void = { _ in }
  ) -> Plan {
    make(targets, Load(model: .users(users), duration: duration, requests: requests), change)
  }

  /// An open plan: arrivals at a rate, for a time or a number of them.
  static func open(
    _ targets: [Target], rate: Int, requests: UInt64? = nil, duration: TimeSpan? = nil,
    _ change: (inout AttackOptions) -> Void = { _ in }
  ) -> Plan {
    make(targets, Load(model: .arrivals(.perSecond(rate)), duration: duration, requests: requests), change)
  }

  private static func make(_ targets: [Target], _ load: Load, _ change: (inout AttackOptions) -> Void) -> Plan {
    var options = AttackOptions()
    options.timeout = .seconds(5)
    options.connectTimeout = .seconds(5)
    options.grace = .seconds(2)
    change(&options)
    return Plan(name: "test", targets: targets, load: load, options: options)
  }
}
