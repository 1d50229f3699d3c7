import Model

/// Masks values by the names that stand before them: header fields, members of JSON, fields of forms and queries.
///
/// What it masks it remembers, for the same value may stand elsewhere (a target that echoes).
struct FieldMask {
  /// Further header fields, in lower case.
  private let headers: Set<String>
  /// Further names of members and header fields, in lower case.
  private let names: Set<String>
  private(set) var found: [[UInt8]] = []

  init(headers: [String], names: Set<String> = []) {
    self.names = names
    self.headers = Set(headers.map { $0.lowercased() })
  }

  static let mask = Array(SecretName.mask.utf8)

  private func isSecret(_ name: ArraySlice<UInt8>, inQuery: Bool = false) -> Bool {
    if name.isEmpty || name.count > 256 { return false }
    let text = String(decoding: FieldMask.unescaped(Array(name)), as: UTF8.self)
    let lower = text.lowercased()
    return inQuery && lower == "key" || names.contains(lower) || SecretName.matches(text)
  }

  /// A head's lines: values of secret fields, and in the first line and in URLs the secrets of a query.
  mutating func head(_ head: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for (number, line) in head.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if number > 0 { result.append(0x0A) }
      guard number > 0, let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        result += fields(Array(line))
        continue
      }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      var value = line[line.index(after: colon)...]
      let isEnded = value.last == 0x0D
      if isEnded { value = value.dropLast() }
      result += line[...colon]
      if SecretName.matches(name) || headers.contains(name) || names.contains(name) {
        let bare = value.drop { $0 == 0x20 || $0 == 0x09 }
        remember(header: Array(bare))
        result += value[..<bare.startIndex]
        result += FieldMask.mask
      } else {
        result += fields(Array(value))
      }
      if isEnded { result.append(0x0D) }
    }
    return result
  }

  /// A value, and those of its parts that may stand alone: behind `Bearer`, in a cookie, a password in `Basic`.
  private mutating func remember(header value: [UInt8]) {
    remember(value)
    for part in value.split(whereSeparator: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") }) {
      let bare = part.drop { $0 == 0x20 }
      if let equal = bare.firstIndex(of: UInt8(ascii: "=")) { remember(Array(bare[bare.index(after: equal)...])) }
    }
    let words = value.split(separator: 0x20)
    guard words.count == 2 else { return }
    remember(Array(words[1]))
    if String(decoding: words[0], as: UTF8.self).lowercased() == "basic",
      let pair = Base64.decode(String(decoding: words[1], as: UTF8.self))
    {
      remember(pair)
      if let colon = pair.firstIndex(of: UInt8(ascii: ":")) { remember(Array(pair[pair.index(after: colon)...])) }
    }
  }

  /// What is too short would be found everywhere.
  private mutating func remember(_ value: [UInt8]) {
    if value.count >= SecretFinder.shortest, found.count < 100 { found.append(value) }
  }

  /// Text of any kind: `name=value`, `"name": "value"`, `"name": 12`, and `://user:password@`.
  mutating func fields(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: ":"), let end = FieldMask.credentialsEnd(bytes, index) {
        remember(Array(bytes[(index + 3)..<(end - 1)]))
        result += "://".utf8
        result += FieldMask.mask
        index = end - 1
      } else if FieldMask.isName(bytes[index]), let (name, value) = FieldMask.pair(bytes, index) {
        let isQuery = name.upperBound < bytes.count && bytes[name.upperBound] == UInt8(ascii: "=")
        if !value.isEmpty, isQuery, bytes[name].elementsEqual("name".utf8), isSecret(bytes[value]),
          let part = FieldMask.part(bytes, value.upperBound)
        {
          remember(Array(bytes[part]))
          result += bytes[index..<part.lowerBound]
          result += FieldMask.mask
          index = part.upperBound
        } else if !value.isEmpty, isSecret(bytes[name], inQuery: isQuery) {
          remember(FieldMask.unescaped(Array(bytes[value])))
          result += bytes[index..<value.lowerBound]
          result += FieldMask.mask
          index = value.upperBound
        } else {
          result += bytes[name]
          index = name.upperBound
        }
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// The name that begins there, and the value that follows it; a name without one has an empty value.
  private static func pair(_ bytes: [UInt8], _ start: Int) -> (name: Range<Int>, value: Range<Int>)? {
    var end = start
    while end < bytes.count, isName(bytes[end]) { end += 1 }
    let name = start..<end
    let none = (name, end..<end)
    var place = end
    if start > 0, bytes[start - 1] == UInt8(ascii: "<"), place < bytes.count, bytes[place] == UInt8(ascii: ">") {
      let close = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
      return (name, (place + 1)..<close)
    }
    if place < bytes.count, bytes[place] == 0x5C { place += 1 }
    let isQuoted = place < bytes.count && (bytes[place] == 0x22 || bytes[place] == 0x27)
    if isQuoted { place += 1 }
    while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    guard place < bytes.count, bytes[place] == UInt8(ascii: ":") || bytes[place] == UInt8(ascii: "=") else {
      return none
    }
    let isForm = bytes[place] == UInt8(ascii: "=")
    place += 1
    while !isForm, place < bytes.count, isBlank(bytes[place]) { place += 1 }
    guard place < bytes.count else { return none }
    if bytes[place] == 0x5C, place + 1 < bytes.count, bytes[place + 1] == 0x22 {
      // JSON within JSON's text: up to the next quote of the same depth.
      var last = place + 2
      while last + 1 < bytes.count, !(bytes[last] == 0x5C && bytes[last + 1] == 0x22) {
        if bytes[last] == 0x22 { break }
        last += bytes[last] == 0x5C ? min(2, bytes.count - last) : 1
      }
      return (name, (place + 2)..<max(place + 2, min(last, bytes.count)))
    }
    if bytes[place] == 0x22 || bytes[place] == 0x27 {
      let quote = bytes[place]
      var last = place + 1
      while last < bytes.count, bytes[last] != quote { last += bytes[last] == 0x5C ? 2 : 1 }
      return (name, (place + 1)..<min(last, bytes.count))
    }
    if bytes[place] == UInt8(ascii: "[") || bytes[place] == UInt8(ascii: "{") { return (name, nested(bytes, place)) }
    let stops: [UInt8] = isForm ? Array("&; \t\r\n\"'<>#".utf8) : Array(",}] \t\r\n\"'".utf8)
    var last = place
    while last < bytes.count, !stops.contains(bytes[last]) { last += 1 }
    return (name, place..<last)
  }

  /// What stands in the part of a form (multipart) in whose head this is.
  private static func part(_ bytes: [UInt8], _ start: Int) -> Range<Int>? {
    let blank = Array("\r\n\r\n".utf8)
    let last = min(start + 1_024, bytes.count)
    guard var at = (start..<last).first(where: { bytes[$0...].starts(with: blank) }) else { return nil }
    at += blank.count
    let end = (at..<bytes.count).first { bytes[$0...].starts(with: "\r\n--".utf8) } ?? bytes.count
    return at < end ? at..<end : nil
  }

  /// A whole array or object, to its closing bracket or the end.
  private static func nested(_ bytes: [UInt8], _ start: Int) -> Range<Int> {
    var depth = 0
    var index = start
    var isText = false
    while index < bytes.count {
      switch bytes[index] {
      case 0x22: isText.toggle()
      case 0x5C where isText: index += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"): if !isText { depth += 1 }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if !isText { depth -= 1 }
        if depth == 0 { return start..<(index + 1) }
      default: break
      }
      index += 1
    }
    return start..<bytes.count
  }

  /// Behind the `@` of `://user:password@` that begins there.
  private static func credentialsEnd(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard bytes[index...].starts(with: "://".utf8) else { return nil }
    var at: Int?
    var place = index + 3
    while place < bytes.count, bytes[place] > 0x20, !"/?#\"'<>".utf8.contains(bytes[place]) {
      if bytes[place] == UInt8(ascii: "@") { at = place + 1 }
      place += 1
    }
    return at.map { $0 > index + 4 ? $0 : nil } ?? nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  private static func isName(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte >= 0x80 || "-_.%[]$@".utf8.contains(byte)
  }

  /// Percent and JSON escapes of ASCII taken back.
  static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 == 0x25 || $0 == 0x5C }) else { return bytes }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x25, index + 2 < bytes.count, let high = SecretFinder.hex(bytes[index + 1]),
        let low = SecretFinder.hex(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else if bytes[index] == 0x5C, index + 1 < bytes.count {
        let escapes: [UInt8: UInt8] = [0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09]
        if bytes[index + 1] == 0x75, index + 5 < bytes.count,
          let value = UInt16(String(decoding: bytes[(index + 2)...(index + 5)], as: UTF8.self), radix: 16), value < 0x80
        {
          result.append(UInt8(value))
          index += 6
        } else {
          result.append(escapes[bytes[index + 1]] ?? bytes[index + 1])
          index += 2
        }
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

}
