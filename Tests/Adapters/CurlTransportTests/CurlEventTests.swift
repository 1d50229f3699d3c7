import Engine
import EventLoop
import Model
import Testing

@testable import CurlTransport

@Suite struct CurlEventTests {
  /// A loop under load takes as many events as come, and never finds that there are none.
  @Test func eventsThatWereTakenTakeNoMemory() throws {
    let transport = try CurlTransport(TransportSettings(options: AttackOptions(), capacity: 2, connections: 2))
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    var most = 0
    for number in 0..<20_000 {
      // Nobody said where the origin is: the exchange fails at once.
      transport.begin(number % 2, TransportCall(origin: 7, request: nothing, target: 0, isIdempotent: true))
      if number == 0 { continue }
      let event = try #require(transport.nextEvent())
      #expect(event.slot == (number - 1) % 2)
      most = max(most, transport.held)
    }
    #expect(most <= 2_048)
    #expect(transport.nextEvent()?.slot == 1)
    #expect(transport.nextEvent() == nil)
    #expect(transport.held == 0)
  }

  /// Of a name's addresses, whatever their order, one that may be asked tells more than one that may not.
  @Test(arguments: [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.2"]])
  func anAddressThatIsNotAllowedHidesNoOther(addresses: [String]) throws {
    var options = AttackOptions()
    options.policy = TargetPolicy(denied: [try TargetPolicy.Block(text: "127.0.0.2")])
    // Nobody listens there.
    let port: UInt16 = 1
    let transport = try CurlTransport(TransportSettings(options: options, capacity: 1, connections: 1))
    let origin = try TargetURL(text: "http://name.test:\(port)/").origin
    let places = try addresses.map { SocketAddress(try #require(IPAddress(text: $0)), port: port) }
    transport.know(0, as: origin, at: places, fault: nil)
    let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    let event = try request.withUnsafeBytes { bytes in
      transport.begin(0, TransportCall(origin: 0, request: bytes, target: 0, isIdempotent: true))
      let end = MonotonicClock.now().nanoseconds + 20_000_000_000
      var event = transport.nextEvent()
      while event == nil, MonotonicClock.now().nanoseconds < end {
        transport.turn()
        event = transport.nextEvent()
      }
      return try #require(event)
    }
    let isDenied = addresses.count == 1
    let kind: ErrorKind? = if case .failed(let kind) = event.kind { kind } else { nil }
    #expect(kind == (isDenied ? .denied : .connect))
    #expect(transport.cause(of: 0).contains("not allowed") == isDenied, "\(transport.cause(of: 0))")
  }
}
