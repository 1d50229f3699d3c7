/// The words a plan may use, and what to write in place of those that people know from elsewhere.
enum PlanFields {
  static let load = [
    "rate", "users", "concurrency", "shape", "stages", "spacing", "duration", "requests", "iterations", "rps",
    "max_rate", "warmup",
  ]
  static let options = [
    "timeout", "connect_timeout", "grace", "keep_alive", "connections", "insecure_tls", "allow_target", "think_time",
    "redirects", "cookies", "retries", "breaker", "engine", "http_version", "http2", "h2c", "proxy", "cert", "key",
    "ca", "unix_socket", "keep_failures", "mask_headers", "mask_values",
    "samples", "samples_bound",
  ]
  static let top =
    ["name", "base_url", "defaults", "scenarios", "seed"] + load + options
    + ["login", "setup", "teardown", "lists", "feeds", "thresholds", "fail_on_error_rate"]
  static let defaults = ["method", "headers", "expect_status", "checks"] + load + options
  private static let request = [
    "name", "path", "url", "method", "headers", "body", "json_body", "body_base64", "body_escape", "timeout",
    "expect_status", "checks", "expect", "capture",
  ]
  /// Of one request, wherever it stands.
  static let step = request + ["repeat", "if", "think_time"]
  static let login = request
  /// Of an entry of `scenarios:`: one request, or steps.
  static let scenario = step + ["weight", "steps"]
  /// Those of an entry that has steps.
  static let ofSteps = ["name", "weight", "steps", "think_time"]
  static let retries = ["most", "pause", "longest"]
  static let breaker = ["failures", "rest"]

  /// What to write instead of a word that stands where it has no meaning; nil for a word nobody knows.
  static func otherwise(_ word: String, _ known: [String]) -> String? {
    if let ours = others[word], known.contains(ours) { return "it is called '\(ours)' here" }
    return later(word).map { "not in this version: \($0)" }
  }

  /// Other tools' names for what a plan has.
  private static let others = [
    "actions": "steps", "flow": "steps", "tasks": "steps", "script": "steps", "requests_list": "steps",
    "cleanup": "teardown", "after": "teardown", "before": "setup", "on_start": "setup", "on_stop": "teardown",
    "auth": "login", "login_url": "login", "login_hdr": "login", "feed": "feeds", "data": "feeds", "csv": "feeds",
    "payload": "feeds", "list": "lists", "threshold": "thresholds", "slo": "thresholds", "limits": "thresholds",
    "ensure": "thresholds", "check": "checks", "assert": "checks", "assertions": "checks", "validate": "checks",
    "extract": "capture", "captures": "capture", "think": "think_time", "wait": "think_time", "pause": "think_time",
    "sleep": "think_time", "delay": "think_time", "wait_time": "think_time", "rate_limit": "rps", "throttle": "rps",
    "warm_up": "warmup", "retry": "retries", "backoff": "retries", "follow_redirects": "redirects", "when": "if",
    "condition": "if", "times": "repeat", "loop": "repeat", "count": "repeat", "vus": "users",
    "circuit_breaker": "breaker", "max_rps": "max_rate", "json": "json_body", "status": "expect_status",
  ]

  /// What can't be said yet, and what to do meanwhile.
  private static func later(_ word: String) -> String? {
    switch word {
    case "variables", "vars":
      "write the value where it is used, ${NAME} for a variable of the environment, or capture it in 'setup:'"
    case "pattern", "ramp", "ramp_to", "ramp_up", "step_size", "step_duration", "arrival_rate", "phases":
      "write it as a shape: 'rate: 0..500/30s,500/5m' or 'shape: {pattern: ramp, ramp_to: 500/s}'"
    case "tenants", "organisations", "organizations":
      "write one scenario per tenant with its own headers"
    case "resolve": "requests go straight to the target"
    case "hook", "hooks", "plugin", "plugins": "requests are HTTP only"
    default: nil
    }
  }

  /// Where a word belongs that stands in the wrong mapping.
  static func home(of word: String) -> String? {
    if ["weight", "steps"].contains(word) { return "it belongs into an entry of 'scenarios:'" }
    if step.contains(word), !top.contains(word) { return "it belongs into a step or an entry of 'scenarios:'" }
    if top.contains(word) { return "it belongs to the top of the plan" }
    return nil
  }
}
