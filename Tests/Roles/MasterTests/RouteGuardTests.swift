import Digests
import Foundation
import Glibc
import Identity
import JSONScan
import TestSupport
import Testing

/// The published document against the routes of the real binary: there, guarded, and answering as it says.
@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"))
struct RouteGuardTests {
  /// Every operation of the published document with something in its path's places.
  private func operations() throws -> [(method: String, target: String, operation: Node)] {
    let file = try Data(contentsOf: URL(fileURLWithPath: Places.root + "/proto-free-schema/openapi.json"))
    let paths = try #require(try JSONReader.document(Array(file)).root["paths"]?.members)
    return paths.flatMap { path in
      let target = path.key.replacing("{id}", with: "00000000-0000-4000-8000-000000000000")
        .replacing("{name}", with: "nobody")
      return (path.node.members ?? []).filter { ["get", "put", "post"].contains($0.key) }.map {
        ($0.key.uppercased(), target, $0.node)
      }
    }
  }

  @Test func everyRouteAsksForAGoodToken() throws {
    let master = try LoneMaster()
    let other = Hexadecimal.text(SecureRandom.bytes(32))
    let good = try master.token()
    let strangers: [(String?, String)] = [
      (nil, "sign in first"), ("", "an Authorization header of another kind"), ("rubbish", "this is no token"),
      (try LoneMaster.signed(other), "was not made by this master"),
      (try LoneMaster.signed(MasterProcess.key, now: Int64(time(nil)) - 7_200), "the token has expired"),
      (try LoneMaster.signed(MasterProcess.key, now: Int64(time(nil)) + 7_200), "does not hold yet"),
      (String(good.dropLast(4)) + "AAAA", "signature is wrong"),
      (String(repeating: "A", count: 5_000), "this is no token"),
    ]
    var asked = 0
    for (method, target, operation) in try operations() where operation["security"] == nil {
      for (token, expected) in strangers {
        asked += 1
        let reply = try master.ask(method, target, token: token, method == "GET" ? nil : "{}")
        #expect(reply.status == 401 && reply.detail.contains(expected), "\(method) \(target): \(reply)")
        #expect(reply.header("WWW-Authenticate")?.hasPrefix("Bearer realm=\"stampede\"") == true)
        #expect(reply.header("Content-Type") == "application/problem+json")
      }
      // Let in, whatever comes of it; and as a viewer only to look.
      let reply = try master.ask(method, target, token: good, method == "GET" ? nil : "{}")
      #expect(![401, 403, 405, 501].contains(reply.status), "\(method) \(target): \(reply)")
      let documented = operation["responses"]?[String(reply.status)]
      #expect(documented != nil, "\(method) \(target) answers \(reply.status), which the document does not have")
    }
    #expect(asked >= 11 * strangers.count)
    for target in ["/api/test/submit", "/api/tests"] {
      // Announced, never sent: it must be refused before it comes.
      let reply = try master.ask("POST", target, token: good, headers: ["Content-Length: 9000000"])
      #expect(reply.status == 413 && reply.detail.contains("8388608"), "\(target): \(reply)")
    }
    for target in ["/healthz", "/metrics", "/openapi.json", "/"] {
      #expect(try master.ask("GET", target).status == 200, "\(target) needs no token")
    }
  }

  @Test func rolesAreHeld() throws {
    let master = try LoneMaster()
    let admin = try master.token()
    func token(_ role: String) throws -> String {
      let made = try master.ask(
        "PUT", "/api/users/\(role)", token: admin,
        #"{"role":"\#(role)","password":"oscillating motor"}"#)
      #expect(made.status == 200, "\(made)")
      let reply = try master.ask(
        "POST", "/auth/login", #"{"username":"\#(role)","password":"oscillating motor"}"#)
      return try #require(reply.json["token"]?.text, "\(reply)")
    }
    let (viewer, `operator`) = (try token("viewer"), try token("operator"))
    for (method, target, operation) in try operations() where operation["security"] == nil {
      let needs = operation["description"]?.text ?? ""
      let body = method == "GET" ? nil : "{}"
      let asViewer = try master.ask(method, target, token: viewer, body)
      #expect((asViewer.status == 403) == needs.hasPrefix("Needs the role"), "\(method) \(target): \(asViewer)")
      let asOperator = try master.ask(method, target, token: `operator`, body)
      #expect(
        (asOperator.status == 403) == needs.hasPrefix("Needs the role admin"), "\(method) \(target): \(asOperator)")
    }
  }

}
