/// Why a server's answer is not there: what was asked of whom, and what stood in the way. Never holds a header's value.
public struct ClientError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Cause: Sendable, Hashable, CaseIterable {
    /// A header that could end its line, or a file of authorities that can't be read: nothing was sent.
    case unusable
    /// The host's name has no address.
    case unknownHost
    /// Nobody accepted the connection: refused, unreachable, or not in time.
    case notConnected
    /// The certificate is not one to trust for that host.
    case untrusted
    /// TLS could not be agreed on.
    case tls
    /// Connected, but the whole answer did not come in time, or nothing came for too long.
    case timedOut
    /// The connection ended before the whole answer was there.
    case brokenOff
    /// What came is no HTTP.
    case malformed
    /// More came than the caller takes.
    case tooLarge
    /// The caller called it off.
    case cancelled
    /// Anything else, in the library's words.
    case other
  }

  public let cause: Cause
  /// `http://host:8080`.
  public let origin: String
  /// One clause without a full stop.
  public let text: String

  public init(_ cause: Cause, origin: String, _ text: String) {
    self.cause = cause
    self.origin = origin
    self.text = text
  }

  /// Whether the server can't have seen the request.
  public var isUnsent: Bool {
    switch cause {
    case .unusable, .unknownHost, .notConnected, .untrusted, .tls: true
    case .timedOut, .brokenOff, .malformed, .tooLarge, .cancelled, .other: false
    }
  }

  /// Whether asking again may help.
  public var isPassing: Bool {
    switch cause {
    case .notConnected, .timedOut, .brokenOff, .unknownHost: true
    case .unusable, .untrusted, .tls, .malformed, .tooLarge, .cancelled, .other: false
    }
  }

  public var description: String { "\(origin): \(text)" }
}
