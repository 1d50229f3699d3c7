import JSONScan
import Model

/// Vegeta's JSON form of targets: objects one after another (a line each, as a rule), or one array of them.
public enum VegetaJSON {
  static let fields = ["method", "url", "header", "body"]

  /// Reads targets.
  ///
  /// - Throws: `PlanError` with everything wrong. A key given twice is a warning; the last one counts.
  public static func read(_ bytes: [UInt8], file: String, name: String) throws(PlanError) -> PlanDocument {
    var reading = Reading(file: file)
    var targets: [Target] = []
    var reader = JSONReader(bytes[...])
    var index = 0
    do throws(JSONError) {
      while let node = try reader.next() {
        if let items = node.items {
          for item in items {
            append(item, &index, &targets, &reading)
          }
        } else {
          append(node, &index, &targets, &reading)
        }
      }
    } catch {
      reading.wrong(error.place, "", "found \(error.found), expected \(error.expected)")
    }
    try reading.finish()
    targets = try reading.named(
      targets, example: #"objects such as {"method":"GET","url":"http://localhost:8080/"}"#)
    return PlanDocument(
      format: .vegetaJSON, name: TargetText.runName(name), targets: targets, warnings: reading.warnings)
  }

  private static func append(_ node: Node, _ index: inout Int, _ targets: inout [Target], _ reading: inout Reading) {
    if reading.errors.count <= PlanError.shown, let target = target(node, "targets[\(index)]", &reading) {
      targets.append(target)
    }
    index += 1
  }

  private static func target(_ node: Node, _ path: String, _ reading: inout Reading) -> Target? {
    guard let members = node.members else {
      reading.wrong(node, path, expected: #"an object such as {"method":"GET","url":"http://localhost:8080/"}"#)
      return nil
    }
    reading.warnOfEqualKeys(members, path)
    for member in members where !fields.contains(member.key) {
      let hint = Suggestion.nearest(to: member.key, among: fields).map { "did you mean '\($0)'?" }
      let known = hint ?? "a target has method, url, header and body"
      reading.wrong(member.keyPlace, "\(path).\(Node.cut(member.key))", "unknown field; \(known)")
    }
    let method = node["method"].flatMap { $0.isNull ? nil : $0 }
    guard let method else {
      reading.wrong(node.place, path, "found no method, expected one such as GET")
      return nil
    }
    guard let url = node["url"], !url.isNull else {
      reading.wrong(node.place, path, "found no url, expected one such as http://localhost:8080/")
      return nil
    }
    let methodText = reading.method(method, path + ".method")
    var headers = node["header"].flatMap { $0.isNull ? nil : reading.headers($0, path + ".header") } ?? []
    var body: [UInt8] = []
    if let node = node["body"], !node.isNull {
      if let bytes = node.text.flatMap({ Base64.decode($0) }) {
        body = bytes
      } else {
        reading.wrong(node, path + ".body", found: "other text", expected: "base64")
      }
    }
    guard let text = reading.text(url, path + ".url"), let methodText else { return nil }
    do throws(ValueError) {
      let address = try URLText.read(text)
      if let authorization = address.authorization, !headers.has("authorization") { headers.append(authorization) }
      return Target(name: "", method: methodText, url: address.url, headers: headers, body: body)
    } catch {
      reading.wrong(url, path + ".url", found: error.found, expected: error.expected)
      return nil
    }
  }
}

extension Reading {
  /// Of equal keys the last one counts: said, and the run goes on.
  mutating func warnOfEqualKeys(_ members: [Node.Member], _ field: String) {
    var seen: Set<String> = []
    for member in members where !seen.insert(member.key).inserted {
      let path = field.isEmpty ? member.key : "\(field).\(member.key)"
      warn(member.keyPlace, Node.cut(path), "given twice; the last one counts")
    }
  }
}
