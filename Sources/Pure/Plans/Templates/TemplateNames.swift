import Model

/// What lists, feeds and variables are called: from a compiled template back to its text.
struct TemplateNames {
  let lists: [String]
  let feeds: [(name: String, columns: [String])]
  let variables: [String]

  init(_ scope: TemplateScope) {
    lists = scope.lists
    feeds = scope.feeds
    variables = scope.variables
  }

  init(_ plan: Plan) {
    lists = plan.lists.map(\.name)
    feeds = plan.feeds.map { ($0.name, $0.columns) }
    variables = plan.variables
  }

  /// What stands between `{{` and `}}`.
  func text(_ source: Template.Source) -> String {
    switch source {
    case .randInt(let range): "randInt \(range.lowerBound) \(range.upperBound)"
    case .pick(let list): "pick \(name(list, lists))"
    case .epochms: "epochms"
    case .userId: "userId"
    case .uuid: "uuid"
    case .iteration: "iteration"
    case .column(let feed, let column): "\(name(feed, feeds.map(\.name))).\(self.column(feed, column))"
    case .variable(let variable): name(variable, variables)
    }
  }

  /// A name alone: the list's, the column's, the variable's.
  func short(_ source: Template.Source) -> String {
    switch source {
    case .randInt: "randInt"
    case .pick(let list): name(list, lists)
    case .column(let feed, let column): self.column(feed, column)
    case .epochms, .userId, .uuid, .iteration, .variable: text(source)
    }
  }

  /// The text that reads back as the template.
  func text(_ template: Template) -> String {
    var text = ""
    for (index, part) in template.parts.enumerated() {
      switch part {
      case .value(let source, _): text += "{{\(self.text(source))}}"
      case .text(let bytes):
        let isLast = index == template.parts.count - 1
        text += Interpolation.escape(String(decoding: bytes, as: UTF8.self), beforeTemplate: !isLast)
      }
    }
    return text
  }

  private func name(_ index: Int, _ names: [String]) -> String { names.indices.contains(index) ? names[index] : "" }

  private func column(_ feed: Int, _ column: Int) -> String {
    feeds.indices.contains(feed) ? name(column, feeds[feed].columns) : ""
  }
}
