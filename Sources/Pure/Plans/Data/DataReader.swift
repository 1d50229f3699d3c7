import JSONScan
import Model

/// Reads `lists:` and `feeds:`.
struct DataReader {
  static let feedFields = ["name", "file", "columns", "rows", "mode", "on_exhausted"]
  static let listFields = ["file", "values"]

  /// A mapping from names to values, or to `file:` with one value a line.
  func lists(_ node: Node, _ reading: inout Reading) -> [ValueList] {
    guard let members = node.members else {
      reading.wrong(node, "lists", expected: "a mapping such as movies: [a, b]")
      return []
    }
    reading.refuseEqualKeys(members, "lists")
    var lists: [ValueList] = []
    for member in members {
      let field = "lists.\(Node.cut(member.key))"
      if member.node.members != nil {
        let fields = reading.fields(of: member.node, field, DataReader.listFields)
        if let node = fields["file"] {
          guard let bytes = content(node, field + ".file", &reading) else { continue }
          attempt(node, field, &reading) { () throws(ValueError) in
            lists.append(try PlanData.list(name: member.key, bytes))
          }
          continue
        }
        if let node = fields["values"] { values(node, member.key, field + ".values", &lists, &reading) }
        continue
      }
      values(member.node, member.key, field, &lists, &reading)
    }
    return lists
  }

  private func values(
    _ node: Node, _ name: String, _ field: String, _ lists: inout [ValueList], _ reading: inout Reading
  ) {
    guard let items = node.items else {
      reading.wrong(node, field, expected: "a list of values, or file: with one a line")
      return
    }
    let values = items.enumerated().compactMap { scalar($0.element, "\(field)[\($0.offset)]", &reading) }
    if values.count < items.count { return }
    attempt(node, field, &reading) { () throws(ValueError) in
      lists.append(try PlanData.list(name: name, values: values))
    }
  }

  /// A list of feeds, or a mapping from their names to a file or to fields.
  func feeds(_ node: Node, _ reading: inout Reading) -> [DataFeed] {
    var feeds: [DataFeed] = []
    if let items = node.items {
      for (index, item) in items.enumerated() {
        let field = "feeds[\(index)]"
        let fields = reading.fields(of: item, field, DataReader.feedFields)
        if item.members == nil { continue }
        guard let node = fields["name"] else {
          reading.wrong(item.place, field, "found no name, expected one such as users")
          continue
        }
        guard let name = reading.text(node, field + ".name") else { continue }
        if let feed = feed(name, fields, item, field, &reading) { feeds.append(feed) }
      }
    } else if let members = node.members {
      reading.refuseEqualKeys(members, "feeds")
      for member in members {
        let field = "feeds.\(Node.cut(member.key))"
        let isFile = member.node.text != nil
        let known = DataReader.feedFields.filter { $0 != "name" }
        let fields = isFile ? ["file": member.node] : reading.fields(of: member.node, field, known)
        if !isFile, member.node.members == nil { continue }
        if let feed = feed(member.key, fields, member.node, field, &reading) { feeds.append(feed) }
      }
    } else {
      reading.wrong(node, "feeds", expected: "a mapping such as users: users.csv")
    }
    return feeds
  }

  private func feed(
    _ name: String, _ fields: [String: Node], _ node: Node, _ field: String, _ reading: inout Reading
  ) -> DataFeed? {
    let modes = DataFeed.Mode.allCases.map(\.rawValue)
    let mode = fields["mode"].flatMap { reading.choice($0, field + ".mode", modes) } ?? "shared"
    let ends = DataFeed.Exhausted.allCases.map(\.rawValue)
    let end = fields["on_exhausted"].flatMap { reading.choice($0, field + ".on_exhausted", ends) } ?? "stop"
    let (mode_, end_) = (DataFeed.Mode(rawValue: mode) ?? .shared, DataFeed.Exhausted(rawValue: end) ?? .stop)
    var made: DataFeed?
    if let file = fields["file"] {
      if let other = fields["rows"] ?? fields["columns"] {
        reading.wrong(other.place, field, "found file and rows, expected one of them")
        return nil
      }
      guard let bytes = content(file, field + ".file", &reading) else { return nil }
      attempt(file, field, &reading) { () throws(ValueError) in
        made = try PlanData.feed(name: name, mode: mode_, exhausted: end_, bytes)
      }
      return made
    }
    guard let columns = fields["columns"], let rows = fields["rows"] else {
      reading.wrong(node.place, field, "found neither file nor rows, expected 'file: users.csv'")
      return nil
    }
    let names = texts(columns, field + ".columns", &reading)
    let cells = (rows.items ?? []).enumerated().map { texts($0.element, "\(field).rows[\($0.offset)]", &reading) }
    guard let names, !cells.contains(nil) else { return nil }
    attempt(rows, field, &reading) { () throws(ValueError) in
      made = try PlanData.feed(
        name: name, mode: mode_, exhausted: end_, columns: names, rows: cells.compactMap { $0 })
    }
    return made
  }

  private func texts(_ node: Node, _ field: String, _ reading: inout Reading) -> [String]? {
    guard let items = node.items else {
      reading.wrong(node, field, expected: "a list of texts")
      return nil
    }
    let texts = items.enumerated().compactMap { scalar($0.element, "\(field)[\($0.offset)]", &reading) }
    return texts.count == items.count ? texts : nil
  }

  /// Text, or a number or truth as it is written.
  private func scalar(_ node: Node, _ field: String, _ reading: inout Reading) -> String? {
    if let number = node.number { return number }
    if let truth = node.bool { return "\(truth)" }
    return reading.text(node, field)
  }

  private func content(_ node: Node, _ field: String, _ reading: inout Reading) -> [UInt8]? {
    guard let name = reading.text(node, field, expected: "a file's name") else { return nil }
    guard let files = reading.aids.files else {
      reading.wrong(
        node, field, found: "a file",
        expected: "its rows: a plan that is sent brings its data ('stampede submit' does so)")
      return nil
    }
    do throws(ValueError) { return try files(name) } catch {
      reading.wrong(node.place, field, "found \(error.found) for '\(Node.cut(name))', expected \(error.expected)")
      return nil
    }
  }

  private func attempt(
    _ node: Node, _ field: String, _ reading: inout Reading, _ body: () throws(ValueError) -> Void
  ) {
    do throws(ValueError) { try body() } catch { reading.wrong(node.place, field, "\(error)") }
  }
}
