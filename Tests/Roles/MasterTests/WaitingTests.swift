import Glibc
import Processes
import TestSupport
import Testing

@Suite(
  .enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed"),
  .enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)))
struct WaitingTests {
  @Test func whatIsAwayIsWaitedForAndThenItWorks() throws {
    let postgres = try PostgresServer.shared.get()
    let kafka = try Broker.shared.get()
    let name = "later\(UInt32.random(in: 0...(.max)))"
    let master = try MasterProcess(kafka: kafka.address, database: postgres.url(name), topic: name)
    let port = try master.restPort()
    try master.wait(for: "waiting for PostgreSQL: PostgreSQL, connect to")
    #expect(try Reply.to("GET", "/healthz", port: port).status == 200)
    let unready = try Reply.to("GET", "/readyz", port: port)
    #expect(unready.status == 503 && unready.detail == "not ready, waiting for PostgreSQL, Kafka, RPC")

    _ = try postgres.query(postgres.url(), "CREATE DATABASE \(name)")
    try master.wait(for: "topic made topic=\(name)")
    try master.wait(for: " ready")
    #expect(try postgres.query(postgres.url(name), "SELECT count(*) FROM test") == "0")

    let login = #"{"username":"admin","password":"\#(MasterProcess.password)"}"#
    #expect(try Reply.to("POST", "/auth/login", port: port, body: login).json["token"]?.text != nil)

    master.child.signal(SIGTERM)
    #expect(master.child.wait(within: .seconds(60)) == .code(0))
  }
}
