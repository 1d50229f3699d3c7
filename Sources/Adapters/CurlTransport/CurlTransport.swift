import CCurl
public import Engine
import EventLoop
import Glibc
public import Model

/// Carries exchanges by libcurl's multi interface: HTTP/2, proxies, unix sockets.
///
/// Confined to the thread that made it. libcurl says which sockets it waits for, and they are watched on an epoll
/// descriptor of its own, which stands in the loop's poller. An exchange keeps its handle and the handle its options,
/// so that a request like the last one sets nothing. Nothing of the environment is read (`http_proxy`, `.netrc`), no
/// redirect is followed, no compression asked for.
public final class CurlTransport: Transport {
  let settings: TransportSettings
  let sockets: SocketTable
  private let multi: UnsafeMutableRawPointer
  private let exchanges: UnsafeMutablePointer<Exchange>
  private var used = 0
  private var origins: [Place?] = []
  private var calls: [PreparedCall?] = []
  private var events: [(event: TransportEvent, ticket: UInt32?)] = []
  private var taken = 0
  private var timer = Int64.max
  /// The sockets that were ready at the last look, and how many of them libcurl has seen since.
  private var found = 0
  private var looked = 0
  /// Exchanges that libcurl has, and when it is to look at all sockets, for streams share them (`nudge`).
  private var underWay = 0
  private var nudgeAt = Int64.max
  private let isShared: Bool
  /// When the call of libcurl that is under way began.
  var callBegan: Int64 = 0
  public var sendsUntil = Int64.max
  /// HTTP/2 in plain on kept connections (`setJoining`).
  private let isPriorKnowledge: Bool
  /// Of a proxy that is a name: what libcurl is to take for its addresses.
  private let proxyAddresses: String?
  let proxy: ProxyURL?
  /// Whether the proxy is sent requests for `http` as they are, with their whole URL, rather than asked for a tunnel.
  let sendsWholeURLs: Bool

  /// What is known of an origin.
  private struct Place {
    var origin: Origin
    var addresses: [SocketAddress]
    var fault: TransportFault?
    /// Whether libcurl is to be told (again).
    var isNew = true
  }

  /// - Throws: `EngineError` without memory or descriptors.
  public init(_ settings: TransportSettings) throws(EngineError) {
    guard CurlTransport.isStarted, let multi = curl_multi_init() else {
      throw EngineError("libcurl could not be started: out of memory")
    }
    do { sockets = try SocketTable() } catch {
      curl_multi_cleanup(multi)
      throw EngineError("libcurl: \(error); raise the limit (ulimit -n)")
    }
    self.settings = settings
    self.multi = multi
    proxy = settings.options.transport.proxy.flatMap { try? ProxyURL(text: $0) }
    proxyAddresses = CurlTransport.entry(of: proxy, at: settings.proxyAddresses)
    sendsWholeURLs =
      (proxy?.scheme == .http || proxy?.scheme == .https)
      && settings.options.transport.version != .http2PriorKnowledge
    exchanges = .allocate(capacity: settings.capacity)
    isPriorKnowledge =
      settings.options.transport.version == .http2PriorKnowledge && settings.options.keepAlive
    isShared = settings.options.transport.version != .http1
    _ = stampede_multi_number(multi, CURLMOPT_PIPELINING, isShared ? Int(CURLPIPE_MULTIPLEX) : 0)
    _ = stampede_multi_number(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, settings.connections)
    _ = stampede_multi_number(multi, CURLMOPT_MAXCONNECTS, settings.connections)
    _ = stampede_multi_number(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, settings.streams)
    _ = stampede_multi_on_socket(
      multi,
      { _, socket, what, context, _ in
        if let context { Unmanaged<SocketTable>.fromOpaque(context).takeUnretainedValue().want(socket, what) }
        return 0
      }, Unmanaged.passUnretained(sockets).toOpaque())
    _ = stampede_multi_on_timer(
      multi,
      { _, milliseconds, context in
        if let context {
          Unmanaged<CurlTransport>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
        }
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    _ = stampede_multi_on_socket(multi, nil, nil)
    _ = stampede_multi_on_timer(multi, nil, nil)
    for slot in 0..<used {
      if exchanges[slot].isUnderWay { curl_multi_remove_handle(multi, exchanges[slot].handle) }
      curl_easy_cleanup(exchanges[slot].handle)
      exchanges[slot].errorText.deallocate()
      exchanges[slot].head.free()
      exchanges[slot].body.free()
    }
    curl_multi_cleanup(multi)
    exchanges.deinitialize(count: used)
    exchanges.deallocate()
  }

  /// Once in a process, by whichever thread is first.
  private static let isStarted = stampede_curl_start() == CURLE_OK

  public var descriptor: Int32 { sockets.descriptor }
  public var connectionCount: Int { sockets.count }
  public var wakeAt: Int64 { taken < events.count ? 0 : min(timer, nudgeAt) }

  private func setTimer(_ milliseconds: Int) {
    timer =
      milliseconds < 0
      ? .max : milliseconds == 0 ? 0 : MonotonicClock.now().nanoseconds &+ Int64(milliseconds) * 1_000_000
  }

  public func know(_ number: Int, as origin: Origin, at addresses: [SocketAddress], fault: TransportFault?) {
    while origins.count <= number { origins.append(nil) }
    // The order may have been turned meanwhile.
    let isSame = origins[number].map { Set($0.addresses) == Set(addresses) && $0.fault == fault } ?? false
    if !isSame { origins[number] = Place(origin: origin, addresses: addresses, fault: fault) }
  }

  /// A connection to the origin was begun: the next one tries another address first.
  func noteOpened(_ origin: Int) {
    guard origin < origins.count, let place = origins[origin], place.addresses.count > 1 else { return }
    origins[origin]?.addresses.append(place.addresses[0])
    origins[origin]?.addresses.removeFirst()
    origins[origin]?.isNew = true
  }

  public func begin(_ slot: Int, _ call: TransportCall) {
    while used <= slot {
      guard let made = make(used) else {
        var event = TransportEvent(slot: slot, kind: .failed(.descriptors))
        event.end = MonotonicClock.now().nanoseconds
        return events.append((event, nil))
      }
      (exchanges + used).initialize(to: made)
      used += 1
    }
    let exchange = exchanges + slot
    exchange.pointee.clear()
    if exchange.pointee.setFor == -2, !set(exchange) {
      return fail(exchange, .descriptors, "libcurl lacks an option that is needed")
    }
    exchange.pointee.origin = call.origin
    exchange.pointee.isIdempotent = call.isIdempotent
    exchange.pointee.mostHead = call.keptHead
    exchange.pointee.mostBody = call.keptBody
    exchange.pointee.mostOnFailure = call.keptOnFailure
    exchange.pointee.expected = call.expected
    guard call.origin < origins.count, let place = origins[call.origin] else {
      return fail(exchange, .dns, "nobody said where it is")
    }
    if let fault = place.fault { return fail(exchange, fault.kind, fault.cause) }
    if call.target < 0 || exchange.pointee.setFor != call.target {
      guard let prepared = prepared(call, place.origin), set(exchange, to: prepared) else {
        return fail(exchange, .malformed, "libcurl does not take the request")
      }
      exchange.pointee.setFor = max(call.target, -1)
      exchange.pointee.ownCall = call.target < 0 ? prepared : nil
    }
    if isPriorKnowledge, !exchange.pointee.joins { setJoining(exchange, true) }
    let news = news(of: call.origin, place)
    if news != nil { _ = stampede_curl_list(exchange.pointee.handle, CURLOPT_RESOLVE, news) }
    let code = curl_multi_add_handle(multi, exchange.pointee.handle)
    if code == CURLM_OK {
      exchange.pointee.isUnderWay = true
      underWay += 1
      if isShared, nudgeAt == .max { nudgeAt = MonotonicClock.now().nanoseconds &+ CurlTransport.patience }
      act(-1, 0)
    } else {
      fail(exchange, .descriptors, String(cString: curl_multi_strerror(code)))
    }
    if news != nil {
      // It was read when the exchange began.
      _ = stampede_curl_list(exchange.pointee.handle, CURLOPT_RESOLVE, nil)
      curl_slist_free_all(news)
    }
  }

  /// What libcurl is to be told of an origin's addresses; it keeps them for all handles. The caller frees the list.
  private func news(of number: Int, _ place: Place) -> UnsafeMutablePointer<curl_slist>? {
    guard place.isNew else { return nil }
    origins[number]?.isNew = false
    var list: UnsafeMutablePointer<curl_slist>?
    if IPAddress(text: place.origin.host) == nil, !place.addresses.isEmpty {
      list = curl_slist_append(
        nil, "\(place.origin.host):\(place.origin.port):" + CurlTransport.list(place.addresses))
    }
    if let proxyAddresses { list = curl_slist_append(list, proxyAddresses) ?? list }
    return list
  }

  private func make(_ slot: Int) -> Exchange? {
    guard slot < settings.capacity, let handle = curl_easy_init() else { return nil }
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    return Exchange(owner: Unmanaged.passUnretained(self), slot: slot, handle: handle, errorText: text)
  }

  private func prepared(_ call: TransportCall, _ origin: Origin) -> PreparedCall? {
    if call.target < 0 { return PreparedCall(call.request, origin: origin) }
    while calls.count <= call.target { calls.append(nil) }
    if let known = calls[call.target] { return known }
    calls[call.target] = PreparedCall(call.request, origin: origin)
    return calls[call.target]
  }

  public func cancel(_ slot: Int) {
    guard slot < used else { return }
    let exchange = exchanges + slot
    exchange.pointee.ticket &+= 1
    if !exchange.pointee.isUnderWay { return }
    exchange.pointee.isUnderWay = false
    underWay -= 1
    curl_multi_remove_handle(multi, exchange.pointee.handle)
  }

  /// How long a turn may go on to further sockets: a peer that sends without a pause must not hold up what the loop has
  /// to do by the clock.
  private static let longestTurn: Int64 = 2_000_000

  public func turn() {
    if looked == found { (looked, found) = (0, sockets.look()) }
    let began = MonotonicClock.now().nanoseconds
    while looked < found {
      looked += 1
      guard let (socket, bits) = sockets.ready(looked - 1) else { continue }
      act(socket, bits)
      // The rest has its turn first next time, so that none of the sockets is passed over for ever.
      if callBegan - began > CurlTransport.longestTurn { break }
    }
    if timer <= MonotonicClock.now().nanoseconds {
      timer = .max
      act(-1, 0)
    }
    if nudgeAt <= MonotonicClock.now().nanoseconds { nudge() }
  }

  private static let patience: Int64 = 100_000_000

  /// Lets libcurl look at each socket that it waits for, ready or not.
  ///
  /// libcurl 7.88 may take bytes of several HTTP/2 streams from a socket and go on with some of them only; nothing more
  /// comes for the others, and they would wait until their time is up.
  private func nudge() {
    nudgeAt = underWay == 0 ? .max : MonotonicClock.now().nanoseconds &+ CurlTransport.patience
    for socket in sockets.awaited() where underWay > 0 { act(socket, CURL_CSELECT_IN) }
  }

  /// Lets libcurl look at a socket, or at its timers (−1), and takes up what has ended by that.
  private func act(_ socket: Int32, _ bits: Int32) {
    var (socket, bits) = (socket, bits)
    repeat {
      callBegan = MonotonicClock.now().nanoseconds
      if socket < 0 { timer = .max }
      var running: Int32 = 0
      curl_multi_socket_action(multi, socket, bits, &running)
      (socket, bits) = (-1, 0)
    } while takeUp()
  }

  /// Takes up what has ended, as far as the first that is begun again: libcurl must look at that one before the others,
  /// which count the connections. False where none was.
  private func takeUp() -> Bool {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
        let context = stampede_curl_remembered(handle)
      else { continue }
      let code = stampede_multi_result(message)
      let exchange = context.assumingMemoryBound(to: Exchange.self)
      if exchange.pointee.mustOpen, code != CURLE_OK, beginAgain(exchange) { return true }
      exchange.pointee.isUnderWay = false
      underWay -= 1
      finish(exchange, code)
      curl_multi_remove_handle(multi, handle)
    }
    return false
  }

  /// An exchange that found no connection to join opens one; where there are as many as allowed, it waits for its turn.
  private func beginAgain(_ exchange: UnsafeMutablePointer<Exchange>) -> Bool {
    exchange.pointee.mustOpen = false
    curl_multi_remove_handle(multi, exchange.pointee.handle)
    let waits = sockets.count >= settings.connections && !exchange.pointee.waitsToJoin
    exchange.pointee.waitsToJoin = waits
    if !waits { setJoining(exchange, false) }
    return curl_multi_add_handle(multi, exchange.pointee.handle) == CURLM_OK
  }

  func add(_ event: TransportEvent, _ exchange: UnsafeMutablePointer<Exchange>) {
    events.append((event, exchange.pointee.ticket))
  }

  /// Events that memory is held for, those taken included.
  var held: Int { events.count }

  public func nextEvent() -> TransportEvent? {
    // A busy loop may never find the queue empty; each event is moved once at most on average.
    if taken >= 1_024, taken >= events.count - taken {
      events.removeFirst(taken)
      taken = 0
    }
    while taken < events.count {
      let (event, ticket) = events[taken]
      taken += 1
      guard let ticket else { return event }
      if exchanges[event.slot].ticket == ticket { return event }
    }
    if taken > 0 {
      events.removeAll(keepingCapacity: true)
      taken = 0
    }
    return nil
  }

  public func cause(of slot: Int) -> String {
    guard slot < used else { return "out of memory" }
    guard let proxy, exchanges[slot].sent == 0 else { return exchanges[slot].cause }
    return "\(exchanges[slot].cause) (through the proxy \(proxy.host):\(proxy.port))"
  }

  public func head(of slot: Int) -> UnsafeRawBufferPointer {
    slot < used ? exchanges[slot].head.bytes : UnsafeRawBufferPointer(start: nil, count: 0)
  }

  public func body(of slot: Int) -> UnsafeRawBufferPointer {
    slot < used ? exchanges[slot].body.bytes : UnsafeRawBufferPointer(start: nil, count: 0)
  }
}
