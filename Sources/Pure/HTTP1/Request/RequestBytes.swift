/// The bytes of a whole request, written once and sent as often as wanted.
public enum RequestBytes {
  /// Renders a request of HTTP/1.1.
  ///
  /// Host, User-Agent and Accept are added unless given; `Connection: close` where the connection is not kept and the
  /// caller named no Connection; Content-Length where there is a body, or where the method is one of POST, PUT and
  /// PATCH. Names and their order stay as given.
  /// - Parameters:
  ///   - target: path and query, an absolute URL, or `*`; printable ASCII.
  ///   - host: the value of Host, such as `example.org:8080`.
  ///   - userAgent: the value of User-Agent; nil or empty to send none.
  /// - Throws: `RenderFault` for a method or name that is no token, for control characters in a value, for a
  ///   Transfer-Encoding, and for a Content-Length that is not the body's.
  public static func render(
    method: String, target: String, host: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    keepAlive: Bool = true, userAgent: String? = nil
  ) throws(RenderFault) -> [UInt8] {
    try check(method: method, target: target, host: host)
    var given = Given()
    for header in headers { try given.add(header, bodyCount: body.count) }
    var head: [UInt8] = []
    head.reserveCapacity(256 + body.count)
    head.append(contentsOf: "\(method) \(target) HTTP/1.1\r\n".utf8)
    func line(_ name: String, _ value: String) { head.append(contentsOf: "\(name): \(value)\r\n".utf8) }
    if !given.host { line("Host", host) }
    for header in headers { line(header.name, trimmed(header.value)) }
    if let userAgent, !userAgent.isEmpty, !given.userAgent {
      try check(userAgent, of: "User-Agent")
      line("User-Agent", userAgent)
    }
    if !given.accept { line("Accept", "*/*") }
    if !given.length, !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) {
      line("Content-Length", String(body.count))
    }
    if !keepAlive, !given.close { line("Connection", "close") }
    head.append(contentsOf: "\r\n".utf8)
    return head + body
  }

  /// Which of the headers that would be added are there already.
  private struct Given {
    var host = false
    var userAgent = false
    var accept = false
    var length = false
    var close = false

    mutating func add(_ header: (name: String, value: String), bodyCount: Int) throws(RenderFault) {
      let place = "header '\(header.name)'"
      guard Token.isName(header.name.utf8) else {
        throw RenderFault(
          place: place, found: "a name with other characters", expected: "letters, digits and signs such as '-'")
      }
      try check(header.value, of: header.name)
      switch header.name.lowercased() {
      case "host":
        if host { throw RenderFault(place: place, found: "a second one", expected: "one at most") }
        host = true
      case "user-agent": userAgent = true
      case "accept": accept = true
      case "connection": close = close || namesClose(header.value)
      case "content-length":
        let value = trimmed(header.value)
        guard !value.isEmpty, value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), Int(value) == bodyCount else {
          throw RenderFault(
            place: place, found: "'\(header.value)'", expected: "\(bodyCount), the body's length (or leave it out)")
        }
        if length { throw RenderFault(place: place, found: "a second one", expected: "one at most") }
        length = true
      case "transfer-encoding":
        throw RenderFault(
          place: place, found: "'\(header.value)'", expected: "no such header: bodies are sent with Content-Length")
      default: break
      }
    }
  }

  private static func check(method: String, target: String, host: String) throws(RenderFault) {
    guard Token.isName(method.utf8) else {
      throw RenderFault(place: "method", found: "'\(method)'", expected: "a word such as GET")
    }
    guard !target.isEmpty, target.utf8.allSatisfy(Token.isTargetByte) else {
      throw RenderFault(
        place: "target", found: "'\(target)'",
        expected: "a path without blanks, control characters and characters beyond ASCII (percent-encode them)")
    }
    guard host.utf8.allSatisfy(Token.isTargetByte) else {
      throw RenderFault(place: "host", found: "'\(host)'", expected: "a host name without blanks, and perhaps a port")
    }
  }

  /// A value may hold no line end, NUL or other control character but tab.
  private static func check(_ value: String, of name: String) throws(RenderFault) {
    guard let byte = value.utf8.first(where: { !Token.isValueByte($0) }) else { return }
    throw RenderFault(
      place: "header '\(name)'", found: "the control character 0x\(String(byte, radix: 16))",
      expected: "a value in one line of text")
  }

  private static func namesClose(_ list: String) -> Bool {
    list.split(separator: ",").contains { trimmed(String($0)).lowercased() == "close" }
  }

  /// Without the blanks around it, which no reader counts as part of the value.
  private static func trimmed(_ value: String) -> String {
    var bytes = value.utf8[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return String(Substring(bytes))
  }
}
