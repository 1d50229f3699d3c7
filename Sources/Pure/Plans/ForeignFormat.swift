import Model

/// Files of other tools: what to do with them here.
public enum ForeignFormat {
  /// The answer to an argument that can't be a plan by its name; nil where it may be one.
  public static func answer(to argument: String) -> String? {
    if argument.hasPrefix("curl ") {
      return "a curl command is not read in this version; give its URL, with --method, --header and --body"
    }
    let plan =
      "as a plan: 'base_url:', 'scenarios:' with path and method, 'users:' or 'rate:', 'duration:' in a .yaml file"
    switch ending(of: argument) {
    case "js", "mjs", "ts": return "a k6 script can't be run; write its requests \(plan) (vus are users)"
    case "jmx": return "a JMeter test plan can't be run; write its samplers \(plan) (threads are users)"
    case "py": return "a Python scenario can't be run; write its tasks \(plan)"
    case "lua": return "a wrk script can't be run; write its requests \(plan) (connections are users)"
    case "scala", "java", "kt", "groovy": return "a Gatling simulation can't be run; write its requests \(plan)"
    case "go": return "a Go program can't be run; write its requests \(plan)"
    case "swift": return "scenarios in Swift are not in this version; write them \(plan)"
    case "toml": return "TOML is not in this version; write the same fields as YAML in a .yaml file"
    case "har": return "a HAR file is not read in this version; write its requests \(plan)"
    case "log":
      return "an access log is not read in this version; write its requests as lines 'GET http://…' in a .txt file"
    case "csv": return "a table is not read in this version; write one line 'GET http://…' per row in a .txt file"
    case _: return nil
    }
  }

  /// What follows the last dot of a file's name, in lower case; empty where there is none.
  static func ending(of file: String) -> String {
    let base = file.split(separator: "/").last ?? ""
    guard let dot = base.lastIndex(of: "."), dot != base.startIndex else { return "" }
    return base[base.index(after: dot)...].lowercased()
  }

  /// Whether an argument that is no file was meant as a URL: `localhost:8080/path`, `example.com`.
  public static func looksLikeHost(_ argument: String) -> Bool {
    guard !argument.hasPrefix("/"), !argument.hasPrefix("."), (try? TargetURL(text: "http://" + argument)) != nil else {
      return false
    }
    let host = argument.prefix { $0 != "/" && $0 != "?" }
    if host.contains(":") || host == "localhost" { return true }
    let ending = ending(of: String(host))
    let files = ["yaml", "yml", "json", "jsonl", "ndjson", "txt", "targets", "http", "conf", "list"]
    return host.contains(".") && !files.contains(ending)
  }
}
