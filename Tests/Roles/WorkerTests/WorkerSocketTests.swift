import Model
import TestSupport
import Testing
import Wire

/// Unix sockets of a worker's machine: its admin's to open, whatever a master assigns.
@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct WorkerSocketTests {
  private func plan(_ path: String) throws -> Plan {
    // Where it leads by its address is nobody's concern.
    var plan = Plan(
      name: "shop", targets: [Target(name: "GET /", url: try TargetURL(text: "http://app/health"))],
      load: Load(model: .arrivals(.perSecond(50)), duration: .seconds(1)))
    plan.options.transport.unixSocket = path
    return plan
  }

  @Test func onlyWhatTheAdminNamesIsSentTo() throws {
    let (server, folder) = (try Broker.shared.get(), try TemporaryFolder("worker"))
    let topic = try Broker.topics("socket").results
    let nginx = try Nginx(server: "listen unix:\(folder.file("open.sock")); listen unix:\(folder.file("shut.sock"));")
    let master = try ScriptedMaster()
    let worker = try WorkerProcess(
      master, kafka: server.address, folder: folder, more: ["--allow-target", "unix:\(folder.file("open.sock"))"])
    let peer = try master.peer(worker.name)
    var random = SystemRandomNumberGenerator()
    for path in [folder.file("shut.sock"), folder.path + "/./open.sock"] {
      let life = master.assign(
        try plan(path), to: peer, run: Identifier(random: &random), share: 0, of: 1, topic: topic)
      let ready = try master.ready(life)
      #expect(
        ready.problem.contains("unix_socket \(path): this worker does not allow it")
          && ready.problem.contains("worker --allow-target unix:"), "\(ready.problem)")
    }
    let life = master.assign(
      try plan(folder.file("open.sock")), to: peer, run: Identifier(random: &random), share: 0, of: 1, topic: topic)
    let ready = try master.ready(life)
    #expect(ready.problem == "", "\(ready.problem)")
    _ = master.start([life], to: [peer])
    let complete = try master.complete(life)
    #expect(complete.reason == .planEnded && complete.problem == "", "\(complete)")
    #expect(worker.end() == .code(0), "\(worker.log)")
    #expect(try nginx.finish().entries.count == 50)
  }
}
