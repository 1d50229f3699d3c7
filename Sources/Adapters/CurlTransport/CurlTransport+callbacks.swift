import CCurl
import Engine
import EventLoop
import Glibc
import Model

// What libcurl calls. Each callback has the address of its exchange, and runs on the loop's thread inside `begin`,
// `turn` or `cancel`.
extension CurlTransport {
  private static func exchange(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Exchange>? {
    context?.assumingMemoryBound(to: Exchange.self)
  }

  /// Sets what stays the same for all exchanges of a handle.
  static func setCallbacks(_ exchange: UnsafeMutablePointer<Exchange>, _ sockets: SocketTable) -> Bool {
    let handle = exchange.pointee.handle
    let codes = [
      stampede_curl_remember(handle, exchange),
      stampede_curl_error_text(handle, exchange.pointee.errorText),
      stampede_curl_on_open(
        handle, { context, _, address in CurlTransport.openSocket(context, address) }, exchange),
      stampede_curl_on_close(
        handle,
        { context, socket in
          guard let context else { return 1 }
          Unmanaged<SocketTable>.fromOpaque(context).takeUnretainedValue().close(socket)
          return 0
        }, Unmanaged.passUnretained(sockets).toOpaque()),
      stampede_curl_on_ready(handle, { context, _, _, _, _ in CurlTransport.getReady(context) }, exchange),
      stampede_curl_on_data(
        handle, CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA,
        { bytes, size, count, context in CurlTransport.take(head: bytes, size &* count, context) }, exchange),
      stampede_curl_on_data(
        handle, CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA,
        { bytes, size, count, context in CurlTransport.take(body: bytes, size &* count, context) }, exchange),
    ]
    return codes.allSatisfy { $0 == CURLE_OK }
  }

  /// A connection is about to be tried: the policy says whether it may.
  private static func openSocket(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<curl_sockaddr>?
  ) -> Int32 {
    guard let exchange = exchange(context), let address else { return -1 }
    let owner = exchange.pointee.owner.takeUnretainedValue()
    if exchange.pointee.joins {
      exchange.pointee.mustOpen = true
      return -1
    }
    if exchange.pointee.opened == 0 { exchange.pointee.opened = MonotonicClock.now().nanoseconds }
    if address.pointee.family != AF_UNIX {
      guard let place = SocketAddress(stampede_curl_address(address)) else { return -1 }
      if let denial = owner.settings.options.policy.denial(of: place.address, port: place.port) {
        // Of several addresses, what one that may be asked says counts more.
        if !exchange.pointee.wasTried {
          exchange.pointee.denial = "\(place) is not allowed: \(denial.reason); --allow-target \(place) allows it"
        }
        return -1
      }
    }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.pointee.family, kind, address.pointee.protocol)
    if descriptor < 0 {
      exchange.pointee.systemError = errno
      return -1
    }
    exchange.pointee.wasTried = true
    if exchange.pointee.denial != nil { exchange.pointee.denial = nil }
    owner.sockets.open(descriptor)
    owner.noteOpened(exchange.pointee.origin)
    return descriptor
  }

  /// The connection is ready and the request is about to be written; anything but 0 ends the exchange.
  private static func getReady(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let exchange = exchange(context) else { return 1 }
    let owner = exchange.pointee.owner.takeUnretainedValue()
    let now = MonotonicClock.now().nanoseconds
    if now >= owner.sendsUntil {
      exchange.pointee.ending = .late
      return 1
    }
    // libcurl sends again what a kept connection lost, whatever it was and several times.
    if exchange.pointee.sent != 0, !exchange.pointee.isIdempotent || exchange.pointee.wasSentAgain {
      exchange.pointee.ending = .lost
      return 1
    }
    exchange.pointee.wasSentAgain = exchange.pointee.sent != 0
    exchange.pointee.sent = now
    exchange.pointee.firstByte = 0
    exchange.pointee.watch = HeadWatch()
    var event = TransportEvent(slot: exchange.pointee.slot, kind: .sent)
    event.sent = now
    event.opened = exchange.pointee.opened
    exchange.pointee.opened = 0
    owner.add(event, exchange)
    return 0
  }

  /// One line of a head or trailer; anything but `count` ends the exchange.
  private static func take(
    head bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?
  ) -> Int {
    guard let exchange = exchange(context), let bytes else { return 0 }
    let now = MonotonicClock.now().nanoseconds
    exchange.pointee.last = now
    if exchange.pointee.firstByte == 0 { exchange.pointee.firstByte = now }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    let isTrailer = exchange.pointee.watch.isDone
    if let fault = exchange.pointee.watch.take(line) {
      exchange.pointee.ending = .head(fault)
      return count == 0 ? 1 : 0
    }
    if exchange.pointee.mostHead > 0, !isTrailer {
      if count > 5, memcmp(bytes, "HTTP/", 5) == 0 { exchange.pointee.head.clear() }
      let room = exchange.pointee.mostHead - exchange.pointee.head.count
      if room > 0 { exchange.pointee.head.append(bytes, min(room, count)) }
    }
    return count
  }

  private static func take(
    body bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?
  ) -> Int {
    guard let exchange = exchange(context), let bytes else { return 0 }
    exchange.pointee.last = MonotonicClock.now().nanoseconds
    var most = exchange.pointee.mostBody
    if most < exchange.pointee.mostOnFailure,
      !exchange.pointee.expected.contains(UInt16(clamping: exchange.pointee.watch.status))
    {
      most = exchange.pointee.mostOnFailure
    }
    let room = most - exchange.pointee.body.count
    if room > 0 {
      exchange.pointee.body.append(bytes, min(room, count))
    }
    return count
  }
}
