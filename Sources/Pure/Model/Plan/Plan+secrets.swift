// What of a plan's values is nobody's business when an exchange is kept.
extension Plan {
  /// Numbers of the variables whose values are secret: captured at sign-in (in set-up), or named like one.
  public var secretVariables: [Int] {
    let inSetup = Set(setup.flatMap { targets[$0.target].captures.map(\.variable) })
    return variables.indices.filter { inSetup.contains($0) || SecretName.matches(variables[$0]) }
  }

  /// Columns of feeds that are named like a secret.
  public var secretColumns: [(feed: Int, column: Int)] {
    feeds.indices.flatMap { feed in
      feeds[feed].columns.indices.filter { SecretName.matches(feeds[feed].columns[$0]) }.map { (feed, $0) }
    }
  }

  /// Names of members and header fields that secret variables are captured from, in lower case.
  public var secretFields: Set<String> {
    var names: Set<String> = []
    for capture in secretCaptures {
      switch capture.source {
      case .json(let path):
        if case .key(let name)? = path.elements.last { names.insert(name.lowercased()) }
      case .header(let name): names.insert(name.lowercased())
      case .regex, .cookie: break
      }
    }
    return names
  }

  /// Names of targets whose replies hold a secret that only an expression finds: nothing of their bodies is shown.
  public var secretReplies: Set<String> {
    let secret = Set(secretVariables)
    let hidden = targets.filter { target in
      target.captures.contains { capture in
        switch capture.source {
        case .regex: secret.contains(capture.variable)
        case .json(let path):
          // The whole value, or an element of a list, has no name to know it by.
          if case .key? = path.elements.last { false } else { secret.contains(capture.variable) }
        case .header, .cookie: false
        }
      }
    }
    return Set(hidden.map(\.name))
  }

  private var secretCaptures: [Capture] {
    let secret = Set(secretVariables)
    return targets.flatMap(\.captures).filter { secret.contains($0.variable) }
  }
}
