import CommandLines
import HTTPClient
import JSONScan
import Model
import Options
import Summary

/// `login`: a password for a token, which the other commands then use.
enum LoginCommand {
  static let usualName = "admin"

  static func run(_ line: Invocation, environment: [String: String]) throws(Failure) -> Int32 {
    let tokens = try TokenFile(environment: environment)
    // Before anybody types a password that can't be kept.
    let stored = try tokens.read()
    let address = try MasterAddress(line, last: stored.last)
    try address.checkSecret("the password")
    let name = line.text(.username) ?? usualName
    let password = try Password.read(line, user: "\(name) at \(address.text)", environment: environment)
    let reply = try ask(line, address, name, password)
    let session = try session(reply, name, address)
    try tokens.keep(session, of: address.text)
    if line.isOn(.jsonOutput) {
      var writer = JSONWriter(indented: true)
      writer.object { writer in
        writer.member("master", address.text)
        writer.member("username", name)
        writer.member("expiresAt", session.expiresAt)
      }
      try Console.out(String(decoding: writer.bytes, as: UTF8.self) + "\n")
    } else {
      try Console.out(
        "Signed in as \(name.harmless) at \(address.text) until \(TimeCell.text(session.expiresAt).harmless) UTC.\n")
    }
    return 0
  }

  private static func ask(
    _ line: Invocation, _ address: MasterAddress, _ name: String, _ password: String
  ) throws(Failure) -> Reply {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("username", name)
      writer.member("password", password)
    }
    let call = Call(
      .post, try address.url("/auth/login"),
      headers: [Header("Content-Type", "application/json"), Header("Accept", "application/json")], body: writer.bytes)
    let reply: Reply
    do throws(ClientError) { reply = try Master.client(line).perform(call) } catch {
      throw Master.failure(error, address)
    }
    if reply.status == 401 {
      throw Failure("\(address.text) does not know \(name) with this password", exitCode: 2)
    }
    if !reply.isSuccess { throw Denial(reply, address).failure }
    return reply
  }

  private static func session(
    _ reply: Reply, _ name: String, _ address: MasterAddress
  ) throws(Failure) -> TokenFile.Session {
    // What is no token must neither be kept nor shown: it may hold the password back.
    guard let root = (try? JSONReader.document(reply.body))?.root, let token = root["token"]?.text, !token.isEmpty,
      token.utf8.count <= 16_384, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw Failure("\(address.text): its answer holds no token; is it a Stampede master?", exitCode: 2) }
    return TokenFile.Session(username: name, token: token, expiresAt: root["expiresAt"]?.text ?? "")
  }
}
