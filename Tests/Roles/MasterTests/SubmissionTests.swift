import Model
import Plans
import Testing

@testable import MasterRole

/// What is read out of submissions, and what is said about those that can't be.
@Suite struct SubmissionTests {
  private static let targets = Base64.encode("GET http://10.1.2.3/a\n\nPOST http://10.1.2.3:81/b\nX-A: b\n".utf8)

  private func submit(_ json: String, policy: TargetPolicy = TargetPolicy()) throws(PlanError) -> SubmittedPlan {
    let form = try VegetaForm(Array(json.utf8))
    return try SubmittedPlan(form.document, overrides: form.overrides, workers: form.workers, policy: policy)
  }

  @Test(arguments: [#""10s""#, #""10""#, "10"])
  func theFormOfTheSourceIsRead(_ duration: String) throws {
    let made = try submit(
      """
      {"name": "My First Load Test", "vegetaPayloadJson": "{\\"timeout\\": 5}", "durationSeconds": \(duration),
       "ratePerSecond": 50, "targetsBase64": "\(Self.targets)", "workers": 2}
      """)
    #expect(made.plan.name == "My First Load Test" && made.workers == 2)
    #expect(made.plan.load == Load(model: .arrivals(.perSecond(50)), duration: .seconds(10)))
    #expect(made.plan.options.timeout == .seconds(5))
    #expect(made.plan.targets.map(\.name) == ["GET 10.1.2.3/a", "POST 10.1.2.3:81/b"])
    // What workers get is the same plan.
    let again = try SubmittedText.plan(Array(made.text.utf8), file: "plan.json", name: "")
      .resolved(with: PlanOverrides()).plan
    #expect(again == made.plan)
  }

  @Test func optionsMayBeAnObjectAndTargetsJSON() throws {
    let targets = Base64.encode(#"[{"method":"GET","url":"http://10.1.2.3/"}]"#.utf8)
    let made = try submit(
      #"{"vegetaPayloadJson": {"keepalive": false, "header": {"A": ["1", "2"]}}, "targetsBase64": "\#(targets)", "#
        + #""ratePerSecond": "100/s", "durationSeconds": "1m"}"#)
    #expect(!made.plan.options.keepAlive && made.plan.targets[0].headers.map(\.value) == ["1", "2"])
    #expect(made.plan.load == Load(model: .arrivals(.perSecond(100)), duration: .seconds(60)) && made.workers == nil)
  }

  @Test(arguments: [
    ("[]", "body:1:1: found an empty list, expected an object with targetsBase64, …"),
    ("{", "body:1:2: found the end of the text, expected a key in quotes"),
    (#"{"targetBase64": ""}"#, "targetBase64: unknown field; did you mean 'targetsBase64'?"),
    ("{}", "targetsBase64: found nothing, expected base64 of Vegeta's targets (base64 -w 0 targets.txt)"),
    (#"{"targetsBase64": "!!"}"#, "targetsBase64: found other text, expected base64"),
    (#"{"targetsBase64": ""}"#, "targetsBase64: found nothing in it, expected targets"),
    (#"{"targetsBase64": "R0VUIGZ0cDovL2E="}"#, "targetsBase64:1:1: found 'ftp://a', expected"),
    (#"{"targetsBase64": "T", "durationSeconds": 0}"#, "durationSeconds: found '0s', expected a duration above zero"),
    (#"{"targetsBase64": "T", "durationSeconds": "soon"}"#, "durationSeconds: found 'soon', expected a duration"),
    (#"{"targetsBase64": "T", "durationSeconds": true}"#, "durationSeconds: found 'true', expected a duration"),
    (#"{"targetsBase64": "T", "ratePerSecond": 0}"#, "ratePerSecond: found '0', expected a rate above zero"),
    (#"{"targetsBase64": "T", "ratePerSecond": -5}"#, "ratePerSecond: found '-5', expected a rate above zero"),
    (#"{"targetsBase64": "T", "workers": 0}"#, "workers: found 0, expected a whole number from 1 to 5000"),
    (#"{"targetsBase64": "T", "name": "a/b"}"#, "name: found 'a/b', expected 1 to 100 characters"),
    (#"{"targetsBase64": "T", "name": "a", "name": "b"}"#, "name: found it twice, expected it once"),
    (
      #"{"targetsBase64": "T", "vegetaPayloadJson": {"root-certs": "/etc/ca.pem"}}"#,
      "ca: found '/etc/ca.pem', expected nothing: a file of yours means nothing to the workers"
    ),
    (
      #"{"targetsBase64": "T", "vegetaPayloadJson": "{\"redirects\": 500}"}"#,
      "vegetaPayloadJson:1:15: redirects: found 500, expected at most 100"
    ),
    (#"{"targetsBase64": "T", "vegetaPayloadJson": {"timeot": 1}}"#, "timeot: unknown option; did you mean 'timeout'?"),
    (#"{"targetsBase64": "T", "vegetaPayloadJson": 5}"#, "vegetaPayloadJson: found 5, expected an object"),
  ])
  func saysWhichFieldWhatWasFoundAndExpected(_ json: String, _ message: String) {
    let json = json.replacing(#""T""#, with: #""\#(Self.targets)""#)
    let error = #expect(throws: PlanError.self) { try submit(json) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  /// A body that names a file, or a variable, would read the master's.
  @Test func nothingOfTheMachineIsReadForASubmission() {
    let file = Base64.encode("POST http://10.1.2.3/\n@/etc/hostname\n".utf8)
    let error = #expect(throws: PlanError.self) { try submit(#"{"targetsBase64": "\#(file)"}"#) }
    #expect(error?.description.contains("found '@/etc/hostname', expected no file: the master reads none") == true)
    let plan = "base_url: http://10.1.2.3\nscenarios:\n- path: /${PATH}\n"
    let other = #expect(throws: PlanError.self) { try SubmittedText.plan(Array(plan.utf8), file: "p.yaml", name: "p") }
    #expect(other?.description.contains("PATH") == true && other?.description.contains("/bin") == false)
    #expect(throws: PlanError.self) {
      try SubmittedText.plan(Array("POST http://10.1.2.3/\n@/etc/hostname\n".utf8), file: "plan", name: "p")
    }
  }

  private func plan(_ text: String, _ policy: TargetPolicy) throws -> SubmittedPlan {
    try SubmittedPlan(
      try SubmittedText.plan(Array(text.utf8), file: "plan.yaml", name: "p"), overrides: PlanOverrides(), workers: nil,
      policy: policy)
  }

  @Test func workersKeepNoSamples() {
    let text = "samples: 1/10\nscenarios:\n- url: http://10.1.2.3/\n"
    let error = #expect(throws: PlanError.self) { try plan(text, TargetPolicy()) }
    #expect(error?.description == "samples: found '1/10', expected nothing: workers keep no requests one by one")
  }

  @Test func aPlanCannotAllowItselfTargets() throws {
    let text = "allow_target: 169.254.0.0/16\nscenarios:\n- url: http://169.254.169.254/\n"
    let error = #expect(throws: PlanError.self) { try plan(text, TargetPolicy()) }
    #expect(
      error?.description.hasPrefix("allow_target: found 169.254.0.0/16, expected nothing: what workers may connect to")
        == true)
  }

  @Test(arguments: [
    ("http://127.0.0.1:9000/", nil as String?),
    (
      "http://127.0.0.1:9001/",
      "127.0.0.1 is not allowed: it is inside 127.0.0.0/8; the master's --allow-target 127.0.0.1:9001"
    ),
    ("http://localhost:9001/", "127.0.0.1 is not allowed"), ("http://localhost:9000/", nil),
    ("http://x.localhost:9001/", "127.0.0.1 is not allowed"), ("http://[::1]/", "::1 is not allowed"),
    ("http://[::ffff:127.0.0.1]/", "is not allowed: it is inside 127.0.0.0/8"),
    ("http://169.254.169.254/", "it is a cloud metadata address"),
    ("http://169.254.1.1/", "it is a link-local address"),
    ("http://10.0.0.7:8080/", "10.0.0.7:8080 belongs to the cluster itself"), ("http://10.0.0.7/", nil),
    ("http://target.example/", nil),
  ])
  func deniedTargetsAreRefusedAtOnce(_ url: String, _ message: String?) throws {
    let policy = TargetPolicy(
      allowed: [try .init(text: "127.0.0.1:9000")],
      denied: [try .init(text: "127.0.0.0/8"), try .init(text: "::1"), try .init(text: "10.0.0.7:8080")])
    let text = "rate: 5/s\nduration: 1s\nscenarios:\n- url: \(url)\n"
    guard let message else {
      #expect(try plan(text, policy).plan.targets.count == 1)
      return
    }
    let error = #expect(throws: PlanError.self) { try plan(text, policy) }
    #expect(error?.description.contains("targets[0].url: \(url)") == true)
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  /// Whether a socket of theirs may be used is the workers' to say; it stands for every host.
  @Test func aSocketOfTheWorkersIsTheirs() throws {
    let policy = TargetPolicy(denied: [try .init(text: "127.0.0.0/8")])
    let text = "rate: 5/s\nduration: 1s\nscenarios:\n- url: http://127.0.0.1/\nunix_socket: "
    #expect(try plan(text + "/run/app.sock", policy).plan.options.transport.unixSocket == "/run/app.sock")
    let error = #expect(throws: PlanError.self) { try plan(text + "app.sock", policy) }
    #expect(error?.description.contains("unix_socket: found 'app.sock', expected a whole path") == true)
  }

  @Test func theClustersServersAreReadFromTheirLists() {
    let found = ClusterTargets.servers("a:1,[::1]:2, b ,ssl://c:3,d:x", port: 9092)
    #expect(found.map(\.host) == ["a", "::1", "b", "c"] && found.map(\.port) == [1, 2, 9092, 3])
  }
}
