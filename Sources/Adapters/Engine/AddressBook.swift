import CLinux
import EventLoop
import Glibc
import Model
import Synchronization

/// The addresses of a run's origins, looked up off the loops and refreshed while the run lasts.
///
/// Any thread may ask; a thread of its own looks names up again every 30 seconds, failed ones every second.
final class AddressBook: Sendable {
  enum Entry: Sendable {
    case addresses([SocketAddress])
    case fault(String)
  }

  private let origins: [Origin]
  private let entries: Mutex<[Entry]>
  private let resolve: @Sendable (Origin) -> Entry
  private let stopSignal: Int32

  /// Looks every name up once; blocks while it does.
  init(_ origins: [Origin], resolve: @escaping @Sendable (Origin) -> Entry) {
    self.origins = origins
    self.resolve = resolve
    entries = Mutex(origins.map(resolve))
    stopSignal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
  }

  deinit {
    if stopSignal >= 0 { _ = close(stopSignal) }
  }

  subscript(origin: Int) -> Entry { entries.withLock { $0[origin] } }

  /// Whether every address known is one of this machine's loopback addresses.
  var isAllLoopback: Bool {
    entries.withLock { entries in
      entries.allSatisfy { entry in
        guard case .addresses(let list) = entry else { return false }
        return list.allSatisfy { $0.address.isLoopback }
      }
    }
  }

  var addressCount: Int {
    entries.withLock { entries in
      var all: Set<SocketAddress> = []
      for case .addresses(let list) in entries { all.formUnion(list) }
      return all.count
    }
  }

  /// Most addresses of one origin that are used.
  static let mostAddresses = 64

  /// Asks the system's resolver.
  static func look(_ origin: Origin) -> Entry {
    do {
      return .addresses(Array(try Resolver.addresses(of: origin.host, port: origin.port).prefix(mostAddresses)))
    } catch {
      return .fault("\(error)")
    }
  }

  /// Asks nobody: a unix socket stands for every host.
  static func none(_ origin: Origin) -> Entry { .addresses([]) }

  /// Keeps the names fresh until `stop`; for a thread of its own. Returns at once where all hosts are addresses.
  func keepFresh() {
    let named = origins.indices.filter { IPAddress(text: origins[$0].host) == nil }
    if named.isEmpty || stopSignal < 0 { return }
    var second = 0
    while true {
      var wait = pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0)
      if poll(&wait, 1, 1_000) > 0 { return }
      second += 1
      for index in named {
        if case .addresses = self[index], second % 30 != 0 { continue }
        let fresh = resolve(origins[index])
        // A name that can't be looked up for a moment keeps the addresses it had.
        if case .fault = fresh, case .addresses = self[index] { continue }
        entries.withLock { $0[index] = fresh }
      }
    }
  }

  func stop() {
    var one: UInt64 = 1
    _ = write(stopSignal, &one, 8)
  }
}
