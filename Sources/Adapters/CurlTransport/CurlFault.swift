import CCurl
import Glibc
import Model

/// How an exchange ended that brought no reply: libcurl's code, and what else tells one kind of failure from another.
struct CurlFault {
  var code: CURLcode
  /// Whether its first byte was about to be written.
  var wasSent: Bool
  /// errno of the last failed call on its sockets, as libcurl or we saw it; 0 for none.
  var systemError: Int32 = 0
  /// libcurl's own words.
  var text = ""
  var wasDenied = false
  var ending: Exchange.Ending?

  /// The kind that the native engine would give.
  var kind: ErrorKind {
    switch ending {
    case .late: return wasSent ? .cutOff : .neverSent
    case .lost: return .reset
    case .head: return .malformed
    case nil: break
    }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .dns
    case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: return connecting
    case CURLE_OPERATION_TIMEDOUT: return wasSent ? .timeout : .connectTimeout
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
      return .tls
    // Also for a line of a head that never ends.
    case CURLE_OUT_OF_MEMORY: return wasSent ? .malformed : .descriptors
    case CURLE_PROXY: return .connect
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_HTTP2_STREAM: return brokenOff
    case CURLE_RECV_ERROR:
      // One code for three things; only the words tell them apart.
      if text.contains("chunked-encoding") { return .malformed }
      if text.contains("SSL_read: error:"), !text.contains("unexpected eof") { return .tls }
      return brokenOff
    // The framing broke; or the connection did, and then the kernel says so.
    case CURLE_HTTP2: return systemError == 0 ? .malformed : brokenOff
    case _: return wasSent ? .malformed : .connect
    }
  }

  private var brokenOff: ErrorKind { wasSent ? .reset : .connect }

  private var connecting: ErrorKind {
    if wasDenied { return .denied }
    switch systemError {
    case EADDRNOTAVAIL: return .ports
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .descriptors
    case ETIMEDOUT: return .connectTimeout
    case _: return .connect
    }
  }

  /// What went wrong, in one clause.
  var cause: String {
    switch ending {
    case .late: return "the time in which it might be sent was over"
    case .lost: return "the connection ended before the reply did"
    case .head(.longHead), .head(.longLine): return "the head of the reply is too long"
    case .head(.manyLines): return "the head of the reply has too many lines"
    case .head(.manyHeads): return "too many replies of status 1xx"
    case .head(.length): return "the reply says an impossible length, or two"
    case .head(.upgrade): return "a reply of status 101, which nobody asked for"
    case nil: break
    }
    // libcurl's word for a line beyond what it makes room for.
    if code == CURLE_OUT_OF_MEMORY, wasSent { return "a line of the reply's head is too long" }
    return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text.harmless
  }
}
