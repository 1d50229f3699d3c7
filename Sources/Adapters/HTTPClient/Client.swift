import CCurl
public import Model

/// Asks HTTP servers, one call after the other, on the caller's own thread (libcurl).
///
/// - Each call has a connection of its own: a few calls a second are what it is for.
/// - Only http and https (TLS 1.2 and later, HTTP/1.1); certificates and host names are always verified.
/// - No redirect is followed: a status of 3xx is the answer, so no header goes to another host than the caller named.
/// - No proxy: `http_proxy` and its kin are not read, nor are `.netrc` and `.curlrc`.
public struct Client: Sendable {
  public struct Settings: Sendable, Hashable {
    /// For a connection to be ready, TLS included.
    public var connect = TimeSpan.seconds(10)
    /// For the whole call; nil sets no bound, for streams.
    public var total: TimeSpan? = .seconds(60)
    /// How long nothing at all may come or go.
    public var stall = TimeSpan.seconds(30)
    /// Bytes of a reply's body that are taken at most.
    public var mostBody = 64 << 20
    /// Bytes of a reply's heads that are taken at most.
    public var mostHead = 128 << 10
    /// A PEM file of the authorities to trust, in place of the system's.
    public var authorities: String?
    public var userAgent = Product.userAgent

    public init() {}
  }

  public var settings: Settings

  public init(_ settings: Settings = Settings()) {
    self.settings = settings
  }

  /// Asks and waits for the whole answer, whatever its status. Blocks the calling thread.
  public func perform(_ call: Call, cancellation: Cancellation? = nil) throws(ClientError) -> Reply {
    try stream(call, cancellation: cancellation, pieces: nil)
  }

  /// Asks, and gives the body of an answer of status 2xx away as it comes; that of any other status is in the reply.
  ///
  /// - Parameter pieces: called on the calling thread with what has come; false ends the call without an error.
  /// - Returns: when the server has ended the body, or `pieces` said false.
  public func stream(
    _ call: Call, cancellation: Cancellation? = nil, pieces: ((UnsafeRawBufferPointer) -> Bool)?
  ) throws(ClientError) -> Reply {
    let origin = call.url.origin.description
    guard Client.isStarted, let handle = curl_easy_init() else {
      throw ClientError(.other, origin: origin, "libcurl could not be started: out of memory")
    }
    defer { curl_easy_cleanup(handle) }
    let transfer = Transfer(settings, cancellation, pieces)
    var list: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(list) }
    for line in try headerLines(call) {
      guard let longer = curl_slist_append(list, line) else {
        throw ClientError(.other, origin: origin, "out of memory")
      }
      list = longer
    }
    let body = call.body ?? []
    let code = body.withUnsafeBytes { bytes in
      // The bytes of an empty array have no address, and libcurl takes none for "read standard input".
      let start = bytes.baseAddress ?? UnsafeRawPointer(Client.nothing)
      return withExtendedLifetime(transfer) {
        Client.set(handle, call, settings, list, start, bytes.count, Unmanaged.passUnretained(transfer).toOpaque())
          ?? curl_easy_perform(handle)
      }
    }
    return try transfer.outcome(code, handle, origin: origin)
  }

  /// Of the libcurl that this process runs with.
  public static var libraryVersion: String {
    guard let info = curl_version_info(CURLVERSION_FIRST), let text = info.pointee.version else { return "unknown" }
    return String(cString: text)
  }

  /// Once in a process, by whichever thread is first.
  private static let isStarted = stampede_curl_start() == CURLE_OK

  // Never written to.
  private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

  /// `Name: value` each; what could end the line, or is no name, is refused.
  private func headerLines(_ call: Call) throws(ClientError) -> [String] {
    // libcurl would wait a second for a 100 before a longer body, and name a form's type.
    var lines = ["Expect:", "User-Agent: \(settings.userAgent)"]
    let names = Set(call.headers.map { $0.name.lowercased() })
    if call.body == nil || !names.contains("content-type") { lines.append("Content-Type:") }
    if !names.contains("accept") { lines.append("Accept: */*") }
    for header in call.headers {
      let isName =
        !header.name.isEmpty
        && header.name.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
        }
      guard isName else {
        throw ClientError(.unusable, origin: call.url.origin.description, "found a header's name that can't be one")
      }
      guard !header.value.utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7F }) else {
        throw ClientError(
          .unusable, origin: call.url.origin.description,
          "the header \(header.name) holds a line end or control character, which no header can")
      }
      // An empty value is written with a semicolon; with a colon libcurl would leave the header away.
      lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    return lines
  }
}
