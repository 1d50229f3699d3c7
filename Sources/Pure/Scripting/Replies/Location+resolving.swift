/// What a Location header came to.
public enum Resolution {
  case location(Location)
  case unusable(Fault)

  public enum Fault: Sendable, Hashable {
    /// Neither http nor https.
    case scheme
    /// No host, one with odd characters, a bad port, or a user's name before it.
    case authority
    /// Control characters.
    case text
    /// More than the memory given holds.
    case tooLong
  }
}

extension Location {
  /// Resolves a reference against this URL (RFC 3986, 5.2) into memory of the caller, which must not be what this lies
  /// in. The fragment is dropped; blanks and bytes beyond ASCII are percent-encoded, as browsers do. Of an IPv6 address
  /// only the characters are looked at: whether it is one is found where it is connected to (`TargetURL` tells).
  public func resolve(_ reference: ByteView, into room: ByteSink) -> Resolution {
    var sink = room
    var rest = reference.trimmed
    for place in 0..<rest.count where rest[place] < 0x20 || rest[place] == 0x7F { return .unusable(.text) }
    if let hash = rest.first(0x23) { rest = rest[0..<hash] }
    var isTLS = self.isTLS
    var hasAuthority = rest.count >= 2 && rest[0] == 0x2F && rest[1] == 0x2F
    if let colon = Location.schemeEnd(rest) {
      let scheme = rest[0..<colon]
      guard scheme.isWord("http") || scheme.isWord("https") else { return .unusable(.scheme) }
      isTLS = scheme.count == 5
      rest = rest.dropFirst(colon + 1)
      hasAuthority = rest.count >= 2 && rest[0] == 0x2F && rest[1] == 0x2F
      // `http:path` has no host, and taking it as relative is what RFC 3986 calls a loophole.
      if !hasAuthority { return .unusable(.authority) }
    }
    var port = self.port
    var hostRange = 0..<0
    if hasAuthority {
      rest = rest.dropFirst(2)
      var end = 0
      while end < rest.count, rest[end] != 0x2F, rest[end] != 0x3F { end += 1 }
      guard let parts = Location.authority(rest[0..<end]) else { return .unusable(.authority) }
      rest = rest.dropFirst(end)
      port = parts.port ?? (isTLS ? 443 : 80)
      hostRange = Location.append(parts.host, port: port, isTLS: isTLS, to: &sink)
    } else {
      sink.append(authority)
    }
    let authorityEnd = sink.needed
    appendTarget(rest, hasAuthority: hasAuthority, to: &sink)
    guard sink.fits else { return .unusable(.tooLong) }
    let bytes = sink.bytes
    return .location(
      Location(
        isTLS: isTLS, host: hasAuthority ? bytes[hostRange] : Location.host(of: bytes[0..<authorityEnd]), port: port,
        authority: bytes[0..<authorityEnd], target: bytes[authorityEnd..<bytes.count]))
  }

  /// Where the colon of a scheme stands; nil where the reference has none.
  private static func schemeEnd(_ text: ByteView) -> Int? {
    for place in 0..<text.count {
      switch text[place] {
      case 0x41...0x5A, 0x61...0x7A: break
      case 0x30...0x39, 0x2B, 0x2D, 0x2E: if place == 0 { return nil }
      case 0x3A: return place > 0 ? place : nil
      default: return nil
      }
    }
    return nil
  }

  /// Host without brackets, and the port if one is named.
  private static func authority(_ text: ByteView) -> (host: ByteView, port: UInt16?)? {
    var host = text
    var port: ByteView?
    if !text.isEmpty, text[0] == 0x5B {
      guard let close = text.first(0x5D) else { return nil }
      host = text[1..<close]
      let after = text.dropFirst(close + 1)
      if !after.isEmpty {
        guard after[0] == 0x3A else { return nil }
        port = after.dropFirst(1)
      }
      guard host.first(0x3A) != nil else { return nil }
      for place in 0..<host.count {
        switch host[place] {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x2E, 0x3A: break
        default: return nil
        }
      }
    } else {
      if let colon = text.first(0x3A) {
        host = text[0..<colon]
        port = text.dropFirst(colon + 1)
      }
      for place in 0..<host.count {
        switch host[place] {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: break
        default: return nil
        }
      }
    }
    if host.isEmpty || host.count > 255 { return nil }
    guard let port, !port.isEmpty else { return (host, nil) }
    guard let number = port.decimal, 1...65_535 ~= number else { return nil }
    return (host, UInt16(number))
  }

  /// Writes host and port as a Host header has them; returns where the host stands.
  private static func append(_ host: ByteView, port: UInt16, isTLS: Bool, to sink: inout ByteSink) -> Range<Int> {
    let isAddress = host.first(0x3A) != nil
    if isAddress { sink.append(0x5B) }
    let from = sink.needed
    for place in 0..<host.count { sink.append(ByteView.small(host[place])) }
    let end = sink.needed
    if isAddress { sink.append(0x5D) }
    if port != (isTLS ? 443 : 80) {
      sink.append(0x3A)
      sink.append(decimal: UInt64(port))
    }
    return from..<end
  }

  private static func host(of authority: ByteView) -> ByteView {
    if !authority.isEmpty, authority[0] == 0x5B {
      return authority[1..<(authority.first(0x5D) ?? authority.count)]
    }
    return authority[0..<(authority.first(0x3A) ?? authority.count)]
  }

  /// Path and query of the reference, merged with this URL's where it has none of its own.
  private func appendTarget(_ rest: ByteView, hasAuthority: Bool, to sink: inout ByteSink) {
    let path = rest.withoutQuery
    var query: ByteView? = path.count < rest.count ? rest.dropFirst(path.count + 1) : nil
    if path.isEmpty, !hasAuthority {
      sink.append(self.path, .target)
      if query == nil, self.path.count < target.count { query = target.dropFirst(self.path.count + 1) }
    } else {
      let start = sink.needed
      if path.isEmpty || path[0] == 0x2F {
        Location.append(path.dropFirst(1), isEnd: true, from: start, to: &sink)
      } else {
        // Merged: this path up to its last slash, then the reference's.
        var slash = self.path.count
        while slash > 0, self.path[slash - 1] != 0x2F { slash -= 1 }
        if slash > 1 { Location.append(self.path[1..<slash - 1], isEnd: false, from: start, to: &sink) }
        Location.append(path, isEnd: true, from: start, to: &sink)
      }
    }
    if let query {
      sink.append(0x3F)
      sink.append(query, .target)
    }
  }

  /// Writes the segments of a path without its first slash, dot segments taken out (RFC 3986, 5.2.4).
  private static func append(_ path: ByteView, isEnd: Bool, from start: Int, to sink: inout ByteSink) {
    var place = 0
    while true {
      let end = path.first(0x2F, from: place) ?? path.count
      let segment = path[place..<end]
      let isLast = end == path.count
      let dots = segment.count <= 2 && (0..<segment.count).allSatisfy { segment[$0] == 0x2E } ? segment.count : 0
      if dots == 2, sink.fits {
        let bytes = sink.bytes
        var slash = bytes.count
        while slash > start, bytes[slash - 1] != 0x2F { slash -= 1 }
        sink.cut(to: max(start, slash - 1))
      }
      if dots == 0 {
        sink.append(0x2F)
        sink.append(segment, .target)
      } else if isLast, isEnd {
        sink.append(0x2F)
      }
      if isLast { return }
      place = end + 1
    }
  }
}
