import CLinux
import EventLoop
import Glibc

/// One accepted connection of a `RawServer`, used by its own thread with blocking calls.
final class Peer {
  let descriptor: Int32
  /// How many connections were accepted before this one.
  let number: Int
  private let session: TLSSession?
  private var buffered: [UInt8] = []
  private var isOpen = true

  init(_ descriptor: Int32, number: Int, session: TLSSession?) {
    self.descriptor = descriptor
    self.number = number
    self.session = session
  }

  /// One request as it came.
  struct Request {
    let line: String
    let head: String
    let body: [UInt8]

    /// The request's target: `/path`.
    var target: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
  }

  /// The next request, whole; nil at the connection's end.
  ///
  /// - Parameters:
  ///   - onHead: called when the head is there.
  ///   - most: so many body bytes are waited for at most.
  func request(most: Int = .max, onHead: () -> Void) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    var from = 0
    while true {
      if let place = find(end, from) {
        let head = String(decoding: buffered[..<(place + 4)], as: UTF8.self)
        buffered.removeFirst(place + 4)
        onHead()
        let line = String(head.split(separator: "\r\n").first ?? "")
        guard let body = body(min(length(head), most)) else { return nil }
        return Request(line: line, head: head, body: body)
      }
      from = max(0, buffered.count - 3)
      guard read() else { return nil }
    }
  }

  private func find(_ bytes: [UInt8], _ from: Int) -> Int? {
    if buffered.count < bytes.count { return nil }
    for place in from...(buffered.count - bytes.count) where buffered[place] == 13 {
      if Array(buffered[place..<place + bytes.count]) == bytes { return place }
    }
    return nil
  }

  private func length(_ head: String) -> Int {
    for line in head.lowercased().split(separator: "\r\n") where line.hasPrefix("content-length:") {
      return Int(line.dropFirst(15).filter(\.isNumber)) ?? 0
    }
    return 0
  }

  private func body(_ count: Int) -> [UInt8]? {
    while buffered.count < count {
      guard read() else { return nil }
    }
    let body = Array(buffered[..<count])
    buffered.removeFirst(count)
    return body
  }

  /// Reads what is there, waiting for it; false at the end.
  @discardableResult
  func read(_ most: Int = 65_536) -> Bool {
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, filled in
      filled = 0
      if let session {
        if case .bytes(let count) = session.read(into: UnsafeMutableRawBufferPointer(buffer)) { filled = count }
      } else {
        filled = max(0, recv(descriptor, buffer.baseAddress, most, 0))
      }
    }
    buffered += bytes
    return !bytes.isEmpty
  }

  /// Writes all of it; false where the connection broke.
  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { rest -> Int in
        guard let session else { return send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL)) }
        guard case .bytes(let count) = session.write(rest) else { return -1 }
        return count
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Waits until the other side has closed.
  func awaitClose() {
    while read() { buffered.removeAll() }
  }

  /// Waits until the other side has reset the connection, without reading anything.
  func awaitHangUp() {
    var wait = pollfd(fd: descriptor, events: 0, revents: 0)
    _ = poll(&wait, 1, 5_000)
  }

  /// Says nothing for so long; ends early when the other side closes or sends something.
  func pause(milliseconds: Int32) {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&wait, 1, milliseconds)
  }

  /// Closes with a reset; what was written and not yet fetched is lost.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
  }

  /// Ends the TLS session properly.
  func sayGoodbye() { _ = session?.shutdown() }

  deinit { session?.free() }
}
