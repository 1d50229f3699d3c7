import Model

/// Names that figures are grouped by, for targets that bear none.
public enum TargetName {
  /// How many different names target lists get; the rest are put together. Each name has its own histograms.
  public static let most = 500
  /// Characters of a name.
  public static let longest = 120

  /// Method and path: `GET /users/:id`. The query is left out; numbers, UUIDs and long hexadecimal words become `:id`.
  public static func of(method: String, _ url: TargetURL) -> String {
    let path = url.target.prefix { $0 != "?" }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let name = method + " " + parts.map { isIdentifier($0) ? ":id" : String($0) }.joined(separator: "/")
    return name.count > longest ? String(name.prefix(longest - 1)) + "…" : name
  }

  private static func isIdentifier(_ part: Substring) -> Bool {
    let count = part.utf8.count
    if count == 0 { return false }
    if part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return true }
    if count == 36, Identifier(text: String(part)) != nil { return true }
    return count >= 16 && part.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }

  /// Names targets that bear none yet (empty), so that one name is one route of one server, and at most `most` of them.
  ///
  /// Beyond `most`, paths are cut after their first segment; what is still too much is called `other`.
  static func assign(to targets: inout [Target]) {
    let origins = Set(targets.map(\.url.origin))
    func name(_ target: Target, short: Bool) -> String {
      var name = of(method: target.method, target.url)
      if short, let slash = name.firstIndex(of: "/") {
        let first = name[name.index(after: slash)...].prefix { $0 != "/" }
        name = name[...slash] + first + "/…"
      }
      if origins.count == 1 { return name }
      let parts = name.split(separator: " ", maxSplits: 1)
      return parts.count == 2 ? "\(parts[0]) \(target.url.origin.authority)\(parts[1])" : name
    }
    let unnamed = targets.indices.filter { targets[$0].name.isEmpty }
    var names = unnamed.map { name(targets[$0], short: false) }
    if Set(names).count > most { names = unnamed.map { name(targets[$0], short: true) } }
    var known: Set<String> = []
    for (index, name) in zip(unnamed, names) {
      if known.count < most { known.insert(name) }
      targets[index].name = known.contains(name) ? name : "other"
    }
  }
}
