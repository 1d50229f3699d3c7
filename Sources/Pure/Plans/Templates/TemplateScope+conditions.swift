import Model

// What conditions may ask.
extension TemplateScope {
  /// A captured variable, `FEED.COLUMN`, `status`, or `env NAME`. A variable of the name `status` hides the status.
  func asked(_ name: String) throws(ValueError) -> ConditionText.Meaning {
    if let variable = variables.firstIndex(of: name) {
      if known.contains(variable) { return .subject(.variable(variable)) }
      throw wrong(name, "one that 'setup:' or an earlier step of the same scenario captures")
    }
    if name == "status" { return .status }
    let words = name.split { $0 == " " || $0 == "\t" }
    // One that is not set is empty: that is what is asked.
    if words.count == 2, words[0] == "env" { return .text(environment[String(words[1])] ?? "") }
    if let dot = name.firstIndex(of: "."), let feed = feeds.firstIndex(where: { $0.name == name[..<dot] }) {
      let column = HeaderText.trim(name[name.index(after: dot)...])
      if let index = feeds[feed].columns.firstIndex(of: column) {
        return .subject(.column(feed: feed, column: index))
      }
      throw wrong(name, "a column of \(feeds[feed].name)\(Suggestion.clause(for: column, among: feeds[feed].columns))")
    }
    let names = variables + feeds.flatMap { feed in feed.columns.map { "\(feed.name).\($0)" } } + ["status"]
    throw wrong(
      name,
      "one that 'setup:' or an earlier step of the same scenario captures, FEED.COLUMN, status or env NAME"
        + Suggestion.clause(for: name, among: names))
  }

  private func wrong(_ name: String, _ expected: String) -> ValueError {
    ValueError(found: "the variable \(CheckText.quoted(name))", expected: expected)
  }
}
