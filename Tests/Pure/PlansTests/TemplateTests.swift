import Model
import Testing

@testable import Plans

/// Templates: what each means, how it is escaped, and what is said about those that can't be.
@Suite struct TemplateTests {
  private func target(_ fields: String, _ more: String = "", _ environment: [String: String] = [:]) throws -> Target {
    let json = """
      {"lists": {"movies": ["a", "b"]}, "feeds": {"users": {"columns": ["email", "first name"], "rows": [["x", "y"]]}},
       \(more) "scenarios": [{\(fields)}]}
      """
    return try #require(try document(json, environment).targets.last)
  }

  private func parts(_ target: Target) -> [Template.Part] { target.template?.path.parts ?? [] }

  private func text(_ text: String) -> Template.Part { .text(Array(text.utf8)) }

  @Test(arguments: [
    ("randInt 1 20", Template.Source.randInt(1...20)), ("randInt -5 -5", .randInt(-5 ... -5)),
    ("pick movies", .pick(list: 0)), ("pick 'movies'", .pick(list: 0)), ("epochms", .epochms), ("userId", .userId),
    ("uuid", .uuid), ("iteration", .iteration), ("users.email", .column(feed: 0, column: 0)),
    ("users.first name", .column(feed: 0, column: 1)), ("  uuid ", .uuid),
  ])
  func meanings(template: String, source: Template.Source) throws {
    let target = try target(#""url": "http://h/a/{{\#(template)}}?b""#)
    #expect(parts(target) == [text("/a/"), .value(source, .url), text("?b")])
    #expect(target.url.target.hasPrefix("/a/:"))
  }

  @Test(arguments: [
    ("ranInt 1 2", "a known name: did you mean 'randInt'?"), ("randInt 1", "two whole numbers: {{randInt 1 20}}"),
    ("randInt(1, 2)", "a known name: did you mean 'randInt'?"), ("randInt 2 1", "the smaller number first"),
    ("randInt 0 9223372036854775807", "numbers up to 1000000000000000000"),
    ("pick", "the name of a list: {{pick movies}}"), ("pick movie", "a list's name (did you mean 'movies'?)"),
    ("pick x", "a list of that name: 'lists: {x: [a, b]}', or --list x=FILE"),
    ("uuid 4", "nothing behind its name"), ("users", "one of its columns: {{users.email}}"),
    ("users.mail", "a column of users: email, first name (did you mean 'email'?)"),
    ("env NONE", "a variable that is set: NONE is not"),
    ("token", "randInt, pick, epochms, userId, uuid, iteration, env, FEED.COLUMN or a variable that a step captures"),
    ("", "randInt, pick, epochms, userId, uuid, iteration, env, FEED.COLUMN or a variable that a step captures"),
  ])
  func wrong(template: String, expected: String) {
    for field in [#""url": "http://h/{{\#(template)}}""#, #""url": "http://h/", "body": "{{\#(template)}}""#] {
      let message = message { () throws(PlanError) in
        do { _ = try target(field) } catch let error as PlanError { throw error } catch {}
      }
      #expect(message.hasSuffix("found the template '{{\(template)}}', expected \(expected)"), "\(message)")
      #expect(message.hasPrefix("plan.json:2:") && message.contains("scenarios[0]."), "\(message)")
    }
  }

  @Test func escapesByPlace() throws {
    let json = #""json_body": "{\"a\": \"x{{userId}}\", \"n\": {{userId}}}""#
    let made = try target(#""url": "http://h/{{uuid}}", "headers": {"X": " a {{uuid}} "}, "# + json)
    #expect(made.template?.headers[0].parts == [text("a "), .value(.uuid, .header)])
    #expect(
      made.template?.body.parts == [
        text(#"{"a": "x"#), .value(.userId, .json), text(#"", "n": "#), .value(.userId, .plain), text("}"),
      ])
    #expect(made.headers.map(\.name) == ["X", "Content-Type"])
    let tree = try target(#""url": "http://h/", "json_body": {"a\"": ["é\"{{uuid}}", "{{pick movies}}"], "b": 1}"#)
    #expect(
      tree.template?.body.parts == [
        text(#"{"a\"":["é\""#), .value(.uuid, .json), text(#"",""#), .value(.pick(list: 0), .json), text(#""],"b":1}"#),
      ])
  }

  @Test(arguments: [
    ("text/plain", Template.Escape.plain), ("application/json; charset=utf-8", .json), ("a/b+json", .json),
    ("application/x-www-form-urlencoded", .url),
  ])
  func bodiesByTheirType(type: String, escape: Template.Escape) throws {
    let made = try target(
      #""url": "http://h/", "headers": {"content-type": "\#(type)"}, "body": "\"{{users.email}}\"""#)
    #expect(made.template?.body.parts == [text("\""), .value(.column(feed: 0, column: 0), escape), text("\"")])
    let plain = try target(
      #""url": "http://h/", "headers": {"content-type": "\#(type)"}, "body": "{{uuid}}", "body_escape": "plain""#)
    #expect(plain.template?.body.parts == [.value(.uuid, .plain)])
  }

  @Test func theEnvironmentIsEscapedToo() throws {
    let environment = ["X": "a b\"\r\n/", "Y": "{{uuid}}"]
    let made = try target(
      #""url": "http://h/${Z:-z}/{{env X}}/{{env \"Y\"}}", "headers": {"A": "{{env X}}"}, "json_body": "[\"{{env X}}\"]""#,
      "", environment)
    #expect(made.template == nil, "known before the start, so nothing is left to fill in")
    #expect(made.url.target == "/z/a%20b%22%0D%0A%2F/%7B%7Buuid%7D%7D")
    #expect(made.headers[0] == Header("A", #"a b"/"#))
    #expect(String(decoding: made.body, as: UTF8.self) == #"["a b\"\u000d\u000a/"]"#)
  }

  @Test func theHostIsFixed() {
    for url in ["http://{{uuid}}/", "http://h:{{randInt 1 2}}/", "{{uuid}}", "http://h{{uuid}}/x"] {
      let message = message { () throws(PlanError) in
        do { _ = try target(#""url": "\#(url)""#) } catch let error as PlanError { throw error } catch {}
      }
      #expect(message.contains("before the path, expected scheme, host and port as fixed text"), "\(message)")
    }
  }

  @Test func literals() throws {
    let made = try target(##""url": "http://h/", "body": "${{uuid}} $${ {${}{uuid}} {${}{{uuid}}""##)
    #expect(
      made.template?.body.parts == [
        text("$"), .value(.uuid, .plain), text(" ${ {{uuid}} {"), .value(.uuid, .plain),
      ])
    #expect(try target(##""url": "http://h/#{{uuid}}""##).template == nil, "a fragment is never sent")
    #expect(try target(#""url": "http://h?a={{uuid}}""#).template?.path.parts.first == text("/?a="))
  }

  @Test func unclosed() throws {
    #expect(
      try errors(scenario(#""body": "{{uuid""#)).hasSuffix(
        "scenarios[0].body: found '{{uuid' without its end, expected '}}' (write {${}{ for a literal {{)"))
    #expect(
      try errors(scenario(#""json_body": "{\"a\": {{uuid}}}""#)).hasSuffix(
        "found '{{uuid}}' outside of quotes, expected it in quotes"))
    #expect(try errors(scenario(#""json_body": "{\"a\": {{userId}}""#)).contains("of the text: found"))
  }
}
