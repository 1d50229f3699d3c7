import Engine
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
}
