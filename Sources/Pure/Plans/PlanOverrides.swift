import Model

/// What flags say about a plan. What is nil or empty was not said, and the plan's own value stays.
public struct PlanOverrides: Sendable, Hashable {
  public var name: String?
  public var load = LoadChoice()
  /// The plan's request timeout; a scenario's own timeout stays.
  public var timeout: TimeSpan?
  public var connectTimeout: TimeSpan?
  public var grace: TimeSpan?
  public var keepAlive: Bool?
  public var connections: Int?
  public var insecureTLS: Bool?
  /// Added to the plan's own.
  public var allowedTargets: [TargetPolicy.Block] = []
  public var seed: UInt64?
  /// Sent with every request, in place of headers of the same name.
  public var headers: [Header] = []
  /// For every request.
  public var method: String?
  /// For requests that have no body of their own; a URL is then sent POST unless a method is given.
  public var body: [UInt8]?

  public init() {}

  /// These, and what only `other` says.
  public func merged(over other: PlanOverrides) -> PlanOverrides {
    var merged = self
    merged.name = name ?? other.name
    merged.load.duration = load.duration ?? other.load.duration
    merged.load.requests = load.requests ?? other.load.requests
    if load.rate == nil, load.users == nil {
      merged.load.rate = other.load.rate
      merged.load.users = other.load.users
    }
    merged.timeout = timeout ?? other.timeout
    merged.connectTimeout = connectTimeout ?? other.connectTimeout
    merged.grace = grace ?? other.grace
    merged.keepAlive = keepAlive ?? other.keepAlive
    merged.connections = connections ?? other.connections
    merged.insecureTLS = insecureTLS ?? other.insecureTLS
    merged.allowedTargets = other.allowedTargets + allowedTargets
    merged.seed = seed ?? other.seed
    merged.headers = other.headers.replacing(with: headers)
    merged.method = method ?? other.method
    merged.body = body ?? other.body
    return merged
  }

  func applied(to options: AttackOptions) -> AttackOptions {
    var options = options
    options.timeout = timeout ?? options.timeout
    options.connectTimeout = connectTimeout ?? options.connectTimeout
    options.grace = grace ?? options.grace
    options.keepAlive = keepAlive ?? options.keepAlive
    options.connections = connections ?? options.connections
    options.insecureTLS = insecureTLS ?? options.insecureTLS
    options.policy.allowed += allowedTargets
    return options
  }

  func apply(to target: inout Target, isURL: Bool) {
    if body != nil || method != nil {
      let named = TargetName.of(method: target.method, target.url)
      if let body, target.body.isEmpty {
        target.body = body
        if isURL { target.method = "POST" }
      }
      if let method { target.method = method }
      if target.name == named { target.name = TargetName.of(method: target.method, target.url) }
    }
    if !headers.isEmpty { target.headers = target.headers.replacing(with: headers) }
  }
}
