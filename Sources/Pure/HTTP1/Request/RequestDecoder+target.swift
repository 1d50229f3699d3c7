// The first line: method, target, version.
extension RequestDecoder {
  mutating func readRequestLine(_ line: Range<Int>) throws(RequestFault) {
    guard let first = buffer[line].firstIndex(of: 0x20),
      let second = buffer[(first + 1)..<line.upperBound].firstIndex(of: 0x20), second > first + 1
    else { throw .requestLine }
    try readVersion(second + 1..<line.upperBound)
    let method = line.lowerBound..<first
    guard Token.isName(buffer[method]) else { throw .method }
    head.methodPlace = method
    let target = first + 1..<second
    if target.count > limits.target { throw .targetTooLong }
    for place in target where !Token.isTargetByte(buffer[place]) || buffer[place] == 0x23 { throw .target }
    head.targetPlace = target
    if buffer[method].elementsEqual("CONNECT".utf8) { throw .connect }
    try readTarget(target, isOptions: buffer[method].elementsEqual("OPTIONS".utf8))
  }

  private mutating func readVersion(_ place: Range<Int>) throws(RequestFault) {
    guard place.count == 8, buffer.holds("HTTP/", at: place.lowerBound, anyCase: false) else { throw .requestLine }
    let major = buffer[place.lowerBound + 5]
    let minor = buffer[place.lowerBound + 7]
    guard 0x30...0x39 ~= major, buffer[place.lowerBound + 6] == 0x2E, 0x30...0x39 ~= minor else { throw .requestLine }
    switch (major, minor) {
    case (0x31, 0x31): head.version = .http11
    case (0x31, 0x30): head.version = .http10
    default: throw .version
    }
  }

  private mutating func readTarget(_ target: Range<Int>, isOptions: Bool) throws(RequestFault) {
    if buffer[target.lowerBound] == 0x2F {
      return splitPath(target)
    }
    if isOptions, target.count == 1, buffer[target.lowerBound] == 0x2A {
      head.pathPlace = target
      return
    }
    var start = target.lowerBound
    if buffer.holds("http://", at: start) {
      start += 7
    } else if buffer.holds("https://", at: start) {
      start += 8
    } else {
      throw .target
    }
    // The scheme's words end in `//`, which is no version's beginning: the offset stays within the target.
    guard start <= target.upperBound else { throw .target }
    let rest = start..<target.upperBound
    let end = rest.first { buffer[$0] == 0x2F || buffer[$0] == 0x3F } ?? rest.upperBound
    guard isAuthority(start..<end, mayBeEmpty: false) else { throw .target }
    head.hostPlace = start..<end
    splitPath(end..<target.upperBound)
  }

  private mutating func splitPath(_ place: Range<Int>) {
    let mark = place.first { buffer[$0] == 0x3F }
    head.pathPlace = place.lowerBound..<(mark ?? place.upperBound)
    head.queryPlace = mark.map { $0 + 1..<place.upperBound }
  }

  /// Whether this is a host name or address with an optional port, and nothing else.
  func isAuthority(_ place: Range<Int>, mayBeEmpty: Bool) -> Bool {
    if place.isEmpty { return mayBeEmpty }
    var host = place
    if buffer[place.lowerBound] == 0x5B {
      guard let close = place.first(where: { buffer[$0] == 0x5D }) else { return false }
      let isAddress = (place.lowerBound + 1..<close).allSatisfy {
        isHexadecimal(buffer[$0]) || buffer[$0] == 0x3A || buffer[$0] == 0x2E
      }
      guard isAddress, close > place.lowerBound + 1 else { return false }
      host = place.lowerBound..<close + 1
    } else {
      host = place.lowerBound..<(place.first { buffer[$0] == 0x3A } ?? place.upperBound)
      guard !host.isEmpty, host.allSatisfy({ isHostByte(buffer[$0]) }) else { return false }
    }
    if host.upperBound == place.upperBound { return true }
    let port = host.upperBound + 1..<place.upperBound
    return buffer[host.upperBound] == 0x3A && port.count <= 5 && port.allSatisfy { 0x30...0x39 ~= buffer[$0] }
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte || 0x61...0x66 ~= byte | 0x20 }

  /// Letters, digits and the signs that RFC 3986 allows in a registered name.
  private func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x24...0x2B, 0x2D, 0x2E, 0x3B, 0x3D, 0x5F, 0x7E: true
    default: false
    }
  }
}
