import KafkaIO
import TestSupport
import Testing

struct TopicNameTests {
  @Test func theDefaultHasItsOwnNames() {
    #expect(Topics().all == ["stampede.results", "stampede.samples", "stampede.dead-letter"])
    #expect(Topics("shop").all == ["shop", "shop.samples", "shop.dead-letter"])
  }

  @Test func aBrokerThatIsAwayIsSaidInTime() throws {
    let port = try LocalPort.free()
    let start = ContinuousClock.now
    #expect { _ = try Admin(servers: "127.0.0.1:\(port)").create(Topics(), milliseconds: 500) } throws: { error in
      "\(error)".contains("ask for the brokers")
    }
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test(arguments: ["", "localhost", ":9092", "localhost:0", "localhost:99999", "a:1,,b:2", "a:1,"])
  func anAddressThatIsNoneIsRefused(_ servers: String) {
    #expect { _ = try Producer(servers: servers, topic: "t") } throws: { "\($0)".contains("expected HOST:PORT") }
  }

  @Test(arguments: ["localhost:9092", "a:1,b:2", "[::1]:9092"]) func anAddressIsTaken(_ servers: String) throws {
    #expect(try Producer(servers: servers, topic: "t").outstanding == 0)
  }
}

@Suite(.enabled(if: KafkaServer.home != nil, Comment(rawValue: KafkaServer.missing)), .serialized)
struct AdminTests {
  @Test func missingTopicsAreMadeAndOthersLeft() throws {
    let server = try Broker.shared.get()
    let topics = try Broker.topics("admin", partitions: 3)
    let again = try Admin(servers: server.address).create(topics, milliseconds: 5_000)
    #expect(again.created.isEmpty)
    #expect(again.brokers == 1)
    #expect(again.isOneDisk)
  }

  @Test func aNameThatNoTopicMayHaveIsRefused() throws {
    let server = try Broker.shared.get()
    #expect {
      _ = try Admin(servers: server.address).create(Topics("no such/name"), milliseconds: 5_000)
    } throws: { error in "\(error)".contains("no such/name") }
  }
}
