import JSONScan
import Model

/// Reads one entry of `scenarios:` into a target.
struct ScenarioReader {
  let path: String
  let defaults: PlanReader.ScenarioDefaults
  let baseURL: BaseURL?

  /// Nil when it has no usable URL; everything wrong is noted.
  mutating func read(_ fields: [String: Node], _ node: Node, _ reading: inout Reading) -> Target? {
    let address = address(fields, node, &reading)
    var name = ""
    if let node = fields["name"], let text = reading.text(node, path + ".name") {
      if TargetText.isName(text) {
        name = text
      } else {
        reading.wrong(
          node, path + ".name", expected: "1 to \(TargetName.longest) characters without control characters")
      }
    }
    let content = content(fields, &reading)
    let method = fields["method"].flatMap { reading.method($0, path + ".method") } ?? defaults.method ?? "GET"
    let own = fields["headers"].map { reading.headers($0, path + ".headers") } ?? []
    var headers = defaults.headers.replacing(with: own)
    if let authorization = address?.authorization, !headers.has("authorization") { headers.append(authorization) }
    if content.isJSON, !headers.has("content-type") { headers.append(Header("Content-Type", "application/json")) }
    let weight = fields["weight"].flatMap { reading.whole($0, path + ".weight", to: Target.highestWeight) }
    let status = fields["expect_status"].flatMap { StatusRange.read($0, path + ".expect_status", &reading) }
    let timeout = fields["timeout"].flatMap { reading.span($0, path + ".timeout") }
    guard let address else { return nil }
    return Target(
      name: name, method: method, url: address.url, headers: headers, body: content.bytes,
      weight: weight ?? 1, expectedStatus: status ?? defaults.expectedStatus, timeout: timeout)
  }

  private func address(
    _ fields: [String: Node], _ node: Node, _ reading: inout Reading
  ) -> (url: TargetURL, authorization: Header?)? {
    if let url = fields["url"], let route = fields["path"] {
      reading.wrong(max(url.place, route.place), path, "found path and url, expected one of them")
      return nil
    }
    if let node = fields["url"] {
      guard let text = reading.text(node, path + ".url", expected: "a URL such as http://localhost:8080/path") else {
        return nil
      }
      do throws(ValueError) { return try URLText.read(text) } catch {
        reading.wrong(node, path + ".url", found: error.found, expected: error.expected)
        return nil
      }
    }
    guard let node = fields["path"] else {
      reading.wrong(node.place, path, "found neither path nor url, expected one of them")
      return nil
    }
    guard let text = reading.text(node, path + ".path", expected: "a path such as /users") else { return nil }
    if text.contains("://") {
      reading.wrong(node, path + ".path", expected: "a path such as /users (a whole URL is written as url:)")
      return nil
    }
    guard let baseURL else {
      reading.wrong(node.place, path + ".path", "found a path and no base_url, expected 'base_url:' or a whole 'url:'")
      return nil
    }
    do throws(ValueError) { return try baseURL.joined(with: text) } catch {
      reading.wrong(node, path + ".path", expected: error.expected)
      return nil
    }
  }

  private func content(_ fields: [String: Node], _ reading: inout Reading) -> (bytes: [UInt8], isJSON: Bool) {
    let words = ["body", "json_body", "body_base64"].filter { fields[$0] != nil }
    if words.count > 1, let second = fields[words[1]] {
      reading.wrong(second.place, "\(path).\(words[1])", "found \(words[0]) as well, expected one of them")
    }
    if let node = fields["body"] {
      let isTree = node.items != nil || node.members != nil
      let expected = isTree ? "text (json_body: takes a mapping or a list)" : "text"
      return (reading.text(node, path + ".body", expected: expected).map { Array($0.utf8) } ?? [], false)
    }
    if let node = fields["json_body"] { return (JSONBody.read(node, path + ".json_body", &reading), true) }
    guard let node = fields["body_base64"] else { return ([], false) }
    guard let bytes = node.text.flatMap({ Base64.decode($0) }) else {
      reading.wrong(node, path + ".body_base64", found: "other text", expected: "base64")
      return ([], false)
    }
    return (bytes, false)
  }
}

/// The URL that scenarios' paths are put behind.
struct BaseURL {
  /// Without a slash at its end.
  let text: String

  static func read(_ node: Node, _ field: String, _ reading: inout Reading) -> BaseURL? {
    guard let text = reading.text(node, field, expected: "a URL such as http://localhost:8080") else { return nil }
    do throws(ValueError) {
      _ = try URLText.read(text)
    } catch {
      reading.wrong(node, field, found: error.found, expected: error.expected)
      return nil
    }
    if text.contains("?") || text.contains("#") {
      reading.wrong(node, field, found: "a query or fragment", expected: "a URL without them")
      return nil
    }
    return BaseURL(text: text.hasSuffix("/") ? String(text.dropLast()) : text)
  }

  func joined(with path: String) throws(ValueError) -> (url: TargetURL, authorization: Header?) {
    let isRooted = path.isEmpty || path.hasPrefix("/") || path.hasPrefix("?")
    return try URLText.read(text + (isRooted ? "" : "/") + path)
  }
}
