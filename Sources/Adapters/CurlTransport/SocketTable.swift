import CCurl
import CLinux
import EventLoop
import Glibc

/// libcurl's sockets and their epoll descriptor: what libcurl waits for, and what the kernel was told.
///
/// The kernel is told as seldom as possible: a connection between two requests stays watched for bytes to read, and is
/// left alone only when some come that nobody waits for. Confined to its transport's thread.
final class SocketTable {
  /// What is watched, by descriptor: epoll's bits.
  private struct Entry {
    var wanted: UInt32 = 0
    var watched: UInt32 = 0
    var isOpen = false
  }

  let descriptor: Int32
  /// Sockets that are open.
  private(set) var count = 0
  private var entries: [Entry] = []
  private let events: UnsafeMutablePointer<epoll_event>
  private static let most: Int32 = 256
  private static let readable = Poller.Readiness.readable.rawValue
  private static let writable = Poller.Readiness.writable.rawValue

  init() throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    events = .allocate(capacity: Int(SocketTable.most))
    if descriptor < 0 { throw SystemError("epoll_create1", code: errno) }
  }

  deinit {
    events.deallocate()
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  /// A socket was made.
  func open(_ socket: Int32) {
    let index = Int(socket)
    if index >= entries.count {
      entries.append(contentsOf: repeatElement(Entry(), count: max(64, index + 1 - entries.count)))
    }
    entries[index] = Entry(isOpen: true)
    count += 1
  }

  /// Closes a socket by reset: thousands closed at once would keep their ports for a minute.
  func close(_ socket: Int32) {
    let index = Int(socket)
    if index < entries.count, entries[index].isOpen {
      entries[index] = Entry()
      count -= 1
    }
    Socket.closeByReset(socket)
  }

  /// What libcurl waits for on a socket: one of CURL_POLL_….
  func want(_ socket: Int32, _ what: Int32) {
    let index = Int(socket)
    guard index >= 0, index < entries.count, entries[index].isOpen else { return }
    let wanted: UInt32 =
      switch what {
      case CURL_POLL_IN: SocketTable.readable
      case CURL_POLL_OUT: SocketTable.writable
      case CURL_POLL_INOUT: SocketTable.readable | SocketTable.writable
      case _: 0
      }
    entries[index].wanted = wanted
    if wanted == 0 { return }
    // Readable is watched for always: the request's end is the reply's beginning.
    let watched = wanted | SocketTable.readable
    if entries[index].watched == watched { return }
    let operation = entries[index].watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    _ = stampede_epoll_ctl(descriptor, operation, socket, watched, UInt64(UInt32(socket)))
    entries[index].watched = watched
  }

  /// The sockets that libcurl waits for.
  func awaited() -> [Int32] {
    entries.indices.filter { entries[$0].isOpen && entries[$0].wanted != 0 }.map { Int32($0) }
  }

  /// How many sockets are ready now; asked for one by one with `ready`.
  func look() -> Int {
    max(0, Int(epoll_wait(descriptor, events, SocketTable.most, 0)))
  }

  /// The i-th of them, and for what, as CURL_CSELECT_…; nil where nobody waits for it any more.
  func ready(_ place: Int) -> (socket: Int32, bits: Int32)? {
    let socket = Int32(truncatingIfNeeded: stampede_event_token(events + place))
    let index = Int(socket)
    guard index < entries.count, entries[index].isOpen else { return nil }
    if entries[index].wanted == 0 {
      // An idle connection that its peer closed, or a word of HTTP/2: heard when it is used next.
      _ = stampede_epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, 0, 0)
      entries[index].watched = 0
      return nil
    }
    let found = Poller.Readiness(rawValue: stampede_event_bits(events + place))
    var bits: Int32 = 0
    if found.contains(.readable) || found.contains(.hangUp) { bits |= CURL_CSELECT_IN }
    if found.contains(.writable) { bits |= CURL_CSELECT_OUT }
    if found.contains(.error) { bits |= CURL_CSELECT_ERR }
    return (socket, bits)
  }
}
