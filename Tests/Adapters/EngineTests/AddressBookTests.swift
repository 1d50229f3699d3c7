import EventLoop
import Model
import Synchronization
import Testing
import Threads

@testable import Engine

@Suite(.timeLimit(.minutes(10))) struct AddressBookTests {
  private static func address(_ text: String) throws -> SocketAddress {
    SocketAddress(try #require(IPAddress(text: text)), port: 80)
  }

  private static let origins = ["a.test", "b.test"].map { Origin(isTLS: false, host: $0, port: 80) }

  @Test func whetherAllIsHere() throws {
    let (here, also, there) = (
      try Self.address("127.0.0.1"), try Self.address("::1"), try Self.address("192.0.2.1")
    )
    let local = AddressBook(Self.origins) { _ in .addresses([here, also]) }
    #expect(local.isAllLoopback && local.addressCount == 2)
    let mixed = AddressBook(Self.origins) { $0.host == "a.test" ? .addresses([here]) : .addresses([here, there]) }
    #expect(!mixed.isAllLoopback && mixed.addressCount == 2)
    let unknown = AddressBook(Self.origins) { $0.host == "a.test" ? .addresses([here]) : .fault("no") }
    #expect(!unknown.isAllLoopback && unknown.addressCount == 1)
  }

  /// A name that could not be looked up at first is tried again every second; one that could keeps its addresses.
  @Test func aFailedNameIsTriedAgain() throws {
    let here = try Self.address("127.0.0.1")
    let asked = Monitor<[String: Int]>([:])
    let book = AddressBook(Self.origins) { origin in
      let times = asked.change { asked -> Int in
        asked[origin.host, default: 0] += 1
        return asked[origin.host] ?? 0
      }
      return origin.host == "a.test" || times > 1 ? .addresses([here]) : .fault("not yet")
    }
    guard case .fault("not yet") = book[1] else {
      Issue.record("found an address at once")
      return
    }
    let thread = try OwnThread(name: "fresh") { book.keepFresh() }
    _ = asked.wait(within: .seconds(60)) { $0["b.test"] == 2 ? true : nil }
    book.stop()
    thread.join()
    guard case .addresses([here]) = book[1] else {
      Issue.record("still no address")
      return
    }
    #expect(asked.read { $0["a.test"] } == 1)
  }

  @Test func hostsThatAreAddressesNeedNoThread() throws {
    let book = AddressBook([Origin(isTLS: false, host: "127.0.0.1", port: 80)], resolve: AddressBook.look)
    book.keepFresh()
    #expect(book.isAllLoopback)
  }
}
