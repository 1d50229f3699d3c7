/// The words a plan may use, and those it can't use yet.
enum PlanFields {
  static let load = ["rate", "users", "concurrency", "duration", "requests"]
  static let options = [
    "timeout", "connect_timeout", "grace", "keep_alive", "connections", "insecure_tls", "allow_target",
  ]
  static let top = ["name", "base_url", "defaults", "scenarios", "seed"] + load + options
  static let defaults = ["method", "headers", "expect_status"] + load + options
  static let scenario = [
    "name", "path", "url", "method", "headers", "body", "json_body", "body_base64", "weight", "timeout",
    "expect_status",
  ]

  /// What to write instead of a word that people know from elsewhere; nil for a word nobody knows.
  static func later(_ word: String) -> String? {
    switch word {
    case "steps", "actions", "flow", "script", "tasks", "requests_list":
      "write each request as an entry of 'scenarios:'; they are sent by weight, in no fixed order"
    case "setup", "teardown", "cleanup", "before", "after":
      "do it by a script around the run, and hand over what it yields as ${NAME}"
    case "login", "login_url", "login_hdr", "auth":
      "sign in before the run and put the header into 'defaults: headers:', such as Authorization: Bearer ${TOKEN}"
    case "feeds", "feed", "data", "lists", "payload", "csv", "variables", "vars":
      "write one scenario per value, or ${NAME} for a variable of the environment"
    case "shape", "pattern", "stages", "ramp", "ramp_to", "ramp_up", "step_size", "step_duration", "arrival_rate",
      "phases":
      "the load is constant: write 'rate:' or 'users:', and one run per level"
    case "thresholds", "threshold", "fail_on_error_rate", "slo", "limits", "ensure":
      "judge summary.json of the run's folder after the run"
    case "checks", "check", "expect", "assert", "assertions", "validate":
      "'expect_status:' checks the status"
    case "capture", "extract", "captures":
      "write a fixed value, or ${NAME} for a variable of the environment"
    case "think_time", "think", "wait", "pause", "sleep", "delay":
      "write 'rate:' to say how often requests are sent"
    case "rps", "rate_limit", "throttle":
      "there is no limit per user; write 'rate:' for the whole run"
    case "tenants", "organisations", "organizations":
      "write one scenario per tenant with its own headers"
    case "warmup", "warm_up": "run it once before and leave that run out"
    case "retries", "retry", "backoff": "a failed request is counted and not sent again"
    case "redirects", "follow_redirects": "redirects are not followed; a status of 300 to 399 is a success"
    case "http2", "h2c", "http_version": "requests are sent by HTTP/1.1"
    case "proxy", "cookies", "cert", "key", "ca", "resolve", "unix_socket": "requests go straight to the target"
    case "hook", "hooks", "plugin", "plugins": "requests are HTTP only"
    default: nil
    }
  }
}
