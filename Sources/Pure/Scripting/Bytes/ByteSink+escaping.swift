import Model

/// How a value is written, by where it stands: those of a template, and one for a request line's path.
enum Escaping: UInt8 {
  case plain, header, url, json
  /// Printable ASCII as it is, everything else percent-encoded: a value can't end a request line.
  case target

  init(_ escape: Template.Escape) {
    switch escape {
    case .plain: self = .plain
    case .header: self = .header
    case .url: self = .url
    case .json: self = .json
    }
  }
}

extension ByteSink {
  /// A value as its place needs it.
  mutating func append(_ value: ByteView, _ escaping: Escaping) {
    switch escaping {
    case .plain: append(value)
    case .header: appendHeader(value)
    case .url: appendPercent(value, keeps: ByteSink.isUnreserved)
    case .target: appendPercent(value) { 0x21...0x7E ~= $0 }
    case .json: appendJSON(value)
    }
  }

  private mutating func appendHeader(_ value: ByteView) {
    var from = 0
    for place in 0..<value.count {
      let byte = value[place]
      if byte == 0x0D || byte == 0x0A || byte == 0 {
        append(value[from..<place])
        from = place &+ 1
      }
    }
    append(value[from..<value.count])
  }

  private mutating func appendPercent(_ value: ByteView, keeps: (UInt8) -> Bool) {
    var from = 0
    for place in 0..<value.count where !keeps(value[place]) {
      append(value[from..<place])
      let byte = value[place]
      append(0x25)
      append(ByteSink.hexadecimal(byte &>> 4, letters: 0x41))
      append(ByteSink.hexadecimal(byte & 15, letters: 0x41))
      from = place &+ 1
    }
    append(value[from..<value.count])
  }

  /// RFC 3986, 2.3.
  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }

  private mutating func appendJSON(_ value: ByteView) {
    var from = 0
    for place in 0..<value.count {
      let byte = value[place]
      if byte >= 0x20 && byte != 0x22 && byte != 0x5C { continue }
      append(value[from..<place])
      from = place &+ 1
      append(0x5C)
      switch byte {
      case 0x22, 0x5C: append(byte)
      case 0x08: append(0x62)
      case 0x09: append(0x74)
      case 0x0A: append(0x6E)
      case 0x0C: append(0x66)
      case 0x0D: append(0x72)
      default:
        append("u00")
        append(ByteSink.hexadecimal(byte &>> 4, letters: 0x61))
        append(ByteSink.hexadecimal(byte & 15, letters: 0x61))
      }
    }
    append(value[from..<value.count])
  }

  static func hexadecimal(_ digit: UInt8, letters: UInt8) -> UInt8 {
    digit < 10 ? 0x30 &+ digit : letters &+ digit &- 10
  }
}
