import TestSupport
import Testing

/// One line that somebody types, and what is to become of it.
struct Fixture: Sendable, CustomTestStringConvertible {
  let name: String
  let line: String
  let exitCode: Int32
  let texts: [String]

  var testDescription: String { name }

  /// All of both files; a block that is not whole is an issue.
  static let all: [Fixture] = ["commands.txt", "commands-sources.txt"].flatMap { name in
    Golden.text(name).split(separator: "\n## ").dropFirst()
  }.compactMap { block in
    let lines = block.split(separator: "\n")
    func values(_ mark: String) -> [String] { lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(2)) } }
    guard let name = lines.first, let line = values("$ ").first, let code = values("= ").first.flatMap({ Int32($0) })
    else {
      Issue.record("not a whole block: \(block)")
      return nil
    }
    return Fixture(name: String(name), line: line, exitCode: code, texts: values("| "))
  }
}

/// One nginx for all lines of the suite, ended with it: a global would outlive the tests' process.
struct SharedTarget: SuiteTrait, TestScoping {
  @TaskLocal static var current: Nginx?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard Places.nginx != nil else { return try await body() }
    let target = try Nginx(
      locations: """
        location = /echo { return 200 "ok\\n"; }
        location = /index.html { return 200 "ok\\n"; }
        location = /fail { return 503; }
        location / { return 200 "ok\\n"; }
        """)
    try await SharedTarget.$current.withValue(target) { try await body() }
  }
}

@Suite(SharedTarget()) struct HabitFixtureTests {
  static func folder(host: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder("habits")
    try folder.write("targets.txt", "GET http://\(host)/\n\nGET http://\(host)/index.html\nX-B: c\n")
    try folder.write("body.json", #"{"a": 1}"#)
    try folder.write(
      "loadplan.yaml",
      """
      base_url: http://\(host)
      defaults:
        method: GET
        headers:
          Accept: text/html
        timeout: 5s
        concurrency: 5
        requests: 50
      scenarios:
        - name: Home
          path: /
          weight: 3
        - name: Page
          path: /index.html
          method: GET
          headers:
            X-Part: page
          weight: 1

      """)
    try folder.write(
      "loadfail.yaml",
      """
      base_url: http://\(host)
      scenarios:
        - name: Good
          path: /
        - name: Bad
          path: /fail

      """)
    try folder.write(
      "actions.yml",
      """
      - name: Catalog
        method: GET
        url: https://site/api/v1/catalog?page={{randInt 1 20}}
        expect_status: 200
      - name: StreamInit
        method: POST
        url: https://site/api/v1/stream/start
        json_body: |
          {"movie_id": "{{pick movies}}"}
        expect_status: 201

      """)
    try folder.write("smoke.yml", "- name: Home\n  method: GET\n  url: http://\(host)/\n  expect_status: 200\n")
    for name in ["script.js", "scenario.py", "post.lua", "loadtest.toml"] { try folder.write(name, "x\n") }
    let bin = Places.stampede.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    try folder.write("path", bin)
    return folder
  }

  @Test(.enabled(if: Places.nginx != nil, "nginx-light is not installed"), arguments: Fixture.all)
  func eitherWorksOrSaysWhatToType(_ fixture: Fixture) throws {
    let target = try #require(SharedTarget.current)
    let host = "127.0.0.1:\(target.port)"
    let folder = try Self.folder(host: host)
    let bin = try folder.read("path")
    func placed(_ text: String) -> String {
      text.split(separator: "HOST", omittingEmptySubsequences: false).joined(separator: host)
    }
    let done = try Shell.run("PATH='\(bin)':$PATH; \(placed(fixture.line))", directory: folder.path)
    let all = done.text + done.errorText
    #expect(done.exit == .code(fixture.exitCode), "\(all)")
    for text in fixture.texts { #expect(all.contains(placed(text)), "\(all)") }
    if fixture.exitCode == 1 {
      let own = done.errorText.split(separator: "\n").filter { $0.hasPrefix("stampede: ") }
      #expect(own.count == 1, "\(done.errorText)")
    }
  }
}
