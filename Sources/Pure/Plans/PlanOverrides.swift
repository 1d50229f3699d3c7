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
  public var transport = TransportOverrides()
  /// Added to the plan's own.
  public var allowedTargets: [TargetPolicy.Block] = []
  public var seed: UInt64?
  public var think: ThinkTime?
  public var redirects: Int?
  public var cookies: Bool?
  public var sharedConnections: Bool?
  public var retries: RetryPolicy?
  public var breaker: CircuitBreaker?
  /// How many failing exchanges of a kind and name are kept; and header fields masked besides the plan's.
  public var keptFailures: Int?
  public var maskedHeaders: [String] = []
  /// Which requests are kept one by one (0: none), and most MiB of them.
  public var samples: UInt64?
  public var samplesBound: Int?
  /// Added to the plan's own.
  public var thresholds: [Threshold] = []
  public var login = LoginChoice()
  /// Sent with every request, in place of headers of the same name.
  public var headers: [Header] = []
  /// For every request.
  public var method: String?
  /// For requests that have no body of their own; a URL is then sent POST unless a method is given.
  public var body: [UInt8]?
  /// Whether the body is sent as it stands, whatever in it looks like a template.
  public var isBodyFixed = false

  public init() {}

  /// These, and what only `other` says.
  public func merged(over other: PlanOverrides) -> PlanOverrides {
    var merged = self
    merged.name = name ?? other.name
    merged.load = load.merged(over: other.load)
    merged.timeout = timeout ?? other.timeout
    merged.connectTimeout = connectTimeout ?? other.connectTimeout
    merged.grace = grace ?? other.grace
    merged.keepAlive = keepAlive ?? other.keepAlive
    merged.connections = connections ?? other.connections
    merged.insecureTLS = insecureTLS ?? other.insecureTLS
    merged.transport = transport.merged(over: other.transport)
    merged.allowedTargets = other.allowedTargets + allowedTargets
    merged.seed = seed ?? other.seed
    merged.think = think ?? other.think
    merged.redirects = redirects ?? other.redirects
    merged.cookies = cookies ?? other.cookies
    merged.sharedConnections = sharedConnections ?? other.sharedConnections
    merged.retries = retries ?? other.retries
    merged.breaker = breaker ?? other.breaker
    merged.keptFailures = keptFailures ?? other.keptFailures
    merged.samples = samples ?? other.samples
    merged.samplesBound = samplesBound ?? other.samplesBound
    merged.maskedHeaders = other.maskedHeaders + maskedHeaders
    merged.thresholds = other.thresholds + thresholds
    merged.headers = other.headers.replacing(with: headers)
    merged.method = method ?? other.method
    merged.body = body ?? other.body
    merged.isBodyFixed = body == nil ? other.isBodyFixed : isBodyFixed
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
    options.think = think ?? options.think
    options.redirects = redirects ?? options.redirects
    options.cookies = cookies ?? options.cookies
    options.sharedConnections = sharedConnections ?? options.sharedConnections
    if let retries { options.retries = retries.most > 0 ? retries : nil }
    options.breaker = breaker ?? options.breaker
    options.failures.most = keptFailures ?? options.failures.most
    options.failures.headers += maskedHeaders
    options.samples.oneIn = samples ?? options.samples.oneIn
    options.samples.bound = samplesBound ?? options.samples.bound
    options.transport = transport.applied(to: options.transport)
    return options
  }

  /// Method and body; headers may hold templates and follow later.
  func apply(to target: inout Target, isURL: Bool) {
    guard body != nil || method != nil else { return }
    let named = TargetName.of(method: target.method, target.url)
    if let body, target.body.isEmpty {
      target.body = body
      target.template?.body = Template(fixed: body)
      if isURL { target.method = "POST" }
    }
    if let method { target.method = method }
    if target.name == named { target.name = TargetName.of(method: target.method, target.url) }
  }
}
