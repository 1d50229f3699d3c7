import JSONScan
import Model

/// Files of other tools: what to do with them here.
public enum ForeignFormat {
  /// The answer to an argument that can't be a plan by its name; nil where it may be one.
  public static func answer(to argument: String) -> String? {
    if argument.hasPrefix("curl ") {
      return "a curl command is not read in this version; give its URL, with --method, --header and --body"
    }
    let plan = "'stampede init' writes a plan to begin with"
    switch ending(of: argument) {
    case "js", "mjs", "ts":
      return "a k6 script can't be run; in a plan vus are 'users:', http calls 'steps:', check() is 'checks:', sleep "
        + "'think_time:', options.stages 'stages:' and thresholds 'thresholds:' (\(plan))"
    case "jmx":
      return
        "a JMeter test plan can't be run; in a plan threads are 'users:', samplers 'steps:', extractors 'capture:', "
        + "assertions 'checks:', timers 'think_time:' and CSV data sets 'feeds:' (\(plan))"
    case "py":
      return
        "a Python scenario can't be run; in a plan a user class is an entry of 'scenarios:' with its weight, tasks "
        + "are 'steps:', on_start is 'setup:', on_stop 'teardown:' and wait_time 'think_time:' (\(plan))"
    case "lua": return "a wrk script can't be run; in a plan connections are 'users:' and requests 'steps:' (\(plan))"
    case "scala", "java", "kt", "groovy":
      return
        "a Gatling simulation can't be run; in a plan exec is 'steps:', feed 'feeds:', check with saveAs 'checks:' "
        + "and 'capture:', pause 'think_time:' (\(plan))"
    case "go": return "a Go program can't be run; write its requests as a plan (\(plan))"
    case "swift": return "scenarios in Swift are not in this version; write their requests as 'steps:' (\(plan))"
    case "har": return "a HAR file is not read in this version; write its requests as 'steps:' (\(plan))"
    case "log":
      return "an access log is not read in this version; write its requests as lines 'GET http://…' in a .txt file"
    case "csv": return "a table is no plan; its rows are a plan's data: --feed NAME=FILE, used as {{NAME.COLUMN}}"
    case _: return nil
    }
  }

  /// The answer to a text that is of another tool by its form; nil where it may be a plan.
  static func answer(to root: Node) -> String? {
    guard let config = root["config"], config["target"] != nil || config["phases"] != nil else { return nil }
    return
      "an Artillery script can't be run; in a plan target is 'base_url:', phases are 'rate:' (arrivalRate 5 for 60s, "
      + "then rampTo 50 in 30s: rate: 5/1m,5..50/30s), flow 'steps:', think 'think_time:', capture 'capture:', expect "
      + "'checks:', payload 'feeds:' and ensure 'thresholds:' ('stampede init' writes a plan to begin with)"
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
    let files = ["yaml", "yml", "toml", "json", "jsonl", "ndjson", "txt", "targets", "http", "conf", "list"]
    return host.contains(".") && !files.contains(ending)
  }
}
