/// How a request failed. The raw value is the number used in records; numbers are never reused.
///
/// `ports` and `descriptors` are *ours*: the generator or its host was the limit, not the target.
public enum ErrorKind: UInt8, Sendable, CaseIterable {
  /// No full reply within the request's timeout, counted from *sent*.
  case timeout = 1
  /// The connection was refused or unreachable, by the kernel's word.
  case connect = 2
  /// The name could not be resolved.
  case dns = 3
  /// The TLS handshake or a record failed.
  case tls = 4
  /// The peer reset or closed the connection before the reply was whole.
  case reset = 5
  /// A whole reply with a status outside what is expected (by default 200–399).
  case status = 6
  /// A whole reply that failed a check of the plan.
  case check = 7
  /// Bytes that are no HTTP reply, or one beyond the limits.
  case malformed = 8
  /// The address is one that the target policy does not allow.
  case denied = 9
  /// In flight when the run's grace period ended; its time is a lower bound.
  case cutOff = 10
  /// Taken up but never written when the run ended (it waited for a connection); a lower bound.
  case neverSent = 11
  /// No local port was free (EADDRNOTAVAIL): ours.
  case ports = 12
  /// No descriptor or memory was free (EMFILE, ENFILE, ENOBUFS, ENOMEM): ours.
  case descriptors = 13
  /// Connecting, the TLS handshake included, took longer than its timeout; a lower bound.
  case connectTimeout = 14
  /// A whole reply that did not hold what a capture looks for.
  case capture = 15
  /// A redirect that can't be followed: no usable Location, or more of them than allowed.
  case redirect = 16
  /// Not sent, for the circuit breaker lets the target rest.
  case resting = 17

  /// The word used in tables, JSON, SQL and metrics.
  public var word: String {
    switch self {
    case .timeout: "timeout"
    case .connect: "connect"
    case .dns: "dns"
    case .tls: "tls"
    case .reset: "reset"
    case .status: "status"
    case .check: "check"
    case .malformed: "malformed"
    case .denied: "denied"
    case .cutOff: "cut_off"
    case .neverSent: "never_sent"
    case .ports: "no_ports"
    case .descriptors: "no_descriptors"
    case .connectTimeout: "connect_timeout"
    case .capture: "capture"
    case .redirect: "redirect"
    case .resting: "resting"
    }
  }

  /// Whether the time of such a request is only a lower bound of what it would have been.
  public var isCensored: Bool {
    switch self {
    case .timeout, .cutOff, .neverSent, .connectTimeout: true
    case .connect, .dns, .tls, .reset, .status, .check, .malformed, .denied, .ports, .descriptors, .capture,
      .redirect, .resting:
      false
    }
  }

  /// Whether the generator or its host was at fault.
  public var isOurs: Bool { self == .ports || self == .descriptors }
}
