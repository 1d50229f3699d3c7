import CCurl
import Glibc
import Model

extension ClientError {
  /// From libcurl's code and what it knows of the call.
  init(_ code: CURLcode, _ handle: UnsafeMutableRawPointer, _ settings: Client.Settings, origin: String) {
    let kernel = Int32(clamping: stampede_curl_answer(handle, CURLINFO_OS_ERRNO))
    // Zero until the connection is ready, TLS included.
    let isTLS = origin.hasPrefix("https:")
    let ready = stampede_curl_time(handle, isTLS ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T)
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST:
      self.init(.unknownHost, origin: origin, "the host's name can't be resolved")
    case CURLE_COULDNT_CONNECT:
      let reason = kernel == 0 ? "nobody accepts a connection" : String(cString: strerror(kernel)).lowercased()
      self.init(.notConnected, origin: origin, reason)
    case CURLE_OPERATION_TIMEDOUT where ready == 0:
      self.init(.notConnected, origin: origin, "no connection within \(settings.connect)")
    case CURLE_OPERATION_TIMEDOUT:
      self.init(.timedOut, origin: origin, "no whole answer within \(settings.total.map { "\($0)" } ?? "the time")")
    case CURLE_PEER_FAILED_VERIFICATION:
      let problem = stampede_curl_answer(handle, CURLINFO_SSL_VERIFYRESULT)
      self.init(
        .untrusted, origin: origin,
        problem == 0
          ? "its certificate is for another host" : "its certificate is not trusted (OpenSSL's code \(problem))")
    case CURLE_SSL_CACERT_BADFILE:
      self.init(
        .unusable, origin: origin, "no authority can be read from '\(settings.authorities ?? "the system's file")'")
    case CURLE_SSL_CONNECT_ERROR:
      self.init(.tls, origin: origin, "TLS could not be agreed on; is it a server of http://?")
    case CURLE_GOT_NOTHING:
      self.init(.brokenOff, origin: origin, "the connection was closed without an answer")
    case CURLE_PARTIAL_FILE:
      self.init(.brokenOff, origin: origin, "the connection was closed in the middle of the answer")
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR:
      self.init(.brokenOff, origin: origin, "the connection broke off")
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
      self.init(.malformed, origin: origin, "what came is no HTTP answer")
    case CURLE_OUT_OF_MEMORY:
      self.init(.other, origin: origin, "out of memory")
    case _:
      self.init(.other, origin: origin, String(cString: curl_easy_strerror(code)).harmless.lowercased())
    }
  }
}
