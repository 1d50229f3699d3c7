import JSONScan
import Model

/// What requests take that say nothing themselves.
struct RequestDefaults {
  var method: String?
  var headers: [HeaderLine] = []
  var expectedStatus = Target.defaultExpectedStatus
  var checks: [Check] = []
}

/// Reads the request of one step, or of an entry of `scenarios:` without steps, into a target.
struct RequestReader {
  let path: String
  let defaults: RequestDefaults
  let baseURL: BaseURL?
  let scope: TemplateScope
  /// The method where neither the request nor the defaults name one.
  var method = "GET"

  private var compiler: TemplateCompiler { TemplateCompiler(scope: scope) }
  private var names: TemplateNames { TemplateNames(scope) }

  /// Nil when it has no usable URL; everything wrong is noted.
  func read(_ fields: [String: Node], _ node: Node, _ reading: inout Reading) -> Target? {
    let address = AddressReader(path: path, baseURL: baseURL, compiler: compiler).read(fields, node, &reading)
    var name = ""
    if let node = fields["name"], let text = reading.text(node, path + ".name") {
      if TargetText.isName(text) {
        name = text
      } else {
        reading.wrong(
          node, path + ".name", expected: "1 to \(TargetName.longest) characters without control characters")
      }
    }
    let method = fields["method"].flatMap { reading.method($0, path + ".method") } ?? defaults.method ?? method
    let own = fields["headers"].map { reading.headerLines($0, path + ".headers") } ?? []
    var lines = defaults.headers.filter { !isEarly($0) }.replacing(with: own)
    if let authorization = address?.authorization, lines.value(of: "authorization") == nil {
      lines.append(line(authorization.name, authorization.value, node))
    }
    if fields["json_body"] != nil, lines.value(of: "content-type") == nil {
      lines.append(line("Content-Type", "application/json", node))
    }
    let body = body(fields, lines, &reading)
    let headers = lines.map { reading.compiled($0.value, .header, $0.node, $0.field, compiler) }
    let status = fields["expect_status"].flatMap { StatusRange.read($0, path + ".expect_status", &reading) }
    let timeout = fields["timeout"].flatMap { reading.span($0, path + ".timeout") }
    let checks = ["checks", "expect"].flatMap { word in
      fields[word].map { CheckReader.read($0, "\(path).\(word)", &reading) } ?? []
    }
    let captures = fields["capture"].map { CaptureReader(scope: scope).read($0, path + ".capture", &reading) } ?? []
    guard let address, !headers.contains(where: { $0 == nil }) else { return nil }
    let values = headers.compactMap { $0 }
    var target = Target(
      name: name, method: method, url: address.url,
      headers: zip(lines, values).map { Header($0.name, $1.shown(names)) }, body: bytes(body),
      expectedStatus: status ?? defaults.expectedStatus, timeout: timeout)
    let template = RequestTemplate(path: address.path, headers: values, body: body)
    if template.hasValues { target.template = template }
    target.checks = defaults.checks + checks
    if target.checks.count > CheckReader.most {
      reading.wrong(
        node.place, path + ".checks", "found \(target.checks.count) checks, expected at most \(CheckReader.most)")
    }
    target.captures = captures
    return target
  }

  private func line(_ name: String, _ value: String, _ node: Node) -> HeaderLine {
    HeaderLine(name: name, value: TextPieces(fixed: value), node: node, field: path)
  }

  /// Whether a default header names what is captured only later: it is sent from there on.
  private func isEarly(_ line: HeaderLine) -> Bool { line.value.templates.contains(where: scope.isEarly) }

  private func bytes(_ body: Template) -> [UInt8] { body.fixed ?? Array(body.shown(names).utf8) }

  /// What the body is; empty for none, and after an error was noted.
  private func body(_ fields: [String: Node], _ headers: [HeaderLine], _ reading: inout Reading) -> Template {
    let none = Template(parts: [])
    let words = ["body", "json_body", "body_base64"].filter { fields[$0] != nil }
    if words.count > 1, let second = fields[words[1]] {
      reading.wrong(second.place, "\(path).\(words[1])", "found \(words[0]) as well, expected one of them")
    }
    let written = fields["body_escape"].flatMap { node in
      reading.choice(node, path + ".body_escape", ["json", "url", "plain"]).flatMap(
        TemplateCompiler.Position.init(rawValue:))
    }
    if let node = fields["body"] {
      let isTree = node.items != nil || node.members != nil
      let expected = isTree ? "text (json_body: takes a mapping or a list)" : "text"
      guard let pieces = reading.pieces(node, path + ".body", expected: expected) else { return none }
      let position = written ?? TemplateCompiler.Position(contentType: headers.value(of: "content-type")?.fixed ?? "")
      return reading.compiled(pieces, position, node, path + ".body", compiler) ?? none
    }
    if let node = fields["json_body"] {
      return JSONBody(compiler: compiler).read(node, path + ".json_body", &reading) ?? none
    }
    guard let node = fields["body_base64"], let text = reading.text(node, path + ".body_base64") else { return none }
    if let bytes = Base64.decode(text) { return Template(fixed: bytes) }
    reading.wrong(node, path + ".body_base64", found: "other text", expected: "base64")
    return none
  }
}

extension TemplateCompiler.Position {
  /// How values are written in a body of this type.
  init(contentType: String) {
    let type = HeaderText.trim(contentType.prefix { $0 != ";" }).lowercased()
    switch type {
    case "application/json", "text/json": self = .json
    case "application/x-www-form-urlencoded": self = .url
    case _: self = type.hasSuffix("+json") ? .json : .plain
    }
  }
}

extension RequestTemplate {
  /// Whether anything of the request is filled in.
  var hasValues: Bool { path.hasValues || body.hasValues || headers.contains { $0.hasValues } }
}
