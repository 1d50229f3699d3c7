import Model
import Summary
import TestSupport
import Testing

@testable import RunSession

@Suite struct LimitsTests {
  struct Row: Sendable {
    var descriptors = 20_000
    var ports = 28_232
    var asked: Int?
    var addresses = 1
    let connections: Int
  }

  @Test(arguments: [
    Row(connections: 10_000),
    Row(descriptors: 1_024, connections: 921),
    Row(ports: 1_000, connections: 800),
    Row(ports: 1_000, addresses: 3, connections: 2_400),
    Row(ports: 1_000, addresses: 0, connections: 800),
    Row(asked: 50, connections: 50),
    Row(asked: 15_000, connections: 15_000),
    Row(asked: 1_000_000, connections: 18_000),
    Row(asked: 0, connections: 1),
    Row(descriptors: 1, connections: 1),
    Row(descriptors: .max, connections: 10_000),
    Row(descriptors: .max, ports: 65_536, asked: .max, addresses: 4_000_000, connections: 209_715_200_000),
  ])
  func theLeastOfAllLimits(row: Row) {
    let limits = Limits(descriptors: row.descriptors, ports: row.ports)
    #expect(limits.connections(asked: row.asked, addresses: row.addresses) == row.connections)
  }

  /// Users with connections of their own need one each, said before the start; those that share need none.
  @Test func usersBeyondTheCap() throws {
    let url = try TargetURL(text: "http://127.0.0.1/")
    var plan = Plan(
      name: "p", targets: [Target(name: "t", url: url)], load: Load(model: .users(100_000), duration: .seconds(1)))
    let limits = Limits(descriptors: 20_000, ports: 28_232)
    let error = #expect(throws: RunError.self) { try limits.connections(of: plan, asked: nil, addresses: 1) }
    #expect("\(try #require(error))".contains("this machine allows 18000 (descriptors: 20000"))
    #expect("\(try #require(error))".contains("connections: shared"))
    #expect(try limits.connections(of: plan, users: 18_000, asked: nil, addresses: 1) == 18_000)
    plan.options.sharedConnections = true
    #expect(try limits.connections(of: plan, asked: nil, addresses: 1) == 10_000)
    #expect(try limits.connections(of: plan, asked: 400, addresses: 1) == 400)
  }

  @Test func whatThereIsTooLittleOf() {
    func shortage(_ limits: Limits, _ wanted: Int, _ addresses: Int = 1) -> RunDescription.Shortage? {
      limits.shortage(wanted: wanted, addresses: addresses)
    }
    #expect(shortage(Limits(descriptors: 20_000, ports: 28_232), 10_000) == nil)
    #expect(shortage(Limits(descriptors: 100, ports: 28_232), 68) == nil)
    #expect(shortage(Limits(descriptors: 100, ports: 28_232), 69) == .descriptors)
    #expect(shortage(Limits(descriptors: 20_000, ports: 100), 80) == nil)
    #expect(shortage(Limits(descriptors: 20_000, ports: 100), 81) == .ports)
    #expect(shortage(Limits(descriptors: 20_000, ports: 100), 81, 2) == nil)
  }

  @Test(arguments: [
    ("32768\t60999\n", 28_232), ("1024 65535", 64_512), ("60000\t50000\n", 0), ("", 28_232), ("1 2 3", 28_232),
    ("-5\t99999999999999999999\n", 28_232), ("rubbish\n", 28_232),
  ])
  func thePortsThatTheSystemGives(text: String, ports: Int) throws {
    let folder = try TemporaryFolder("limits")
    try folder.write("proc/sys/net/ipv4/ip_local_port_range", text)
    let limits = Limits.raise(files: HostFiles(root: folder.path))
    #expect(limits.ports == ports && limits.descriptors > 0)
  }
}
