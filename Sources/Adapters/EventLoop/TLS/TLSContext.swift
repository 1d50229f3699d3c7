import COpenSSL
import Glibc

/// What the sessions of one side have in common: authorities and checks of a client, certificate and key of a server.
///
/// Both sides speak TLS 1.3, and 1.2 where that is not forbidden, refuse renegotiation and read as much as the socket
/// holds in one call.
/// Each event loop has one of its own, so that loops share no counter.
///
/// `@unchecked Sendable`: nothing is changed after `init`, and OpenSSL counts references atomically.
public final class TLSContext: @unchecked Sendable {
  let context: OpaquePointer
  /// Whether a client checks the server's certificate and name.
  let verifies: Bool

  /// The protocol's versions.
  public enum Version: Sendable, CaseIterable {
    case tls12, tls13

    fileprivate var number: Int32 {
      switch self {
      case .tls12: TLS1_2_VERSION
      case .tls13: TLS1_3_VERSION
      }
    }
  }

  /// A client's context.
  ///
  /// - Parameters:
  ///   - authorities: a PEM file of certificates to trust in place of the system's; nil trusts the system's.
  ///   - verifies: false accepts any certificate for any name.
  ///   - protocols: what to offer by ALPN, best first; empty offers nothing.
  ///   - oldest: the oldest version to speak.
  ///   - certificate: a PEM file with the client's own certificate, then the chain to its authority; nil shows none.
  ///   - key: a PEM file with the certificate's key, not encrypted; nil: it is in the certificate's file.
  /// - Throws: `TLSFault` of kind `settings`, naming the file.
  public init(
    clientTrusting authorities: String? = nil, verifies: Bool = true, protocols: [String] = [],
    oldest: Version = .tls12, certificate: String? = nil, key: String? = nil
  ) throws(TLSFault) {
    self.verifies = verifies
    context = try TLSContext.make(TLS_client_method(), oldest)
    if verifies {
      if let authorities {
        if SSL_CTX_load_verify_locations(context, authorities, nil) != 1 {
          throw .inFile(authorities, expected: "certificates of authorities in PEM form")
        }
      } else if SSL_CTX_set_default_verify_paths(context) != 1 {
        throw .inFile("the system's certificates", expected: "a readable store")
      }
    }
    if let certificate { try TLSContext.use(certificate, key: key ?? certificate, in: context) }
    SSL_CTX_set_verify(context, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
    let offer = protocols.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8.prefix(255)) }
    // 0 means success here, alone among OpenSSL's calls.
    if !offer.isEmpty, SSL_CTX_set_alpn_protos(context, offer, UInt32(offer.count)) != 0 {
      throw TLSFault(.settings, TLSFault.drainQueue()?.text ?? "ALPN protocols refused")
    }
  }

  /// A server's context: no tickets and no session cache, so an idle connection costs little memory.
  ///
  /// - Parameters:
  ///   - certificates: a PEM file with the server's certificate, then the chain to its authority.
  ///   - key: a PEM file with the private key, not encrypted.
  ///   - oldest: the oldest version to speak.
  /// - Throws: `TLSFault` of kind `settings`, naming the file.
  public init(
    serverCertificates certificates: String, key: String, oldest: Version = .tls12
  ) throws(TLSFault) {
    verifies = false
    context = try TLSContext.make(TLS_server_method(), oldest)
    try TLSContext.use(certificates, key: key, in: context)
    SSL_CTX_set_num_tickets(context, 0)
    _ = stampede_ssl_ctx_set_options(context, UInt64(stampede_ssl_no_ticket()))
    _ = stampede_ssl_ctx_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
  }

  /// Says who this side is.
  private static func use(_ certificates: String, key: String, in context: OpaquePointer) throws(TLSFault) {
    if SSL_CTX_use_certificate_chain_file(context, certificates) != 1 {
      throw .inFile(certificates, expected: "a certificate chain in PEM form")
    }
    // Without this an encrypted key would make OpenSSL ask for its passphrase on the terminal.
    SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
    if SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 {
      throw .inFile(key, expected: "the certificate's private key in PEM form, not encrypted")
    }
    if SSL_CTX_check_private_key(context) != 1 {
      throw .inFile(key, expected: "the private key that belongs to \(certificates)")
    }
  }

  deinit {
    SSL_CTX_free(context)
  }

  private static func make(_ method: OpaquePointer?, _ oldest: Version) throws(TLSFault) -> OpaquePointer {
    ERR_clear_error()
    // OpenSSL writes with write(2), which would raise it on a closed connection.
    signal(SIGPIPE, SIG_IGN)
    guard let context = SSL_CTX_new(method) else {
      throw TLSFault(.settings, TLSFault.drainQueue()?.text ?? "out of memory")
    }
    _ = stampede_ssl_ctx_set_min_version(context, oldest.number)
    _ = stampede_ssl_ctx_set_mode(context, stampede_ssl_loop_mode())
    _ = stampede_ssl_ctx_set_options(context, stampede_ssl_no_renegotiation())
    _ = stampede_ssl_ctx_set_read_ahead(context, 1)
    return context
  }
}
