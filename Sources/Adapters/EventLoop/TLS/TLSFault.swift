import COpenSSL

/// What went wrong in TLS, in words a user can act on.
public struct TLSFault: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// A certificate, key or authority file can't be read or used.
    case settings
    /// The peer's certificate was refused by us: unknown authority, wrong host, out of date.
    case certificate
    /// The peer broke the protocol, speaks none, or refused us by an alert.
    case handshake
    /// The connection under the session failed; `errno` says how.
    case connection(Int32)
  }

  public let kind: Kind
  public let text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  public var description: String { text }
}

extension TLSFault {
  /// The oldest entry of this thread's OpenSSL queue, which is the cause of the others; empties the queue.
  static func drainQueue() -> (code: UInt, text: String)? {
    let code = ERR_get_error()
    if code == 0 { return nil }
    ERR_clear_error()
    return (code, reason(of: code))
  }

  private static func reason(of code: UInt) -> String {
    let system: UInt = 1 << 31  // ERR_SYSTEM_FLAG: the rest of the code is an errno
    if code & system != 0 { return SystemError.text(of: Int32(truncatingIfNeeded: code & (system - 1))) }
    if let reason = ERR_reason_error_string(code) { return String(cString: reason) }
    return "OpenSSL error \(String(code, radix: 16))"
  }

  /// A fault in a file named by the user.
  static func inFile(_ path: String, expected: String) -> TLSFault {
    TLSFault(.settings, "\(path): expected \(expected): \(drainQueue()?.text ?? "OpenSSL gave no reason")")
  }

  /// The fault of a session after a call that failed for good.
  ///
  /// - Parameter systemError: errno as it stood right after the call.
  static func of(_ ssl: OpaquePointer, error: Int32, systemError: Int32) -> TLSFault {
    let queued = drainQueue()
    if error == SSL_ERROR_SYSCALL, queued == nil {
      return TLSFault(
        .connection(systemError),
        systemError == 0 ? "the peer closed the connection" : SystemError.text(of: systemError))
    }
    let text = queued?.text ?? "OpenSSL gave no reason"
    let verdict = SSL_get_verify_result(ssl)
    if let queued, isVerifyFailure(queued.code), verdict != Int(X509_V_OK) {
      return TLSFault(.certificate, "\(text): \(String(cString: X509_verify_cert_error_string(verdict)))")
    }
    return TLSFault(.handshake, text)
  }

  private static func isVerifyFailure(_ code: UInt) -> Bool {
    stampede_ssl_reason(code) == SSL_R_CERTIFICATE_VERIFY_FAILED
  }
}
