import Foundation
import TestSupport
import Testing

/// Signing in: where the password comes from, where the token goes, and where neither goes.
@Suite struct LoginTests {
  private func mode(_ path: String) throws -> Int {
    let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    return try value.orThrow()
  }

  @Test func theTokenIsKeptForItsOwnerAlone() throws {
    let master = try ScriptedMaster()
    let done = try master.login()
    #expect(done.exit == .code(0), "\(done.errorText)")
    #expect(done.text == "Signed in as admin at \(master.server.url) until 2030-01-01 00:00:00 UTC.\n")
    #expect(done.errorText.isEmpty)
    let file = master.home.file("config/stampede/tokens.json")
    #expect(try mode(file) == 0o600)
    #expect(try mode(master.home.file("config/stampede")) == 0o700)
    #expect(try master.home.read("config/stampede/tokens.json").contains(ScriptedMaster.token))
    #expect(try master.home.names() == ["config"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: master.home.file("config/stampede")) == ["tokens.json"])
  }

  @Test func aPasswordComesFromAFileAVariableOrStandardInput() throws {
    let master = try ScriptedMaster()
    try master.home.write("secret", ScriptedMaster.password + "\n")
    for done in [
      try master.run(["login", "--password-file", "secret"]),
      try master.run(["login", "--password-file", "-"], input: ScriptedMaster.password),
      try master.run(["login", "--password-file", "-"], input: ScriptedMaster.password + "\r\nmore"),
      try master.run(["login"], ["STAMPEDE_PASSWORD": ScriptedMaster.password]),
    ] {
      #expect(done.exit == .code(0), "\(done.errorText)")
      #expect(!done.errorText.contains("warning"))
    }
    let json = try master.run(["login", "--json"], ["STAMPEDE_PASSWORD": ScriptedMaster.password])
    #expect(json.text.contains("\"username\": \"admin\""))
    #expect(!json.text.contains(ScriptedMaster.token))
  }

  @Test func aPasswordInTheCommandLineIsRefused() throws {
    let master = try ScriptedMaster()
    let done = try master.run(["login", "--password", ScriptedMaster.password])
    #expect(done.exit == .code(1))
    #expect(done.errorText.contains("--password: every user of the machine sees a command line (ps)"))
    #expect(!done.errorText.contains(ScriptedMaster.password))
    #expect(master.server.requests.isEmpty)
  }

  @Test func aWrongPasswordIsSaidAndNothingIsKept() throws {
    let master = try ScriptedMaster()
    let done = try master.run(["login"], input: "wrong\n")
    #expect(done.exit == .code(2))
    #expect(done.errorText == "stampede: \(master.server.url) does not know admin with this password\n")
    #expect(try master.home.names().isEmpty)
  }

  @Test(arguments: [
    ("", "standard input: found nothing, expected a password"), ("\n", "standard input: found nothing"),
    ("a\u{1}b", "standard input: found a control character"),
    (String(repeating: "x", count: 3000), "standard input: found a password of more than 1024 bytes"),
  ]) func whatIsNoPasswordIsNotSent(_ input: String, _ message: String) throws {
    let master = try ScriptedMaster()
    let done = try master.run(["login"], input: input)
    #expect(done.exit == .code(1))
    #expect(done.errorText.contains(message), "\(done.errorText)")
    #expect(master.server.requests.isEmpty)
  }

  @Test func noSecretGoesToAnotherMachineInThePlain() throws {
    let master = try ScriptedMaster()
    let there = ["STAMPEDE_MASTER": "http://192.0.2.1:8080"]
    let done = try master.run(["login"], input: ScriptedMaster.password, there)
    #expect(done.exit == .code(1))
    #expect(done.errorText.contains("http:// is not encrypted: the password could be read on the way"))
    #expect(done.errorText.contains("--plain"))
    // Nor the token, should a file name such a master.
    try master.home.write(
      "config/stampede/tokens.json",
      "{\"masters\": {\"http://192.0.2.1:8080\": {\"username\": \"a\", \"token\": \"b\", \"expiresAt\": \"\"}}}")
    let status = try master.run(["status"], there)
    #expect(status.exit == .code(1))
    #expect(status.errorText.contains("the token could be read on the way"))
    #expect(status.errorText.contains("can be read by others"), "the file is not of mode 600")
  }

  @Test func severalMastersAreKeptAndTheLastIsAskedWhereNoneIsNamed() throws {
    let first = try ScriptedMaster { _, peer, _ in peer.answer(200, "{\"workers\": []}") }
    let second = try ScriptedMaster { _, peer, _ in peer.answer(200, "{\"workers\": []}") }
    try first.login()
    var environment = first.environment
    environment["STAMPEDE_MASTER"] = nil
    func run(_ words: [String]) throws -> String {
      try Stampede.run(words, input: ScriptedMaster.password, environment: environment).text
    }
    #expect(try run(["login", "--master", second.server.url + "/"]).contains(second.server.url))
    #expect(try run(["workers"]) == "No worker is connected to \(second.server.url).\n")
    #expect(try run(["workers", "--master", first.server.url]) == "No worker is connected to \(first.server.url).\n")
  }

  @Test(arguments: ["", "{}", "{\"token\": \"\"}", "{\"token\": \"a b\"}", "<html>", "{\"token\": 1}"])
  func anAnswerWithoutATokenIsNotKept(_ body: String) throws {
    let server = try ScriptedServer { _, peer in peer.answer(200, body) }
    let master = try ScriptedMaster()
    let done = try master.run(["login"], input: ScriptedMaster.password, ["STAMPEDE_MASTER": server.url])
    #expect(done.exit == .code(2))
    #expect(done.errorText == "stampede: \(server.url): its answer holds no token; is it a Stampede master?\n")
    #expect(try master.home.names().isEmpty)
  }

  @Test(arguments: ["nonsense", "{\"masters\": []}", "{\"masters\": {\"a\": {}}}", ""])
  func aBrokenFileOfTokensSaysWhatToDo(_ text: String) throws {
    let master = try ScriptedMaster()
    let file = try master.home.write("config/stampede/tokens.json", text)
    let done = try master.run(["status"])
    #expect(done.exit == .code(1))
    #expect(done.errorText.contains("\(file): no file of tokens; remove it and type: stampede login"))
  }

  @Test func whereNothingCanBeKeptNothingIsAsked() throws {
    let master = try ScriptedMaster()
    try master.home.write("config", "a file")
    let done = try master.run(["login"], input: ScriptedMaster.password)
    #expect(done.exit == .code(1))
    #expect(done.errorText.contains("\(master.home.file("config"))"), "\(done.errorText)")
    #expect(master.server.requests.isEmpty)
    let homeless = try master.run(["login"], input: "x", ["XDG_CONFIG_HOME": "", "HOME": ""])
    #expect(homeless.errorText.contains("neither XDG_CONFIG_HOME nor HOME names a folder"))
  }
}
