import CCurl
import Engine
import EventLoop
import Glibc
import Model

// What libcurl is told: once for each handle, and again where a request differs from the handle's last one.
extension CurlTransport {
  /// Options of a new handle; false where libcurl lacks one.
  func set(_ exchange: UnsafeMutablePointer<Exchange>) -> Bool {
    let handle = exchange.pointee.handle
    var isSet = CurlTransport.setCallbacks(exchange, sockets)
    func number(_ option: CURLoption, _ value: Int) {
      if stampede_curl_number(handle, option, value) != CURLE_OK { isSet = false }
    }
    func text(_ option: CURLoption, _ value: String) {
      if stampede_curl_text(handle, option, value) != CURLE_OK { isSet = false }
    }
    let options = settings.options
    let transport = options.transport
    text(CURLOPT_PROTOCOLS_STR, "http,https")
    number(CURLOPT_NOSIGNAL, 1)
    number(CURLOPT_PATH_AS_IS, 1)
    number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    number(CURLOPT_MAXAGE_CONN, 3_600)
    number(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(clamping: options.connectTimeout.nanoseconds / 1_000_000)))
    switch transport.version {
    case .http1: number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    case .http2: number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    case .http2PriorKnowledge: number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE))
    }
    // Waits for a connection on its way rather than opening one more, if streams can share it.
    if transport.version != .http1 { number(CURLOPT_PIPEWAIT, 1) }
    if !options.keepAlive {
      number(CURLOPT_FRESH_CONNECT, 1)
      number(CURLOPT_FORBID_REUSE, 1)
    }
    number(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    number(CURLOPT_SSL_SESSIONID_CACHE, 0)
    number(CURLOPT_SSL_VERIFYPEER, options.insecureTLS ? 0 : 1)
    number(CURLOPT_SSL_VERIFYHOST, options.insecureTLS ? 0 : 2)
    // The variable is OpenSSL's own; the native engine heeds it too.
    if let file = transport.authorities ?? getenv("SSL_CERT_FILE").map({ String(cString: $0) }) {
      text(CURLOPT_CAINFO, file)
      text(CURLOPT_PROXY_CAINFO, file)
    }
    if let certificate = transport.clientCertificate {
      text(CURLOPT_SSLCERT, certificate)
      text(CURLOPT_SSLKEY, transport.clientKey ?? certificate)
    }
    if let path = transport.unixSocket { text(CURLOPT_UNIX_SOCKET_PATH, path) }
    // Empty: none, whatever the environment says.
    text(CURLOPT_PROXY, transport.proxy ?? "")
    text(CURLOPT_NOPROXY, "")
    number(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    // A proxy that reads requests reads none of HTTP/2.
    if transport.version == .http2PriorKnowledge { number(CURLOPT_HTTPPROXYTUNNEL, 1) }
    return isSet
  }

  /// HTTP/2 with prior knowledge: an exchange either uses a connection that is there or opens one.
  ///
  /// libcurl 7.88 switches to HTTP/2 once more on a connection that speaks it already, and breaks it so (fixed in 8.0).
  /// So whoever opens a connection asks for a fresh one, and whoever finds one there asks for less than prior knowledge;
  /// where it finds none, it is begun again as one that opens.
  func setJoining(_ exchange: UnsafeMutablePointer<Exchange>, _ joins: Bool) {
    let handle = exchange.pointee.handle
    exchange.pointee.joins = joins
    let version = joins ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
    _ = stampede_curl_number(handle, CURLOPT_HTTP_VERSION, Int(version))
    _ = stampede_curl_number(handle, CURLOPT_FRESH_CONNECT, joins ? 0 : 1)
  }

  /// Options of one request; false where libcurl does not take it.
  func set(_ exchange: UnsafeMutablePointer<Exchange>, to call: PreparedCall) -> Bool {
    let handle = exchange.pointee.handle
    var isSet = true
    func check(_ code: CURLcode) { if code != CURLE_OK { isSet = false } }
    check(stampede_curl_text(handle, CURLOPT_URL, call.url))
    // A proxy that is not tunnelled through wants the whole URL there; the handle may have had another request's.
    let isWhole = sendsWholeURLs && call.url.starts(with: plainScheme)
    check(stampede_curl_text(handle, CURLOPT_REQUEST_TARGET, isWhole ? nil : call.target))
    check(stampede_curl_list(handle, CURLOPT_HTTPHEADER, call.headers))
    check(stampede_curl_number(handle, CURLOPT_NOBODY, 0))
    check(stampede_curl_number(handle, CURLOPT_HTTPGET, 1))
    if let body = call.body {
      // libcurl keeps the pointer, not the bytes; a null one would mean "ask the read function".
      check(stampede_curl_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      check(stampede_curl_bytes(handle, CURLOPT_POSTFIELDS, body.baseAddress))
    } else if call.isHEAD {
      check(stampede_curl_number(handle, CURLOPT_NOBODY, 1))
    }
    let isNamed = call.body != nil || !(call.isGET || call.isHEAD)
    check(stampede_curl_text(handle, CURLOPT_CUSTOMREQUEST, isNamed ? call.method : nil))
    return isSet
  }

  private var plainScheme: [CChar] { "http://".utf8CString.dropLast() }

  /// `address,address`, as libcurl wants addresses of a name.
  static func list(_ addresses: [SocketAddress]) -> String {
    addresses.map { place in
      switch place.address {
      case .v4: "\(place.address)"
      case .v6: "[\(place.address)]"
      }
    }.joined(separator: ",")
  }

  /// The addresses of a proxy that is a name, as libcurl wants them; nil where there is none or it is an address.
  static func entry(of proxy: ProxyURL?, at addresses: [SocketAddress]) -> String? {
    guard let proxy, IPAddress(text: proxy.host) == nil, !addresses.isEmpty else { return nil }
    return "\(proxy.host):\(proxy.port):" + list(addresses)
  }

  /// The library that this process runs with, and what it speaks: `curl 7.88.1 h2`.
  public static func name(_ version: TransportOptions.Version) -> String {
    var library = "unknown"
    if let info = curl_version_info(CURLVERSION_FIRST), let text = info.pointee.version {
      library = String(cString: text)
    }
    switch version {
    case .http1: return "curl \(library) 1.1"
    case .http2: return "curl \(library) h2"
    case .http2PriorKnowledge: return "curl \(library) h2c"
    }
  }
}
