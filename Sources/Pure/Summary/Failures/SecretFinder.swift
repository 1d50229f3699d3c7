/// Finds texts that must not be shown among bytes, also where they stand escaped: percent-encoded, as a form writes
/// them, as JSON or HTML escape them.
struct SecretFinder {
  private let secrets: [[UInt8]]
  /// Which bytes a secret may begin with, as they stand or escaped.
  private var begins = [Bool](repeating: false, count: 256)

  /// Shorter ones are taken for secrets only where they stand alone between bytes that are no letters or digits.
  static let shortest = 4

  init(_ secrets: [[UInt8]]) {
    // The longest first: one may be the beginning of another.
    self.secrets = Set(secrets.filter { !$0.isEmpty }).sorted { ($1.count, $0.hashValue) < ($0.count, $1.hashValue) }
    for secret in self.secrets {
      begins[Int(secret[0])] = true
      if secret[0] == 0x20 { begins[0x2B] = true }
    }
    for escape in "%\\&".utf8 where !self.secrets.isEmpty { begins[Int(escape)] = true }
  }

  var isEmpty: Bool { secrets.isEmpty }

  /// The bytes with a mask in the place of each secret. Time is the length times the number of secrets, at worst.
  ///
  /// - Parameter isCut: whether more followed: then what may be the beginning of a secret at the end is masked, too.
  func masked(_ bytes: [UInt8], _ mask: [UInt8], isCut: Bool = false) -> [UInt8] {
    if secrets.isEmpty { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if begins[Int(bytes[index])], let end = end(of: bytes, at: index, isCut) {
        result += mask
        index = end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// Where the longest secret ends that begins there. A `%` may stand for itself or begin an escape, so all ways to read
  /// the bytes are followed at once.
  private func end(of bytes: [UInt8], at start: Int, _ isCut: Bool) -> Int? {
    for secret in secrets {
      var places = [start]
      for wanted in secret {
        var next: [Int] = []
        for place in places {
          if isCut, SecretFinder.mayGoOn(bytes, place) { return bytes.count }
          SecretFinder.add(bytes, place, wanted, to: &next)
        }
        places = next
        if places.isEmpty { break }
      }
      guard let end = places.max() else { continue }
      if secret.count >= SecretFinder.shortest { return end }
      let before = start > 0 && SecretFinder.isWord(bytes[start - 1])
      let after = end < bytes.count && SecretFinder.isWord(bytes[end])
      if !before, !after { return end }
    }
    return nil
  }

  /// Whether the bytes end there, or within an escape that begins there.
  private static func mayGoOn(_ bytes: [UInt8], _ at: Int) -> Bool {
    if at >= bytes.count { return true }
    return "%\\&".utf8.contains(bytes[at]) && at + 6 > bytes.count
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte >= 0x80
  }

  /// Adds where the byte may end that stands there, if it can be read as the one wanted.
  private static func add(_ bytes: [UInt8], _ at: Int, _ wanted: UInt8, to ends: inout [Int]) {
    guard at < bytes.count else { return }
    func add(_ end: Int?) { if let end, !ends.contains(end) { ends.append(end) } }
    let byte = bytes[at]
    if byte == wanted || byte == UInt8(ascii: "+") && wanted == 0x20 { add(at + 1) }
    switch byte {
    case UInt8(ascii: "%"):
      guard at + 2 < bytes.count, let high = hex(bytes[at + 1]), let low = hex(bytes[at + 2]) else { return }
      if high << 4 | low == wanted { add(at + 3) }
    case UInt8(ascii: "\\"): add(escaped(bytes, at, wanted))
    case UInt8(ascii: "&"): add(entity(bytes, at, wanted))
    default: return
    }
  }

  /// `\n`, `\/`, `\"`, `\u0026`. Letters beyond ASCII are written as they are by nearly everybody.
  private static func escaped(_ bytes: [UInt8], _ at: Int, _ wanted: UInt8) -> Int? {
    guard at + 1 < bytes.count else { return nil }
    switch bytes[at + 1] {
    case UInt8(ascii: "n"): return wanted == 0x0A ? at + 2 : nil
    case UInt8(ascii: "r"): return wanted == 0x0D ? at + 2 : nil
    case UInt8(ascii: "t"): return wanted == 0x09 ? at + 2 : nil
    case UInt8(ascii: "u"):
      guard at + 5 < bytes.count else { return nil }
      var value = 0
      for place in 2...5 {
        guard let digit = hex(bytes[at + place]) else { return nil }
        value = value << 4 | Int(digit)
      }
      return value == Int(wanted) && wanted < 0x80 ? at + 6 : nil
    case wanted: return at + 2
    default: return nil
    }
  }

  private static func entity(_ bytes: [UInt8], _ at: Int, _ wanted: UInt8) -> Int? {
    let names: [(UInt8, String)] = [
      (0x26, "&amp;"), (0x3C, "&lt;"), (0x3E, "&gt;"), (0x22, "&quot;"), (0x22, "&#34;"), (0x27, "&#39;"),
      (0x27, "&#x27;"), (0x27, "&apos;"), (0x2F, "&#x2F;"), (0x2F, "&#x2f;"), (0x3D, "&#x3D;"), (0x60, "&#x60;"),
    ]
    for (byte, name) in names where byte == wanted {
      if bytes[at...].starts(with: name.utf8) { return at + name.utf8.count }
    }
    return nil
  }

  static func hex(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
