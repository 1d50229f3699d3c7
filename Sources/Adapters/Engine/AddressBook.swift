import CLinux
import EventLoop
import Glibc
import Model
import Synchronization

/// The addresses of a run's origins, looked up off the loops and refreshed while the run lasts; and of those that
/// redirects lead to, which are met on the way.
///
/// Any thread may ask; a thread of its own looks names up again every 30 seconds, failed ones every second.
final class AddressBook: Sendable {
  enum Entry: Sendable {
    case addresses([SocketAddress])
    case fault(String)
    /// Asked for and not looked up yet.
    case pending
  }

  private struct State {
    var origins: [Origin]
    var entries: [Entry]
  }

  /// Origins that the plan names; they come first.
  private let planned: Int
  private let state: Mutex<State>
  private let resolve: @Sendable (Origin) -> Entry
  private let stopSignal: Int32
  private let askSignal: Int32

  /// Most origins that redirects add.
  static let mostLate = 64

  /// Looks every name up once; blocks while it does.
  init(_ origins: [Origin], resolve: @escaping @Sendable (Origin) -> Entry) {
    planned = origins.count
    self.resolve = resolve
    state = Mutex(State(origins: origins, entries: origins.map(resolve)))
    stopSignal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    askSignal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
  }

  deinit {
    if stopSignal >= 0 { _ = close(stopSignal) }
    if askSignal >= 0 { _ = close(askSignal) }
  }

  subscript(origin: Int) -> Entry { state.withLock { $0.entries[origin] } }

  func origin(_ index: Int) -> Origin { state.withLock { $0.origins[index] } }

  /// The number of an origin that a redirect leads to, new or known; nil where there are too many already. A name is
  /// looked up by the thread of `keepFresh`.
  func index(of origin: Origin) -> Int? {
    let isAddress = IPAddress(text: origin.host) != nil
    let (index, isNew) = state.withLock { state -> (Int?, Bool) in
      if let known = state.origins.firstIndex(of: origin) { return (known, false) }
      if state.origins.count >= planned + AddressBook.mostLate { return (nil, false) }
      state.origins.append(origin)
      // An address needs no asking, and so no waiting.
      state.entries.append(isAddress ? resolve(origin) : .pending)
      return (state.origins.count - 1, !isAddress)
    }
    if isNew { Control.ring(askSignal) }
    return index
  }

  /// Whether every address known is one of this machine's loopback addresses.
  var isAllLoopback: Bool {
    state.withLock { state in
      state.entries.prefix(planned).allSatisfy { entry in
        guard case .addresses(let list) = entry else { return false }
        return list.allSatisfy { $0.address.isLoopback }
      }
    }
  }

  var addressCount: Int {
    state.withLock { state in
      var all: Set<SocketAddress> = []
      for case .addresses(let list) in state.entries { all.formUnion(list) }
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

  /// Keeps the names fresh until `stop`; for a thread of its own. Returns at once where all hosts are addresses and
  /// none can come.
  ///
  /// - Parameters:
  ///   - late: whether redirects may lead to further origins.
  ///   - found: called when what somebody waits for was looked up.
  func keepFresh(late: Bool = false, found: () -> Void = {}) {
    if stopSignal < 0 || !late && named.isEmpty { return }
    var second = 0
    while true {
      var waits = [stopSignal, askSignal].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let isAsked = poll(&waits, 2, 1_000) > 0
      if waits[0].revents != 0 { return }
      if isAsked {
        Control.silence(askSignal)
      } else {
        second += 1
      }
      for index in named {
        switch self[index] {
        case .pending: break
        case .addresses: if isAsked || second % 30 != 0 { continue }
        case .fault: if isAsked { continue }
        }
        let fresh = resolve(origin(index))
        // A name that can't be looked up for a moment keeps the addresses it had.
        if case .fault = fresh, case .addresses = self[index] { continue }
        state.withLock { $0.entries[index] = fresh }
      }
      if isAsked { found() }
    }
  }

  /// Those whose host is a name.
  private var named: [Int] {
    let origins = state.withLock { $0.origins }
    return origins.indices.filter { IPAddress(text: origins[$0].host) == nil }
  }

  func stop() { Control.ring(stopSignal) }
}
