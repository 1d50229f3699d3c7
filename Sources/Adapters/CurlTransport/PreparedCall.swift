import CCurl
import Glibc
import Model

/// A request in the parts that libcurl wants: made from the bytes of a whole HTTP/1.1 request.
final class PreparedCall {
  let url: [CChar]
  /// Path and query exactly as they are sent.
  let target: [CChar]
  let method: [CChar]
  let isGET: Bool
  let isHEAD: Bool
  private(set) var headers: UnsafeMutablePointer<curl_slist>?
  /// The bytes stay where they were; nil where the request has no body and says nothing of one.
  let body: UnsafeRawBufferPointer?

  /// Nil for bytes that are no request, or without memory.
  init?(_ request: UnsafeRawBufferPointer, origin: Origin) {
    guard let line = PreparedCall.line(request, from: 0) else { return nil }
    let words = request[line.text].split(separator: UInt8(ascii: " "))
    guard words.count == 3 else { return nil }
    let method = String(decoding: words[0], as: UTF8.self)
    // Bytes stay as they are, UTF-8 or not: captured values may be in any coding.
    target = PreparedCall.text(words[1])
    self.method = Array(method.utf8CString)
    isGET = method == "GET"
    isHEAD = method == "HEAD"
    let isPath = words[1].first == UInt8(ascii: "/")
    url = Array(origin.description.utf8CString.dropLast()) + (isPath ? target : PreparedCall.text("/".utf8))
    var place = line.end
    var lines: [[CChar]] = []
    var saysLength = false
    var saysType = false
    while let line = PreparedCall.line(request, from: place), !line.text.isEmpty {
      place = line.end
      let text = request[line.text]
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
      // libcurl says the length itself.
      if name == "content-length" {
        saysLength = true
        continue
      }
      if name == "content-type" { saysType = true }
      let isEmpty = text[(colon + 1)...].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      // An empty value is written with a semicolon; with a colon libcurl would leave the header away.
      lines.append(isEmpty ? PreparedCall.text(Array(text[..<colon]) + ";".utf8) : PreparedCall.text(text))
    }
    place += 2
    let rest = place < request.count ? UnsafeRawBufferPointer(rebasing: request[place...]) : nil
    body = rest ?? (saysLength ? UnsafeRawBufferPointer(start: request.baseAddress, count: 0) : nil)
    // libcurl would wait a second for a 100 before a longer body, and name a form's type.
    lines.append(PreparedCall.text("Expect:".utf8))
    if !saysType { lines.append(PreparedCall.text("Content-Type:".utf8)) }
    for line in lines {
      guard let longer = curl_slist_append(headers, line) else { return nil }
      headers = longer
    }
  }

  /// The bytes as C has them, with a zero behind.
  private static func text(_ bytes: some Sequence<UInt8>) -> [CChar] {
    bytes.map { CChar(bitPattern: $0) } + [0]
  }

  deinit { curl_slist_free_all(headers) }

  /// The line that begins there, without its end, and where the next one begins.
  private static func line(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) -> (text: Range<Int>, end: Int)? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, 0x0A, bytes.count - start)
    else { return nil }
    let feed = UnsafeRawPointer(found) - base
    let end = feed > start && bytes[feed - 1] == 0x0D ? feed - 1 : feed
    return (start..<end, feed + 1)
  }
}
