import HTTP1
import Model

// Whole requests: the same lines in the same order as `RequestBytes`.
extension ScriptCompiler {
  mutating func add(_ target: Target) throws(ScriptError) {
    try check(target)
    var request = CompiledRequest()
    request.isTLS = target.url.isTLS
    request.host = texts.add(target.url.host)
    request.isPOST = target.method == "POST"
    request.authority = texts.add(target.url.origin.authority)
    request.port = target.url.port
    let sitesBefore = sites
    var path = OpProgram()
    if let template = target.template { add(template.path, &path, isPath: true) } else { path.text(target.url.target) }
    request.path = lay(path)
    request.headersAt = UInt32(clamping: headers.count)
    request.headerCount = UInt32(clamping: target.headers.count)
    for (index, header) in target.headers.enumerated() {
      var value = OpProgram()
      let template = ScriptCompiler.template(target, header: index)
      if let template, template.fixed == nil {
        add(template, &value, isHeader: true)
      } else {
        value.text(ScriptCompiler.trimmed(template?.fixed ?? Array(header.value.utf8)))
      }
      headers.append(lay(value))
    }
    var body = OpProgram()
    if let template = target.template { add(template.body, &body) } else { body.text(target.body) }
    request.body = lay(body)
    let isFixed =
      sites == sitesBefore && !plan.options.cookies
      && ([request.path, request.body] + headers[Int(request.headersAt)...]).allSatisfy(isFixed)
    request.isFixed = isFixed
    request.forms.0 = form(target, request, .planned)
    request.forms.1 = form(target, request, .redirected(dropsBody: false, leavesOrigin: false))
    request.forms.2 = form(target, request, .redirected(dropsBody: true, leavesOrigin: false))
    request.forms.3 = form(target, request, .redirected(dropsBody: false, leavesOrigin: true))
    request.forms.4 = form(target, request, .redirected(dropsBody: true, leavesOrigin: true))
    try addEvaluation(target, &request)
    requests.append(request)
  }

  private func isFixed(_ range: OpRange) -> Bool {
    for op in ops[Int(range.at)..<Int(range.at) + Int(range.count)] {
      guard case .text = op else { return false }
    }
    return true
  }

  /// What a header's value is made of; nil where the target's own stands.
  private static func template(_ target: Target, header index: Int) -> Template? {
    target.template.flatMap { index < $0.headers.count ? $0.headers[index] : nil }
  }

  private static func trimmed(_ text: [UInt8]) -> [UInt8] {
    var bytes = text[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return Array(bytes)
  }

  /// Names and fixed values as `RequestBytes` wants them; a length can't be given where the body's is not known.
  private func check(_ target: Target) throws(ScriptError) {
    let place = "target '\(target.name)'"
    var headers: [(name: String, value: String)] = []
    for (index, header) in target.headers.enumerated() {
      let template = ScriptCompiler.template(target, header: index)
      let fixed = template.map { $0.fixed.map { String(decoding: $0, as: UTF8.self) } } ?? header.value
      headers.append((name: header.name, value: fixed ?? "x"))
      if header.name.lowercased() == "content-length",
        fixed == nil || target.template.map({ $0.body.fixed == nil }) ?? false
      {
        throw ScriptError(
          place: "\(place): header 'Content-Length'", found: "a length beside a body with places to fill in",
          expected: "no such header: it is added")
      }
    }
    let path = target.template.map { $0.path.fixed.map { String(decoding: $0, as: UTF8.self) } ?? "/" }
    do {
      _ = try RequestBytes.render(
        method: target.method, target: path ?? target.url.target, host: target.url.origin.authority, headers: headers,
        body: target.template.map { $0.body.fixed ?? [] } ?? target.body, userAgent: userAgent)
    } catch {
      throw ScriptError(place: "\(place): \(error.place)", found: error.found, expected: error.expected)
    }
  }

  private mutating func form(_ target: Target, _ request: CompiledRequest, _ form: RequestForm) -> OpRange {
    var program = OpProgram()
    var isRedirect = false
    var dropsBody = false
    var leavesOrigin = false
    if case .redirected(let drops, let leaves) = form { (isRedirect, dropsBody, leavesOrigin) = (true, drops, leaves) }
    let usesCookies = plan.options.cookies
    program.text(dropsBody && target.method != "HEAD" ? "GET" : target.method)
    program.text(" ")
    if isRedirect {
      program.add(.locationTarget, &texts)
    } else {
      if usesCookies { program.add(.pathBegins, &texts) }
      copy(request.path, &program, &texts)
      if usesCookies { program.add(.pathEnds, &texts) }
    }
    program.text(" HTTP/1.1\r\n")
    let names = target.headers.map { $0.name.lowercased() }
    // A Host of the plan's own is for the plan's own origin.
    if leavesOrigin || !names.contains("host") {
      program.text("Host: ")
      if isRedirect { program.add(.locationAuthority, &texts) } else { program.text(target.url.origin.authority) }
      program.text("\r\n")
    }
    var hasCookies = false
    for (index, name) in names.enumerated() {
      if dropsBody, name.hasPrefix("content-") { continue }
      if leavesOrigin, ["host", "authorization", "proxy-authorization", "cookie"].contains(name) { continue }
      program.text(target.headers[index].name + ": ")
      copy(headers[Int(request.headersAt) + index], &program, &texts)
      if usesCookies, name == "cookie", !hasCookies {
        hasCookies = true
        program.add(.moreCookies, &texts)
      }
      program.text("\r\n")
    }
    if let userAgent, !userAgent.isEmpty, !names.contains("user-agent") {
      program.text("User-Agent: \(userAgent)\r\n")
    }
    if !names.contains("accept") { program.text("Accept: */*\r\n") }
    if usesCookies, !hasCookies { program.add(.cookieLine, &texts) }
    if !dropsBody, !names.contains("content-length") {
      let fixed = isFixed(request.body) ? fixedLength(request.body) : nil
      if fixed.map({ $0 > 0 }) ?? true || ["POST", "PUT", "PATCH"].contains(target.method) {
        program.text("Content-Length: ")
        if let fixed { program.text(String(fixed)) } else { program.add(.contentLength, &texts) }
        program.text("\r\n")
      }
    }
    if !plan.options.keepAlive, !target.headers.contains(where: ScriptCompiler.saysClose) {
      program.text("Connection: close\r\n")
    }
    program.text("\r\n")
    if !dropsBody, request.body.count > 0 { program.add(.body, &texts) }
    return lay(program)
  }

  private func fixedLength(_ range: OpRange) -> Int {
    var length = 0
    for op in ops[Int(range.at)..<Int(range.at) + Int(range.count)] {
      if case .text(let slice) = op { length += Int(slice.count) }
    }
    return length
  }

  private static func saysClose(_ header: Header) -> Bool {
    header.name.lowercased() == "connection"
      && header.value.lowercased().split(separator: ",").contains { trimmed(Array($0.utf8)) == Array("close".utf8) }
  }
}
