import COpenSSL
import Glibc

/// One TLS connection on a non-blocking descriptor.
///
/// A handle: copies are the same session, and its one owner calls `free()` once and uses none of them afterwards. It
/// neither owns nor closes the descriptor. Every call must come from one thread at a time. No call allocates memory of
/// ours unless it fails.
public struct TLSSession {
  private let session: OpaquePointer

  /// How far a handshake came.
  public enum Handshake: Equatable, Sendable {
    case done
    /// Call again when the descriptor is readable.
    case wantsRead
    /// Call again when the descriptor is writable.
    case wantsWrite
    case failed(TLSFault)
  }

  /// What a read or a write did.
  public enum Transfer: Equatable, Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing now: call again when the descriptor is readable.
    case wantsRead
    /// Nothing now: call again when the descriptor is writable.
    case wantsWrite
    /// The peer ended the session properly.
    case closed
    /// The peer ended the connection without ending the session: what it sent may have been cut short.
    case truncated
    case failed(TLSFault)
  }

  /// A client's side of a connection to `host`, a name or the text of an IP address (brackets allowed).
  ///
  /// A name is sent to the server (SNI). Unless the context was told not to, the server's certificate must be valid
  /// for the name or address.
  /// - Parameter keepsBuffers: it keeps its buffers (34 KB) between two uses, which saves their making and freeing.
  /// - Throws: `TLSFault` of kind `settings` when the host can't be used or memory is short.
  public init(
    clientOf context: TLSContext, descriptor: Int32, host: String, keepsBuffers: Bool = false
  ) throws(TLSFault) {
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    let session = try TLSSession.make(context, descriptor)
    self.session = session
    if keepsBuffers { stampede_ssl_keep_buffers(session) }
    var bytes = in6_addr()
    let isAddress = inet_pton(AF_INET, bare, &bytes) == 1 || inet_pton(AF_INET6, bare, &bytes) == 1
    var accepted = isAddress || stampede_ssl_set_host_name(session, bare) == 1
    if context.verifies {
      let checks = SSL_get0_param(session)
      X509_VERIFY_PARAM_set_hostflags(checks, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      let known =
        isAddress
        ? X509_VERIFY_PARAM_set1_ip_asc(checks, bare) : X509_VERIFY_PARAM_set1_host(checks, bare, bare.utf8.count)
      accepted = accepted && known == 1 && !bare.isEmpty
    }
    SSL_set_connect_state(session)
    if !accepted {
      ERR_clear_error()
      SSL_free(session)
      throw TLSFault(.settings, "found '\(host)', expected a host name or an IP address to verify")
    }
  }

  /// A server's side of an accepted connection.
  /// - Throws: `TLSFault` of kind `settings` when memory is short.
  public init(serverOf context: TLSContext, descriptor: Int32) throws(TLSFault) {
    session = try TLSSession.make(context, descriptor)
    SSL_set_accept_state(session)
  }

  private static func make(_ context: TLSContext, _ descriptor: Int32) throws(TLSFault) -> OpaquePointer {
    ERR_clear_error()
    guard let session = SSL_new(context.context) else {
      throw TLSFault(.settings, TLSFault.drainQueue()?.text ?? "out of memory")
    }
    if SSL_set_fd(session, descriptor) != 1 {
      SSL_free(session)
      throw TLSFault(.settings, TLSFault.drainQueue()?.text ?? "out of memory")
    }
    return session
  }

  /// Whether this is the client's side.
  var isClient: Bool { SSL_is_server(session) == 0 }

  /// Frees the session's memory. Sends nothing.
  public func free() {
    SSL_free(session)
  }

  /// Goes on with the handshake. `done` again once it is done.
  ///
  /// With TLS 1.3 a client is done before the server has judged the client's certificate.
  public func handshake() -> Handshake {
    TLSSession.forgetErrors()
    errno = 0
    let result = SSL_do_handshake(session)
    let systemError = errno
    if result == 1 { return .done }
    let error = SSL_get_error(session, result)
    switch error {
    case SSL_ERROR_WANT_READ: return .wantsRead
    case SSL_ERROR_WANT_WRITE: return .wantsWrite
    default: return .failed(.of(session, error: error, systemError: systemError))
    }
  }

  /// Empties the thread's queue of errors, which would pass for this call's: nearly always it is empty, and to see that
  /// is cheaper than to clear it.
  @inline(__always)
  private static func forgetErrors() {
    if ERR_peek_error() != 0 { ERR_clear_error() }
  }

  /// Reads what one record holds, up to `buffer`'s size.
  ///
  /// After `bytes`, more may be waiting in memory, of which the descriptor's readiness knows nothing: read again while
  /// `hasPending`.
  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
    TLSSession.forgetErrors()
    errno = 0
    return outcome(SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count)), errno)
  }

  /// Writes the front of `bytes`, which must not be empty. A later try may use another buffer with the same content.
  public func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
    TLSSession.forgetErrors()
    errno = 0
    return outcome(SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)), errno)
  }

  /// True when bytes were received that `read` has not given out yet.
  public var hasPending: Bool { SSL_has_pending(session) == 1 }

  /// The protocol agreed on: `TLSv1.3`.
  public var version: String { String(cString: SSL_get_version(session)) }

  /// Tells the peer that nothing more will be sent; at best once, after a finished handshake.
  ///
  /// - Returns: false when the descriptor must become writable first.
  public func shutdown() -> Bool {
    if SSL_in_init(session) == 1 { return true }
    ERR_clear_error()
    let result = SSL_shutdown(session)
    return result >= 0 || SSL_get_error(session, result) != SSL_ERROR_WANT_WRITE
  }

  private func outcome(_ result: Int32, _ systemError: Int32) -> Transfer {
    if result > 0 { return .bytes(Int(result)) }
    let error = SSL_get_error(session, result)
    switch error {
    case SSL_ERROR_WANT_READ: return .wantsRead
    case SSL_ERROR_WANT_WRITE: return .wantsWrite
    case SSL_ERROR_ZERO_RETURN: return .closed
    case SSL_ERROR_SSL where stampede_ssl_reason(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING:
      ERR_clear_error()
      return .truncated
    default: return .failed(.of(session, error: error, systemError: systemError))
    }
  }
}
