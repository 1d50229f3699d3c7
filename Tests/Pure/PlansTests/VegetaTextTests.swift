import Model
import Plans
import Testing

@Suite struct VegetaTextTests {
  private func read(
    _ text: String, files: [String: String] = [:]
  ) throws(PlanError) -> PlanDocument {
    try VegetaText.read(Array(text.utf8), file: "targets.txt", name: "targets") { path throws(ValueError) in
      guard let content = files[path] else { throw ValueError(found: "no such file", expected: "a file") }
      return Array(content.utf8)
    }
  }

  @Test func simpleTargets() throws {
    let plan = try read(
      """
      GET http://goku:9090/path/to/dragon?item=ball
      GET http://user:password@goku:9090/path/to
      HEAD http://goku:9090/path/to/success
      """)
    #expect(plan.format == .vegetaText)
    #expect(plan.targets.map(\.method) == ["GET", "GET", "HEAD"])
    #expect(plan.targets.map(\.name) == ["GET /path/to/dragon", "GET /path/to", "HEAD /path/to/success"])
    #expect(plan.targets[0].url.target == "/path/to/dragon?item=ball")
    #expect(plan.targets[1].headers == [Header("Authorization", "Basic dXNlcjpwYXNzd29yZA==")])
    #expect(plan.targets[2].headers == [])
  }

  @Test func headersBodiesAndComments() throws {
    let plan = try read(
      """
      # get a dragon ball
      GET http://user:password@goku:9090/path/to
      X-Account-ID: 8675309

      DELETE http://goku:9090/path/to/remove
      # between headers
      Confirmation-Token: 90215
      Authorization: Token DEADBEEF
      authorization: a:b:c


      POST http://goku:9090/things
      X-Account-ID: 99
      @/path/to/newthing.json
      PATCH http://goku:9090/thing/71988591
      @/path/to/thing-71988591.json\r
      GET http://goku:9090/last
      """, files: ["/path/to/newthing.json": "new", "/path/to/thing-71988591.json": "thing"])
    #expect(plan.targets.count == 5)
    #expect(plan.targets[0].headers.map(\.name) == ["X-Account-ID", "Authorization"])
    let own = [
      Header("Confirmation-Token", "90215"), Header("Authorization", "Token DEADBEEF"),
      Header("authorization", "a:b:c"),
    ]
    #expect(plan.targets[1].headers == own)
    #expect(plan.targets[2].body == Array("new".utf8))
    #expect(plan.targets[3].body == Array("thing".utf8))
    #expect(plan.targets[3].name == "PATCH /thing/:id")
    #expect(plan.targets[4].body.isEmpty)
  }

  @Test func bracesAreSentAsTheyStand() throws {
    #expect(try read("GET http://h/{{x}}/${Y}").targets[0].url.target == "/{{x}}/${Y}")
  }

  @Test(arguments: [
    ("", "targets.txt: found no target, expected lines such as 'GET http://localhost:8080/'"),
    ("# only\n", "targets.txt: found no target, expected lines such as 'GET http://localhost:8080/'"),
    ("http://h/?token=1", "targets.txt:1:1: found 'http://h/', expected a method before it: 'GET http://h/'"),
    ("hello", "targets.txt:1:1: found other text, expected a line such as 'GET http://localhost:8080/'"),
    ("get http://h/", "targets.txt:1:1: found other text, expected a line such as 'GET http://localhost:8080/'"),
    ("GET h:80/", "targets.txt:1:1: found 'h:80/', expected http:// or https:// before it"),
    ("GET http://:80", "targets.txt:1:1: found 'http://:80', expected a host name after '//'"),
    ("CONNECT http://h/", "targets.txt:1:1: found 'CONNECT', expected another method: tunnels are not opened"),
    (
      "GET http://h/\n  x Y: 1",
      "targets.txt:2:3: found 'x Y', expected a header name of letters, digits and -"
    ),
    (
      "GET http://h/\nhello\n\nGET h",
      "targets.txt:2:1: found no header name, expected a header such as 'Accept: text/html'\n"
        + "targets.txt:4:1: found 'h', expected http:// or https:// before it"
    ),
    ("POST http://h/\n@none.json", "targets.txt:2:1: found no such file, expected a file"),
    (
      "POST http://h/\n@a\nX: 1",
      "targets.txt:3:1: found other text, expected a line such as 'GET http://localhost:8080/'"
    ),
  ])
  func refused(text: String, expected: String) {
    #expect(message { () throws(PlanError) in _ = try read(text, files: ["a": "1"]) } == expected)
  }

  @Test func bytesThatAreNoText() {
    let bytes = Array("GET http://h/\nX: ".utf8) + [0xFF]
    let text = message { () throws(PlanError) in
      _ = try VegetaText.read(bytes, file: "-", name: "x") { _ in [] }
    }
    #expect(text == "-:2:4: found a byte that is not UTF-8, expected text")
  }

  @Test func namesOfManyTargets() throws {
    let ids = try read(
      """
      GET http://h/users/17/posts
      GET http://h/users/018f6b2e-7f6b-7c9a-8d7e-0123456789ab/posts
      GET http://h/users/0123456789abcdef0123/posts?x=1
      GET http://h/users/beef/posts
      """)
    #expect(Set(ids.targets.map(\.name)) == ["GET /users/:id/posts", "GET /users/beef/posts"])
    let servers = try read("GET http://a/x\nGET http://b:81/x")
    #expect(servers.targets.map(\.name) == ["GET a/x", "GET b:81/x"])
    let many = try read((0..<600).map { "GET http://h/a/p\($0)" }.joined(separator: "\n"))
    #expect(Set(many.targets.map(\.name)) == ["GET /a/…"])
    let more = try read((0..<600).map { "GET http://h/p\($0)/x" }.joined(separator: "\n"))
    #expect(Set(more.targets.map(\.name)).count == TargetName.most + 1)
    #expect(more.targets.last?.name == "other")
    let long = try read("GET http://h/" + String(repeating: "x", count: 300))
    #expect(long.targets[0].name.count == TargetName.longest)
  }
}
