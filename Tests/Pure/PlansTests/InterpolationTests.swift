import Model
import Plans
import Testing

@Suite struct InterpolationTests {
  private func url(_ text: String, _ environment: [String: String] = [:]) throws -> String {
    try document(#"{"scenarios": [{"url": "\#(text)"}]}"#, environment).targets[0].url.description
  }

  @Test(arguments: [
    ("http://${HOST}:${PORT}/x", "http://h:80/x"),
    ("http://h/${NONE:-other}", "http://h/other"),
    ("http://h/${EMPTY:-other}", "http://h/other"),
    ("http://h/${EMPTY}x", "http://h/x"),
    ("http://h/a$b$$", "http://h/a$b$$"),
    ("http://h/$${HOST}", "http://h/${HOST}"),
    ("http://h/$$${HOST}", "http://h/$${HOST}"),
    ("http://h/{${}{x", "http://h/{{x"),
  ])
  func filled(text: String, expected: String) throws {
    let environment = ["HOST": "h", "PORT": "80", "EMPTY": ""]
    #expect(try url(text, environment) == (try TargetURL(text: expected)).description)
  }

  @Test func everyTextOfAPlan() throws {
    let plan = try document(
      #"""
      {"name": "${N}", "rate": "${R}", "duration": "${D}", "base_url": "http://${H}",
       "defaults": {"headers": {"Authorization": "Bearer ${T}"}},
       "scenarios": [{"path": "/${N}", "json_body": {"k": "${Q}"}}]}
      """#, ["N": "n", "R": "7/s", "D": "3s", "H": "h", "T": "secret", "Q": "a\"b"])
    #expect(plan.name == "n")
    #expect(plan.load == LoadChoice(rate: .perSecond(7), duration: .seconds(3)))
    #expect(plan.targets[0].url.description == "http://h/n")
    #expect(plan.targets[0].headers.first == Header("Authorization", "Bearer secret"))
    #expect(String(decoding: plan.targets[0].body, as: UTF8.self) == #"{"k":"a\"b"}"#)
  }

  @Test func whatAVariableHoldsIsLeftAlone() throws {
    let plan = try document(scenario(#""body": "${B}""#), ["B": "{{x}} ${Y}"])
    #expect(plan.targets[0].body == Array("{{x}} ${Y}".utf8))
  }

  @Test(arguments: [
    (#""body": "a ${NONE}""#, "body: found ${NONE}, which is not set; set it, or write ${NONE:-default}"),
    (#""body": "a ${1x}""#, "body: found '${1x}', expected ${NAME} (write $${ for a literal ${)"),
    (#""body": "a ${open""#, "body: found '${open', expected ${NAME} (write $${ for a literal ${)"),
    (#""headers": {"A": "${NONE}"}"#, "headers.A: found ${NONE}, which is not set; set it, or write ${NONE:-default}"),
  ])
  func wrong(field: String, expected: String) throws {
    #expect(try errors(scenario(field)).hasSuffix("scenarios[0]." + expected))
  }

  /// What a template or a missing variable leaves behind is no path, and need not be said to be none.
  @Test(arguments: ["/a/{{x}} y", "/a/${NONE} y"]) func oneMistakeIsSaidOnce(_ path: String) throws {
    let text = try errors(##"{"base_url": "http://h", "scenarios": [{"path": "\##(path)"}]}"##)
    #expect(text.split(separator: "\n").count == 1, "\(text)")
    #expect(text.contains("scenarios[0].path: found "))
  }

  @Test func secretsAreNeverShown() throws {
    let environment = ["SECRET": "hunter2"]
    let texts = [
      top(#""rate": "${SECRET}""#), top(#""users": "${SECRET}""#), top(#""base_url": "${SECRET}""#),
      top(#""duration": "${SECRET}""#), top(#""name": "${SECRET}/""#), top(#""allow_target": ["${SECRET}"]"#),
      scenario(#""method": "${SECRET} x""#), scenario(#""expect_status": "${SECRET}""#),
      scenario(#""headers": {"A": "${SECRET}\n"}"#), scenario(#""headers": ["${SECRET}"]"#),
      scenario(#""body_base64": "${SECRET}!""#), scenario(#""json_body": "${SECRET}""#),
      #"{"scenarios": [{"url": "ftp://${SECRET}"}]}"#, #"{"scenarios": [{"url": "http://a:${SECRET}@h h/"}]}"#,
    ]
    for text in texts {
      let message = try errors(text, environment)
      #expect(message != "accepted", "\(text)")
      #expect(!message.contains("hunter"), "\(message)")
    }
  }

  @Test func passwordsInURLsAreNeverShown() throws {
    for url in [
      "http://user:hunter2@h:99999/", "http://user:hunter2@/x", "http://h x/?token=hunter2", "http://a:hunter2%zz@h/",
    ] {
      let message = try errors(#"{"scenarios": [{"url": "\#(url)"}]}"#)
      #expect(message != "accepted" && !message.contains("hunter"), "\(message)")
    }
  }
}
