public import EventLoop
public import Model
public import Wire

/// How a worker reaches its master.
public struct LinkSettings: Sendable {
  /// A name or the text of an IP address.
  public var host: String
  public var port: UInt16
  /// What it says first; the token is in it.
  public var hello: Hello
  /// nil speaks plain TCP.
  public var tls: Trust?
  /// Whether the token may be sent in plain to an address that is not loopback.
  public var allowsPlain = false
  /// From the try's start to the connection, resolving included.
  public var connectTime = TimeSpan.seconds(5)
  /// From the connection to Welcome, TLS included.
  public var welcomeTime = TimeSpan.seconds(10)
  /// Between tries. Short enough that a worker is back at a master that was started anew before that takes its lease
  /// for ended.
  public var backOff = BackOff(from: .milliseconds(200), to: .milliseconds(1_500))
  /// Between tries after a refusal that will hardly change by itself: of the token or the version.
  public var refusalTime = TimeSpan.seconds(30)
  /// Bytes that may wait for the master to read them.
  public var mostUnread = 8_388_608
  /// How long the end lets the master take the last message.
  public var stoppingTime = TimeSpan.seconds(5)

  /// Whom to believe.
  public struct Trust: Sendable {
    /// A PEM file of authorities; nil trusts the system's.
    public var authorities: String?
    /// The name that the master's certificate must be for; nil: the host.
    public var name: String?

    public init(authorities: String? = nil, name: String? = nil) {
      self.authorities = authorities
      self.name = name
    }
  }

  public init(host: String, port: UInt16, hello: Hello) {
    self.host = host
    self.port = port
    self.hello = hello
  }
}

/// Why a link can't start.
public enum LinkFault: Error, Equatable, Sendable, CustomStringConvertible {
  case system(SystemError)
  /// The authorities' file can't be used.
  case tls(TLSFault)

  public var description: String {
    switch self {
    case .system(let error): error.description
    case .tls(let fault): fault.description
    }
  }
}
