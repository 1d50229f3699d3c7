/// How requests are sent.
public struct AttackOptions: Sendable, Hashable {
  /// From *sent* to the end of the reply; also the grace period's default.
  public var timeout = TimeSpan.seconds(30)
  /// For one connection to be ready, TLS included.
  public var connectTimeout = TimeSpan.seconds(10)
  /// How long replies are awaited after the end; nil = `timeout`.
  public var grace: TimeSpan?
  public var keepAlive = true
  /// Most connections in all; nil = what the machine allows.
  public var connections: Int?
  /// Whether a server's certificate is not verified.
  public var insecureTLS = false
  public var policy = TargetPolicy()
  /// Most redirects followed for one response; 0 = none, the redirect is the reply.
  public var redirects = 10
  /// Whether each user keeps cookies and sends them back.
  public var cookies = false
  /// Whether users of the closed model share connections rather than keep one each.
  public var sharedConnections = false
  /// The pause after each step that has none of its own.
  public var think: ThinkTime?
  /// Further tries of what failed; nil = none.
  public var retries: RetryPolicy?
  /// Rest for a target that fails; nil = none.
  public var breaker: CircuitBreaker?
  /// Failing exchanges that are kept whole.
  public var failures = FailureKeeping()
  /// Requests that are kept one by one.
  public var samples = SampleKeeping()
  public var transport = TransportOptions()

  public init() {}
}

/// Which library carries requests, and what only some can do.
public struct TransportOptions: Sendable, Hashable {
  public enum Engine: String, Sendable, Hashable, CaseIterable {
    /// Native, unless something asked for needs libcurl.
    case automatic = "auto"
    case native
    case curl
  }

  public enum Version: String, Sendable, Hashable, CaseIterable {
    case http1 = "1.1"
    /// HTTP/2 where TLS agrees on it (ALPN).
    case http2 = "2"
    /// HTTP/2 in plain, without asking first.
    case http2PriorKnowledge = "2-prior-knowledge"
  }

  public var engine = Engine.automatic
  public var version = Version.http1
  /// `http://host:port`, `socks5://host:port`, credentials allowed; nil = none (variables of the environment are not read).
  public var proxy: String?
  /// Files in PEM; the key may be in the certificate's.
  public var clientCertificate: String?
  public var clientKey: String?
  /// Authorities to trust in place of the system's.
  public var authorities: String?
  public var unixSocket: String?

  public init() {}

  /// What is asked for that only libcurl can do, as a flag's name; nil where the native engine will do.
  public var beyondNative: String? {
    switch version {
    case .http1: break
    case .http2: return "--http2"
    case .http2PriorKnowledge: return "--http2-prior-knowledge"
    }
    if proxy != nil { return "--proxy" }
    return unixSocket == nil ? nil : "--unix-socket"
  }

  /// Which of the two carries the requests: never `automatic`.
  public var carrier: Engine {
    switch engine {
    case .automatic: beyondNative == nil ? .native : .curl
    case .native, .curl: engine
    }
  }

  /// What carries the requests, and the HTTP that it asks for: `native 1.1`, `curl h2`.
  public var engineText: String {
    let spoken =
      switch version {
      case .http1: "1.1"
      case .http2: "h2"
      case .http2PriorKnowledge: "h2c"
      }
    return "\(carrier.rawValue) \(spoken)"
  }

  /// What contradicts itself in it, in a whole sentence; nil where nothing does.
  public var conflict: String? {
    if engine == .native, let beyondNative {
      return "the native engine speaks HTTP/1.1 straight to the target, and \(beyondNative) asks for more: "
        + "leave --engine native away, or give --engine curl"
    }
    if proxy != nil, unixSocket != nil {
      return "--proxy and --unix-socket can't be combined: requests go one way; give one of them"
    }
    if clientKey != nil, clientCertificate == nil {
      return "--key is the key of a client certificate, and there is none: give --cert too"
    }
    return nil
  }
}

/// How a failed request is tried again: further requests of the same response, counted apart.
public struct RetryPolicy: Sendable, Hashable {
  /// Further tries at most; at least 1.
  public var most: Int
  /// The pause before the first; each later one is twice as long, up to `longest`, with a drawn share taken off (up to half).
  public var pause: TimeSpan
  public var longest: TimeSpan

  public init(most: Int, pause: TimeSpan = .milliseconds(100), longest: TimeSpan = .seconds(10)) {
    self.most = most
    self.pause = pause
    self.longest = longest
  }
}

/// After so many failures in a row nothing is sent to an origin for a while; then one request tries.
public struct CircuitBreaker: Sendable, Hashable {
  /// At least 1.
  public var failures: Int
  public var rest: TimeSpan

  public init(failures: Int, rest: TimeSpan) {
    self.failures = failures
    self.rest = rest
  }
}
