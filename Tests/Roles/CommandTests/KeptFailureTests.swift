import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct KeptFailureTests {
  /// A target that says back what it was sent, with a status nobody wants.
  @Test func failingExchangesAreKeptWithoutTheirSecrets() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("failures")
    try folder.write(
      "plan.yaml",
      """
      rate: 100/s
      requests: 20
      mask_headers: [X-Tenant]
      scenarios:
        - name: Say
          url: \(target.url)echo?status=503&token=secretToken1&from={{env FROM}}
          method: POST
          headers: {Authorization: Bearer secretBearer1, X-Tenant: secretTenant1, X-Seen: seen}
          json_body: {user: anna, password: secretWord1, note: "{{env FROM}}"}
      """)
    let environment = ["FROM": "secret from/the \"environment\""]
    let done = try Stampede.run(
      ["run", "--out", "r", "--quiet", "--keep-failures", "3", "plan.yaml"], directory: folder.path,
      environment: environment)
    #expect(done.text.contains("Kept whole: 3 failing exchanges in r/failures.jsonl"), "\(done.text)")
    #expect(done.text.contains("status: status 503 × 20"), "\(done.text)")
    let kept = try folder.read("r/failures.jsonl")
    #expect(kept.split(separator: "\n").count == 3)
    for secret in ["secretToken1", "secretBearer1", "secretTenant1", "secretWord1", "secret from", "secret%20from"] {
      #expect(!kept.contains(secret), "\(secret): \(kept)")
    }
    for plain in ["anna", "X-Seen: seen", "Authorization: ***", "POST /echo?status=503"] {
      #expect(kept.contains(plain), "\(kept)")
    }
    #expect(try Shell.run("stat -c %a r/failures.jsonl", directory: folder.path).text == "600\n")
    let again = try Stampede.run(["report", "r"], directory: folder.path)
    #expect(again.text == done.text)
  }

  @Test func noneAreKeptWhereNobodyAsksOrNothingFails() throws {
    let target = try DemoTarget()
    let folder = try TemporaryFolder("no-failures")
    let fine = try Stampede.run(["run", "-n", "5", "--out", "fine", target.url], directory: folder.path)
    #expect(fine.exit == .code(0) && !fine.text.contains("Kept whole"))
    let off = try Stampede.run(
      ["run", "-n", "5", "--out", "off", "--keep-failures", "0", target.url + "?status=500"], directory: folder.path)
    #expect(off.exit == .code(2) && !off.text.contains("Kept whole"))
    #expect(try Shell.run("ls fine/failures.jsonl off/failures.jsonl; true", directory: folder.path).text.isEmpty)
    let wrong = try Stampede.run(["run", "--mask-header", "a b", target.url], directory: folder.path)
    #expect(wrong.exit == .code(1) && wrong.errorText.contains("--mask-header: found 'a b'"))
  }
}
