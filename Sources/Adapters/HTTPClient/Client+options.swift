import CCurl
import Model

extension Client {
  /// Says everything to libcurl that it must know; nil where all of it was taken.
  static func set(
    _ handle: UnsafeMutableRawPointer, _ call: Call, _ settings: Settings,
    _ list: UnsafeMutablePointer<curl_slist>?, _ body: UnsafeRawPointer, _ length: Int,
    _ context: UnsafeMutableRawPointer
  ) -> CURLcode? {
    var failed: CURLcode?
    func check(_ code: CURLcode) { if code != CURLE_OK, failed == nil { failed = code } }
    func number(_ option: CURLoption, _ value: Int) { check(stampede_curl_number(handle, option, value)) }
    func text(_ option: CURLoption, _ value: String) { check(stampede_curl_text(handle, option, value)) }

    text(CURLOPT_URL, call.url.description)
    text(CURLOPT_PROTOCOLS_STR, "http,https")
    number(CURLOPT_FOLLOWLOCATION, 0)
    // Empty: none, whatever the environment says.
    text(CURLOPT_PROXY, "")
    number(CURLOPT_NOSIGNAL, 1)
    number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    number(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    number(CURLOPT_SSL_VERIFYPEER, 1)
    number(CURLOPT_SSL_VERIFYHOST, 2)
    if let authorities = settings.authorities { text(CURLOPT_CAINFO, authorities) }
    number(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings.connect))
    number(CURLOPT_TIMEOUT_MS, settings.total.map(milliseconds) ?? 0)
    switch call.method {
    case .get: if call.body == nil { number(CURLOPT_HTTPGET, 1) } else { add(body: true) }
    case .post, .put, .patch: add(body: true)
    case .delete: add(body: call.body != nil)
    }
    /// libcurl keeps the pointer, not the bytes.
    func add(body isSent: Bool) {
      text(CURLOPT_CUSTOMREQUEST, call.method.rawValue)
      if !isSent { return }
      check(stampede_curl_bytes(handle, CURLOPT_POSTFIELDS, body))
      check(stampede_curl_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(length)))
    }
    check(stampede_curl_list(handle, CURLOPT_HTTPHEADER, list))
    check(
      stampede_curl_on_data(
        handle, CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA,
        { bytes, size, count, context in Transfer.of(context)?.take(body: bytes, size * count) ?? 0 }, context))
    check(
      stampede_curl_on_data(
        handle, CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA,
        { bytes, size, count, context in Transfer.of(context)?.take(head: bytes, size * count) ?? 0 }, context))
    number(CURLOPT_NOPROGRESS, 0)
    check(
      stampede_curl_on_progress(
        handle, { context, _, down, _, up in Transfer.of(context)?.goesOn(down, up) == true ? 0 : 1 }, context))
    return failed
  }

  /// At least one: 0 would set no bound.
  private static func milliseconds(_ span: TimeSpan) -> Int {
    max(1, Int(clamping: span.nanoseconds / 1_000_000))
  }
}
