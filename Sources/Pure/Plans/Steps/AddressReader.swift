import JSONScan
import Model

/// Reads where a request goes: `url:`, or `path:` behind `base_url:`.
struct AddressReader {
  let path: String
  let baseURL: BaseURL?
  let compiler: TemplateCompiler

  struct Address {
    var url: TargetURL
    var authorization: Header?
    /// Path and query with their templates.
    var path: Template
  }

  func read(_ fields: [String: Node], _ node: Node, _ reading: inout Reading) -> Address? {
    if let url = fields["url"], let route = fields["path"] {
      reading.wrong(max(url.place, route.place), path, "found path and url, expected one of them")
      return nil
    }
    if let node = fields["url"] {
      let expected = "a URL such as http://localhost:8080/path"
      guard let pieces = reading.pieces(node, path + ".url", expected: expected) else { return nil }
      do throws(ValueError) { return try AddressReader.address(pieces, compiler) } catch {
        if error.found.hasPrefix("the template") {
          reading.refuse(node, path + ".url", "\(error)")
        } else {
          reading.wrong(node, path + ".url", found: error.found, expected: error.expected)
        }
        return nil
      }
    }
    guard let node = fields["path"] else {
      reading.wrong(node.place, path, "found neither path nor url, expected one of them")
      return nil
    }
    guard let pieces = reading.pieces(node, path + ".path", expected: "a path such as /users") else { return nil }
    if pieces.replacing({ _ in "" }).contains("://") {
      reading.wrong(node, path + ".path", expected: "a path such as /users (a whole URL is written as url:)")
      return nil
    }
    guard let baseURL else {
      reading.wrong(node.place, path + ".path", "found a path and no base_url, expected 'base_url:' or a whole 'url:'")
      return nil
    }
    do throws(ValueError) { return try AddressReader.address(baseURL.joined(with: pieces), compiler) } catch {
      if error.found.hasPrefix("the template") {
        reading.refuse(node, path + ".path", "\(error)")
      } else {
        reading.wrong(node, path + ".path", expected: error.expected)
      }
      return nil
    }
  }

  /// A whole URL whose path and query may hold templates.
  static func address(_ pieces: TextPieces, _ compiler: TemplateCompiler) throws(ValueError) -> Address {
    let route = try route(pieces)
    let template = try compiler.compile(route, .url)
    let names = TemplateNames(compiler.scope)
    let plain = try URLText.read(
      pieces.replacing { template in
        switch try? compiler.scope.meaning(of: template) {
        case .source(let source): ":" + String(decoding: Template.written(names.short(source), .url), as: UTF8.self)
        case .text(let text): String(decoding: Template.written(text, .url), as: UTF8.self)
        case nil: ""
        }
      })
    // Without templates the URL itself says it all.
    let path = template.hasValues ? template : Template(fixed: Array(plain.url.target.utf8))
    return Address(url: plain.url, authorization: plain.authorization, path: path)
  }

  /// Path and query; the fragment is dropped, as no server sees it.
  private static func route(_ pieces: TextPieces) throws(ValueError) -> TextPieces {
    if pieces.templates.isEmpty { return TextPieces() }
    guard case .text(let first)? = pieces.pieces.first, let scheme = first.range(ofText: "://"),
      let slash = first[scheme.upperBound...].firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" })
    else {
      let template = pieces.templates.first ?? ""
      throw ValueError(
        found: "the template '{{\(Node.cut(template))}}' before the path",
        expected: "scheme, host and port as fixed text (${NAME} for a variable of the environment)")
    }
    var route = TextPieces(fixed: (first[slash] == "/" ? "" : "/") + first[slash...])
    for piece in pieces.pieces.dropFirst() {
      switch piece {
      case .text(let text): route.append(text)
      case .template(let template): route.append(template: template)
      }
    }
    return route.split(at: UInt8(ascii: "#"))?.before ?? route
  }
}

/// The URL that paths are put behind.
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

  func joined(with path: TextPieces) -> TextPieces {
    var isRooted = path.pieces.isEmpty
    if case .text(let first)? = path.pieces.first { isRooted = first.hasPrefix("/") || first.hasPrefix("?") }
    var whole = TextPieces(fixed: text + (isRooted ? "" : "/"))
    whole.append(path)
    return whole
  }
}
