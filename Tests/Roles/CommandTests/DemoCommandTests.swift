import Processes
import TestSupport
import Testing

@Suite struct DemoCommandTests {
  @Test func aScriptFromAFileRules() throws {
    let folder = try TemporaryFolder("demo")
    let script = try folder.write(
      "shop.yaml", "/checkout: {status: 503, delay: 1ms}\n\"*\":\n  - {from: 0s, status: 201}\n")
    let child = try Stampede.start(
      ["demo-target", "--port", "0", "--behaviour", script, "--log", folder.file("log.csv")])
    let url = try #require(
      child.waitForOutput(within: .seconds(60)) { output, _ in output.hasSuffix("\n") ? String(output.dropLast()) : nil
      })
    let run = try Stampede.run(
      ["attack", "--rate", "100/s", "-n", "10", "--output", folder.file("run"), "\(url)checkout?errors=0%:500"])
    #expect(run.text.contains("503"), "\(run.text)")
    #expect(child.stop() == .code(0))
    let lines = try folder.read("log.csv").split(separator: "\n")
    #expect(lines.count == 11 && lines.dropFirst().allSatisfy { $0.contains(",/checkout,1000,") }, "\(lines)")
  }

  @Test func aWrongScriptIsRefusedWithItsPlace() throws {
    let folder = try TemporaryFolder("demo")
    let script = try folder.write("shop.yaml", "/checkout:\n  delay: 1h\n")
    let done = try Stampede.run(["demo-target", "--port", "0", "--behaviour", script])
    #expect(
      done.errorText.contains("shop.yaml:2:10: /checkout: delay: found delay=1h, expected a delay"), "\(done.errorText)"
    )
    let missing = try Stampede.run(["demo-target", "--port", "0", "--behaviour", folder.file("none")])
    #expect(missing.errorText.contains("no such file"))
  }
}
