import Model
import Plans
import Testing

@Suite struct VegetaJSONTests {
  private func read(_ text: String) throws(PlanError) -> PlanDocument {
    try VegetaJSON.read(Array(text.utf8), file: "t.json", name: "t")
  }

  @Test func aLineEach() throws {
    let plan = try read(
      #"""
      {"method":"GET","url":"http://goku","body":"UHVuY2gh","header":{"Content-Type":["text/plain"],"X":["1","2"]}}
      {"method": "POST", "url": "http://u:p@goku/x", "header": null, "body": ""}
      """#)
    #expect(plan.format == .vegetaJSON)
    let headers = [Header("Content-Type", "text/plain"), Header("X", "1"), Header("X", "2")]
    let first = Target(
      name: "GET /", method: "GET", url: try TargetURL(text: "http://goku/"), headers: headers,
      body: Array("Punch!".utf8))
    #expect(plan.targets[0] == first)
    #expect(plan.targets[1].headers == [Header("Authorization", "Basic dTpw")])
    #expect(plan.warnings == [])
  }

  @Test func anArrayAndAKeyGivenTwice() throws {
    let plan = try read(#"[{"method":"GET","url":"http://h/a"},{"method":"PUT","method":"GET","url":"http://h/b"}]"#)
    #expect(plan.targets.map(\.name) == ["GET /a", "GET /b"])
    #expect(
      plan.warnings.map(\.description)
        == ["t.json:1:54: warning: targets[1].method: given twice; the last one counts"])
  }

  @Test(arguments: [
    ("[]", #"t.json: found no target, expected objects such as {"method":"GET","url":"http://localhost:8080/"}"#),
    (
      "3",
      #"t.json:1:1: targets[0]: found 3, expected an object such as {"method":"GET","url":"http://localhost:8080/"}"#
    ),
    (#"{"url":"http://h"}"#, "t.json:1:1: targets[0]: found no method, expected one such as GET"),
    (#"{"method":"GET"}"#, "t.json:1:1: targets[0]: found no url, expected one such as http://localhost:8080/"),
    (#"{"method":"GET","url":"h"}"#, "t.json:1:23: targets[0].url: found 'h', expected http:// or https:// before it"),
    (
      #"{"method":"GET","url":"http://h","body":"?"}"#,
      "t.json:1:41: targets[0].body: found other text, expected base64"
    ),
    (
      #"{"method":"GET","url":"http://h","headers":{}}"#,
      "t.json:1:34: targets[0].headers: unknown field; did you mean 'header'?"
    ),
    (
      #"{"method":"GET","url":"http://h","callbId":1}"#,
      "t.json:1:34: targets[0].callbId: unknown field; a target has method, url, header and body"
    ),
    (#"{"method":"GET","url":"http://h"},"#, "t.json:1:34: found ',', expected a value"),
    (#"%{"callbId":"0001"}"#, "t.json:1:1: found '%', expected a value"),
  ])
  func refused(text: String, expected: String) {
    #expect(message { () throws(PlanError) in _ = try read(text) } == expected)
  }
}
