/// A line without a command whose `--role`, or STAMPEDE_ROLE, names a service of the cluster.
public enum RoleWord {
  /// The command it means, and the line's other words; nil where it means a run on this machine.
  public static func service(
    in words: [String], environment: [String: String]
  ) -> (command: String, rest: [String])? {
    if let first = words.first, !first.hasPrefix("-") { return nil }
    var rest: [String] = []
    var role = environment["STAMPEDE_ROLE"]
    var place = 0
    while place < words.count {
      let word = words[place]
      place += 1
      if word == "--role" || word == "-role" {
        if place < words.count { role = words[place] }
        place += 1
      } else if let equals = word.firstIndex(of: "="), ["--role", "-role"].contains(word[..<equals]) {
        role = String(word[word.index(after: equals)...])
      } else {
        rest.append(word)
      }
    }
    switch role {
    case "worker": return ("worker", rest)
    case "consumer": return ("consumer", rest)
    case "coordinator", "master":
      // One with a plan is told how that is submitted.
      return rest.contains { $0.hasPrefix("--plan") || $0.hasPrefix("-plan") } ? nil : ("master", rest)
    case _: return nil
    }
  }
}
