import TestSupport
import Testing

/// `health` as a container's health check uses it.
struct HealthCommandTests {
  @Test func itSaysWhetherAServiceIsWell() throws {
    let target = try DemoTarget()
    let well = try Stampede.run(["health", target.url])
    #expect(well.exit == .code(0) && well.text.isEmpty && well.errorText.isEmpty, "\(well.errorText)")
    func ill(_ words: String..., saying text: String) throws {
      let done = try Stampede.run(["health"] + words)
      #expect(done.exit == .code(1) && done.errorText.contains(text), "\(done.errorText)")
      #expect(done.errorText.split(separator: "\n").count == 1 && done.text.isEmpty, "\(done.errorText)")
    }
    try ill("\(target.url)?status=503", saying: "answered 503")
    try ill("\(target.url)?delay=60s", "--timeout", "200ms", saying: "health: http://127.0.0.1:")
    try ill("http://127.0.0.1:\(try LocalPort.free())/", saying: "health: http://127.0.0.1:")
    try ill("127.0.0.1:8080", saying: "expected a URL")
  }
}
