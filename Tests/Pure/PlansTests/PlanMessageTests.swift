import Plans
import Testing

/// Each message a plan can earn, letter by letter.
@Suite struct PlanMessageTests {
  @Test(arguments: [
    (
      #"[]"#,
      "1:1: found an empty list, expected a list of at least one step"
    ),
    (#"3"#, "1:1: found 3, expected a plan: a mapping with 'scenarios:', or a list of steps"),
    (#"{}"#, "1:1: scenarios: found nothing, expected at least one scenario with 'path:', 'url:' or 'steps:'"),
    (#"{"scenarios": []}"#, "1:15: scenarios: found an empty list, expected a list of at least one scenario"),
    (#"{"scenarios": {}}"#, "1:15: scenarios: found a mapping, expected a list of at least one scenario"),
    (#"{"scenarios": [3]}"#, "1:16: scenarios[0]: found 3, expected a mapping with name, path, url, …"),
    (#"{"scenarios": [{}]}"#, "1:16: scenarios[0]: found neither path nor url, expected one of them"),
    (
      #"{"scenarios": [{"path": "/x"}]}"#,
      "1:25: scenarios[0].path: found a path and no base_url, expected 'base_url:' or a whole 'url:'"
    ),
    (
      #"{"scenarios": [{"path": "/x", "url": "http://h"}]}"#,
      "1:38: scenarios[0]: found path and url, expected one of them"
    ),
    (
      #"{"base_url": "http://h", "scenarios": [{"path": "http://h/x"}]}"#,
      "1:49: scenarios[0].path: found 'http://h/x', expected a path such as /users (a whole URL is written as url:)"
    ),
    (
      #"{"base_url": "http://h", "scenarios": [{"path": "/a b"}]}"#,
      "1:49: scenarios[0].path: found '/a b', "
        + "expected a URL without blanks or control characters (write %20 for a blank)"
    ),
    (
      #"{"base_url": "h:80", "scenarios": [{"path": "/x"}]}"#,
      "1:14: base_url: found 'h:80', expected http:// or https:// before it\n"
        + "1:45: scenarios[0].path: found a path and no base_url, expected 'base_url:' or a whole 'url:'"
    ),
    (
      #"{"base_url": "http://h/?q", "scenarios": [{"url": "http://h"}]}"#,
      "1:14: base_url: found a query or fragment, expected a URL without them"
    ),
  ])
  func structure(json: String, expected: String) throws {
    #expect(try errors(json) == lines(expected))
  }

  @Test(arguments: [
    (#""rate": 0"#, "rate: found 0, expected a rate above zero such as 500/s, 30000/m or 500"),
    (#""rate": -5"#, "rate: found -5, expected a rate above zero such as 500/s, 30000/m or 500"),
    (#""rate": true"#, "rate: found true, expected a rate above zero such as 500/s, 30000/m or 500"),
    (#""users": 1.0"#, "users: found 1.0, expected a whole number of at least 1"),
    (#""users": "5""#, "users: found '5', expected a whole number of at least 1"),
    (#""users": 1000001"#, "users: found 1000001, expected at most 1000000"),
    (#""duration": 10"#, "duration: found 10, expected a unit as well: 10s or 10ms"),
    (#""duration": "10x""#, "duration: found '10x', expected a duration such as 10s, 250ms, 2m or 1h30m"),
    (#""duration": 0"#, "duration: found 0, expected more than zero"),
    (#""duration": "20000d""#, "duration: found '20000d', expected a duration of at most 10 years"),
    (#""duration": []"#, "duration: found an empty list, expected a duration such as 10s, 250ms, 2m or 1h30m"),
    (#""requests": 0"#, "requests: found 0, expected a whole number of at least 1"),
    (#""keep_alive": "yes""#, "keep_alive: found 'yes', expected true or false"),
    (#""seed": -1"#, "seed: found -1, expected a whole number of at least 0"),
    (
      #""samples": "1/0""#,
      "samples: found '1/0', expected all, off, or one in so many, up to a billion: 1/100"
    ),
    (#""samples": true"#, "samples: found true, expected all, off, or one in so many: 1/100 (in quotes)"),
    (#""samples_bound": 0"#, "samples_bound: found 0, expected a whole number of at least 1"),
    (#""name": "a/b""#, "name: found 'a/b', expected 1 to 100 characters without '/' and control characters"),
    (#""name": """#, "name: found '', expected 1 to 100 characters without '/' and control characters"),
    (#""name": 7"#, "name: found 7, expected text (in quotes)"),
    (
      #""allow_target": "10.0.0.0/33""#,
      "allow_target: found '10.0.0.0/33', expected an address or a block such as 10.0.0.0/8 or fd00::/8"
    ),
    (#""defaults": 3"#, "defaults: found 3, expected a mapping with method, headers, expect_status, …"),
  ])
  func valuesAtTheTop(field: String, expected: String) throws {
    #expect(try withoutPlace(errors(top(field))) == expected)
  }

  @Test(arguments: [
    (#""weight": -1"#, "weight: found -1, expected a whole number of at least 1"),
    (#""weight": 100001"#, "weight: found 100001, expected at most 100000"),
    (#""method": "get""#, "method: found 'get', expected GET in capitals"),
    (#""method": "GE T""#, "method: found 'GE T', expected a method such as GET"),
    (#""method": "CONNECT""#, "method: found 'CONNECT', expected another method: tunnels are not opened"),
    (#""name": "a\u0000b""#, "name: found 'a?b', expected 1 to 120 characters without control characters"),
    (
      #""expect_status": 99"#,
      "expect_status: found 99, expected a status such as 200, or a range such as 200-299 or 2xx"
    ),
    (
      #""expect_status": "299-200""#,
      "expect_status: found '299-200', expected a status such as 200, or a range such as 200-299 or 2xx"
    ),
    (
      #""expect_status": [200, 404]"#, "expect_status: found a list, expected one range (a list is not in this version)"
    ),
    (#""headers": "X""#, "headers: found 'X', expected a mapping such as Accept: text/html"),
    (#""headers": {"X": 1}"#, "headers.X: found 1, expected text (in quotes)"),
    (#""headers": {"X Y": "1"}"#, "headers.X Y: found 'X Y', expected a header name of letters, digits and -"),
    (
      #""headers": {"X": "secret\r\nEvil: 1"}"#,
      "headers.X: found a control character in the value, expected one line of text"
    ),
    (
      #""headers": {"Content-Length": "3"}"#,
      "headers.Content-Length: found Content-Length, expected no such header: it is made from the body"
    ),
    (
      #""headers": {"transfer-encoding": "chunked"}"#,
      "headers.transfer-encoding: found transfer-encoding, expected no such header: bodies are sent with their length"
    ),
    (#""headers": {"A": "1", "A": "2"}"#, "headers.A: found the key a second time (first at 1:49), expected it once"),
    (#""headers": ["X"]"#, "headers[0]: found no header name, expected a header such as 'Accept: text/html'"),
    (#""body": {}"#, "body: found a mapping, expected text (json_body: takes a mapping or a list)"),
    (#""body": 3"#, "body: found 3, expected text (in quotes)"),
    (#""body": "a", "json_body": "{}""#, "json_body: found body as well, expected one of them"),
    (#""body_base64": "=a""#, "body_base64: found other text, expected base64"),
    (
      #""json_body": "{\n]""#,
      "json_body: at line 2, column 1 of the text: found ']', expected a key in quotes or '}' "
        + "(other text is written as body:)"
    ),
    (
      #""json_body": {"a": {"b": 1, "b": 2}}"#,
      "json_body.a.b: found the key a second time (first at 1:57), expected it once"
    ),
    (
      #""json_body": {"a": [{"{{userId}}": 1}]}"#,
      "json_body.a[0]: found a template in the key '{{userId}}', expected it in values only, or json_body: as text"
    ),
    (#""timeout": "0s""#, "timeout: found '0s', expected more than zero"),
    (#""weigth": 3"#, "weigth: unknown field; did you mean 'weight'?"),
    (#""users": 3"#, "users: unknown field; it belongs to the top of the plan"),
    (
      #""xyzzy": 3"#,
      "xyzzy: unknown field; expected one of name, path, url, method, headers, body, json_body, "
        + "body_base64, body_escape, timeout, expect_status, checks, expect, capture, repeat, if, think_time, weight, "
        + "steps"
    ),
    (
      #""think_time": "soon""#,
      "think_time: found 'soon', expected a pause such as 2s, 1s..3s, 'normal 2s 500ms' or 'exp 2s'"
    ),
    (#""assert": []"#, "assert: it is called 'checks' here"),
    (#""repeat": 0"#, "repeat: found 0, expected a whole number of at least 1"),
    (#""body_escape": "xml""#, "body_escape: found 'xml', expected one of json, url, plain"),
    (#""method": "GET", "method": "PUT""#, "method: found the key a second time (first at 1:37), expected it once"),
    (
      #""name": "{{userId}}""#,
      "name: found the template '{{userId}}', expected fixed text: templates stand in paths, headers and bodies"
    ),
  ])
  func valuesOfAScenario(field: String, expected: String) throws {
    #expect(try withoutPlace(errors(scenario(field))) == "scenarios[0]." + expected)
  }

  @Test(arguments: [
    ("phases", "write it as a shape: 'rate: 0..500/30s,500/5m' or 'shape: {pattern: ramp, ramp_to: 500/s}'"),
    ("tenants", "write one scenario per tenant with its own headers"),
    ("resolve", "requests go straight to the target"),
    ("hooks", "requests are HTTP only"),
  ])
  func wordsOfLater(word: String, instead: String) throws {
    #expect(try errors(top(#""\#(word)": 1"#)) == "plan.json:1:2: \(word): not in this version: \(instead)")
  }

  @Test func loadTwice() throws {
    #expect(
      try errors(top(#""rate": 5, "users": 3"#))
        == "plan.json:1:22: users: rate and users can't be combined: a rate sends by the clock whatever the target does, "
        + "users wait for replies; give one of them")
    #expect(
      try errors(top(#""users": 5, "defaults": {"concurrency": 3}"#))
        == "plan.json:1:42: defaults.concurrency: it means the same as users; expected one of them")
    #expect(
      try errors(top(#""requests": 5, "defaults": {"requests": 3}"#))
        == "plan.json:1:42: defaults.requests: found it a second time (first at 1:14), expected it once")
  }

  @Test func allErrorsInOrderUpToTwenty() throws {
    let wrong = (0..<25).map { _ in #"{"url": "http://h/", "weight": 0}"# }.joined(separator: ",\n")
    let text = try errors(#"{"scenarios": [\#(wrong)], "rate": 0}"#).split(separator: "\n")
    #expect(text.count == 21)
    #expect(text.first == "plan.json:1:47: scenarios[0].weight: found 0, expected a whole number of at least 1")
    #expect(text.last == "… and 6 more")
  }

  @Test func weightsInAll() throws {
    let heavy = (0..<11).map { _ in #"{"url": "http://h/", "weight": 100000}"# }.joined(separator: ",")
    #expect(
      try errors(#"{"scenarios": [\#(heavy)]}"#)
        == "plan.json:1:15: scenarios: found weights of 1100000 in all, expected at most 1000000")
  }

  @Test(arguments: [
    ("flow", "setup", ""), ("before", "setup", ""), ("auth", "login", ""), ("csv", "feeds", ""),
    ("slo", "thresholds", ""), ("warm_up", "warmup", ""), ("retry", "retries", ""), ("throttle", "rps", ""),
  ])
  func wordsOfOtherTools(word: String, ours: String, _: String) throws {
    let expected =
      word == "flow"
      ? "unknown field; expected one of " : "it is called '\(ours)' here"
    #expect(try errors(top(#""\#(word)": 1"#)).hasPrefix("plan.json:1:2: \(word): \(expected)"))
  }

  private func lines(_ text: String) -> String {
    text.split(separator: "\n").map { "plan.json:" + $0 }.joined(separator: "\n")
  }

  private func withoutPlace(_ text: String) -> String {
    String(text.drop { $0 != " " }.dropFirst())
  }
}
