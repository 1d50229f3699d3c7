import Model

extension ErrorKind {
  /// What happened, in words for somebody who never saw the tool.
  var text: String {
    switch self {
    case .timeout: "no full reply in time"
    case .connect: "could not connect"
    case .dns: "host name not found"
    case .tls: "TLS failed"
    case .reset: "connection closed before the reply was whole"
    case .status: "unwanted status"
    case .check: "failed a check"
    case .malformed: "the reply was no valid HTTP"
    case .denied: "address not allowed"
    case .cutOff: "still unanswered at the end"
    case .neverSent: "never sent, waiting for a connection"
    case .ports: "this machine had no free port"
    case .descriptors: "this machine had no free descriptor or memory"
    case .connectTimeout: "not connected in time"
    case .capture: "without what a capture looks for"
    case .redirect: "a redirect that can't be followed"
    case .resting: "not sent: the circuit breaker lets the target rest"
    }
  }
}
