extension CookieJar {
  /// What became of a cookie.
  public enum Stored: Sendable, Equatable {
    case stored
    /// Taken out: it has expired.
    case removed
    /// Not a cookie, too long, or for a domain that the host may not speak for.
    case refused
    /// The jar must be of so many bytes; then it is stored.
    case needs(Int)
  }

  /// Stores all cookies that a reply's head sets. Where the answer is `needs`, it may be called again with the same head.
  ///
  /// - Parameters:
  ///   - host, path: of the request, the host in small letters, the path without its query.
  ///   - now: milliseconds since 1970.
  public func storeAll(of head: ByteView, host: ByteView, path: ByteView, now: Int64) -> Stored {
    var fields = HeadFields(head)
    var last = Stored.refused
    while let line = fields.next(named: "set-cookie") {
      let stored = store(line, host: host, path: path, now: now)
      if case .needs = stored { return stored }
      if last != .stored { last = stored }
    }
    return last
  }

  /// Stores the cookie of one Set-Cookie line (RFC 6265, 5.3); `now` and the others as above.
  public func store(_ line: ByteView, host: ByteView, path: ByteView, now: Int64) -> Stored {
    guard let cookie = SetCookie(line, now: now), cookie.name.count + cookie.value.count <= CookieJar.longestPair,
      cookie.path.count <= CookieJar.longestText, cookie.domain.count <= 255, host.count <= 255
    else { return .refused }
    // A control character would end the Cookie line that it is sent in.
    if CookieJar.hasControls(cookie.name) || CookieJar.hasControls(cookie.value) { return .refused }
    var isHostOnly = cookie.domain.isEmpty
    if !isHostOnly, cookie.domain.equalsIgnoringCase(host) {
      // Of a name without a dot, such as localhost, there is nothing below that it could speak for.
      isHostOnly = host.first(0x2E) == nil
    } else if !isHostOnly {
      guard cookie.domain.first(0x2E) != nil, CookieJar.isBelow(host, cookie.domain) else { return .refused }
    }
    let domain = isHostOnly ? host : cookie.domain
    var cookiePath = cookie.path.isEmpty ? CookieJar.defaultPath(path) : cookie.path
    if cookiePath.count > CookieJar.longestText { cookiePath = cookiePath.prefix(1) }
    let old = place(of: cookie.name, domain: domain, path: cookiePath)
    if cookie.expiry <= now {
      if let old { remove(at: old) }
      return .removed
    }
    var record = Record(
      expiry: cookie.expiry, sequence: header.sequence, nameCount: UInt16(cookie.name.count),
      valueCount: UInt16(cookie.value.count), domainCount: UInt16(domain.count), pathCount: UInt16(cookiePath.count),
      isHostOnly: isHostOnly, isSecure: cookie.isSecure)
    let freed = old.map { self.record(at: $0).size } ?? 0
    if Int(header.used) - freed + record.size > capacity {
      let needed = Int(header.used) - freed + record.size
      if needed <= CookieJar.largest { return .needs(needed) }
    }
    if let old {
      // A cookie that is set again keeps its place in time.
      record.sequence = self.record(at: old).sequence
      remove(at: old)
    } else {
      header.sequence &+= 1
    }
    while count >= CookieJar.most || Int(header.used) + record.size > capacity { removeOldest(now) }
    insert(record, cookie, domain: domain, path: cookiePath)
    return .stored
  }

  private func insert(_ record: Record, _ cookie: SetCookie, domain: ByteView, path: ByteView) {
    var place = records.lowerBound
    while place < records.upperBound {
      let other = self.record(at: place)
      if other.pathCount < record.pathCount
        || other.pathCount == record.pathCount && other.sequence > record.sequence
      {
        break
      }
      place += other.size
    }
    open(at: place, size: record.size)
    unsafe base.storeBytes(of: record, toByteOffset: place, as: Record.self)
    var sink = unsafe ByteSink(
      base + place + MemoryLayout<Record>.stride, capacity: record.size - MemoryLayout<Record>.stride)
    sink.append(cookie.name)
    sink.append(cookie.value)
    for at in 0..<domain.count { sink.append(ByteView.small(domain[at])) }
    sink.append(path)
  }

  private func place(of name: ByteView, domain: ByteView, path: ByteView) -> Int? {
    var place = records.lowerBound
    while place < records.upperBound {
      let record = record(at: place)
      let texts = texts(at: place, record)
      if texts.name.equals(name), texts.domain.equalsIgnoringCase(domain), texts.path.equals(path) { return place }
      place += record.size
    }
    return nil
  }

  /// Takes out one: one that has expired, else the one stored first.
  private func removeOldest(_ now: Int64) {
    var oldest = records.lowerBound
    var least = UInt32.max
    var place = records.lowerBound
    while place < records.upperBound {
      let record = record(at: place)
      if record.expiry <= now { return remove(at: place) }
      if record.sequence < least { (oldest, least) = (place, record.sequence) }
      place += record.size
    }
    if count > 0 { remove(at: oldest) }
  }

  /// Writes `name=value; name=value` of the cookies that go with a request, as a Cookie header has them; nothing where
  /// there are none. The host is in small letters.
  public func write(host: ByteView, path: ByteView, isTLS: Bool, now: Int64, into sink: inout ByteSink) {
    var place = records.lowerBound
    var isFirst = true
    while place < records.upperBound {
      let record = record(at: place)
      let texts = texts(at: place, record)
      place += record.size
      guard record.expiry > now, isTLS || !record.isSecure, CookieJar.matches(path, texts.path) else { continue }
      guard texts.domain.equals(host) || !record.isHostOnly && CookieJar.isBelow(host, texts.domain) else { continue }
      if !isFirst { sink.append("; ") }
      isFirst = false
      sink.append(texts.name)
      sink.append(0x3D)
      sink.append(texts.value)
    }
  }

  /// Whether a host is below a domain: its suffix behind a dot, and a name rather than an address.
  private static func isBelow(_ host: ByteView, _ domain: ByteView) -> Bool {
    guard host.count > domain.count, host[host.count - domain.count - 1] == 0x2E,
      host.dropFirst(host.count - domain.count).equalsIgnoringCase(domain)
    else { return false }
    // Addresses are of digits and dots, or have a colon.
    var isName = false
    for place in 0..<host.count {
      if host[place] == 0x3A { return false }
      if host[place] != 0x2E, !(0x30...0x39 ~= host[place]) { isName = true }
    }
    return isName
  }

  /// RFC 6265, 5.1.4: the request's path up to its last slash.
  private static func defaultPath(_ path: ByteView) -> ByteView {
    var slash = path.count - 1
    while slash > 0, path[slash] != 0x2F { slash -= 1 }
    if slash > 0, path[0] == 0x2F { return path[0..<slash] }
    return unsafe ByteView(UnsafeRawPointer(root.utf8Start), count: 1)
  }

  private static var root: StaticString { "/" }

  /// Whether a request's path is the cookie's or lies below it.
  private static func matches(_ path: ByteView, _ cookie: ByteView) -> Bool {
    guard path.hasPrefix(cookie) else { return false }
    return path.count == cookie.count || cookie[cookie.count - 1] == 0x2F || path[cookie.count] == 0x2F
  }

  private static func hasControls(_ text: ByteView) -> Bool {
    for place in 0..<text.count where text[place] < 0x20 && text[place] != 0x09 || text[place] == 0x7F { return true }
    return false
  }
}
