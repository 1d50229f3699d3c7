import Model
import Scripting
import Testing

@Suite struct RenderingTests {
  @Test func wholeRequest() throws {
    var plan = try Rendering.plan(
      path: [.text(Array("/items/".utf8)), .value(.userId, .url), .text(Array("?i=".utf8)), .value(.iteration, .url)],
      method: "POST",
      headers: [("X-Token", [.text(Array("Bearer ".utf8)), .value(.variable(0), .header)]), ("X-Fixed", [])],
      body: [
        .text(Array("{\"t\":\"".utf8)), .value(.variable(0), .json), .text(Array("\",\"at\":".utf8)),
        .value(.epochms, .plain), .text(Array("}".utf8)),
      ])
    plan.variables = ["token"]
    let user = Rendering.User(try Script(plan, userAgent: "s/1"))
    #expect(user.set(0, "a\"b\r\n") == .stored)
    #expect(
      user.request(user: 7, iteration: 3) == """
        POST /items/7?i=3 HTTP/1.1\r
        Host: 127.0.0.1:8080\r
        X-Token: Bearer a"b\r
        X-Fixed: \r
        User-Agent: s/1\r
        Accept: */*\r
        Content-Length: 26\r
        \r
        {"t":"a\\"b\\r\\n","at":1234}
        """)
  }
}
