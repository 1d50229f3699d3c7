/// Texts of failures made comparable: what differs from one failure to the next is put into placeholders.
public enum CauseText {
  /// The most bytes of one, and the most different ones that a run of one process keeps.
  public static let longest = 160
  public static let most = 100

  /// `ssl error:0A000086 after 12 ms at 10.0.0.7:443: 'abc'` → `ssl error:ID after N ms at ADDR: '…'`
  ///
  /// - Parameter keepsAddresses: whether addresses, ports and hosts stay as they are: a plan's targets have few of them,
  ///   and who reads it wants to know which.
  public static func folded(_ text: String, keepsAddresses: Bool = false) -> String {
    let bytes = Array(text.utf8.prefix(1_024))
    var result: [UInt8] = []
    var index = 0
    var wasPort = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x27 || byte == 0x22 || byte == 0x60, index == 0 || !isLetter(bytes[index - 1]),
        let end = bytes[(index + 1)...].firstIndex(of: byte)
      {
        result.append(byte)
        result += "…".utf8
        result.append(byte)
        index = end + 1
      } else if isLetter(byte) || byte == UInt8(ascii: "[") || bytes[index...].starts(with: "::".utf8) {
        var end = index + 1
        while end < bytes.count, isLetter(bytes[end]) || ".:-_[]%/@".utf8.contains(bytes[end]) { end += 1 }
        // A stop at the end is the sentence's.
        while end > index + 1, ".:-_/%".utf8.contains(bytes[end - 1]) { end -= 1 }
        if isURL(bytes[index..<end]) {
          while end < bytes.count, bytes[end] > 0x20, !"'\"<>,;:".utf8.contains(bytes[end]) { end += 1 }
        }
        let word = bytes[index..<end]
        if isURL(word) {
          if keepsAddresses { result += word } else { result += "URL".utf8 }
        } else if isAddress(word) {
          if keepsAddresses { result += word } else { result += "ADDR".utf8 }
        } else if wasPort, keepsAddresses, word.allSatisfy(isDigit) {
          result += word
        } else {
          result += parts(word)
        }
        wasPort = word.elementsEqual("port".utf8)
        index = end
      } else {
        result.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
        index += 1
      }
      if result.count > longest { break }
    }
    return cut(String(decoding: result, as: UTF8.self))
  }

  /// At most `longest` bytes, whole characters.
  static func cut(_ text: String) -> String {
    if text.utf8.count <= longest { return text }
    var kept = ""
    for character in text {
      if kept.utf8.count + character.utf8.count > longest - 3 { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// A word's runs of letters and digits, numbers and ids folded: `0x1f`, `12ms`, `session-8f31c2d9`.
  private static func parts(_ word: ArraySlice<UInt8>) -> [UInt8] {
    if isUUID(word) { return Array("ID".utf8) }
    var result: [UInt8] = []
    var index = word.startIndex
    while index < word.endIndex {
      guard isLetter(word[index]) else {
        result.append(word[index])
        index += 1
        continue
      }
      var end = index + 1
      while end < word.endIndex, isLetter(word[end]) { end += 1 }
      let run = word[index..<end]
      let digits = run.prefix { isDigit($0) }
      let rest = run.dropFirst(digits.count)
      // The number behind a point belongs to the one before.
      if !digits.isEmpty, result.suffix(2).elementsEqual("N.".utf8) { result.removeLast(2) }
      if digits.count == run.count {
        result.append(UInt8(ascii: "N"))
      } else if isIdentifier(run) {
        result += "ID".utf8
      } else if !digits.isEmpty, rest.count <= 3 {
        result.append(UInt8(ascii: "N"))
        result += rest
      } else {
        result += run
      }
      index = end
    }
    return result
  }

  /// Hexadecimal digits, or letters and digits mixed, that nobody chose as a word.
  private static func isIdentifier(_ run: ArraySlice<UInt8>) -> Bool {
    let digits = run.count(where: isDigit)
    if digits == 0 { return false }
    if run.starts(with: "0x".utf8) { return true }
    let isHex = run.allSatisfy { isDigit($0) || 0x41...0x46 ~= $0 || 0x61...0x66 ~= $0 }
    return isHex && run.count >= 8 || run.count >= 12 && digits >= 3
  }

  private static func isUUID(_ word: ArraySlice<UInt8>) -> Bool {
    word.count == 36 && word.split(separator: UInt8(ascii: "-")).map(\.count) == [8, 4, 4, 4, 12]
  }

  private static func isURL(_ word: ArraySlice<UInt8>) -> Bool {
    word.count > 3 && word.indices.dropLast(2).contains { word[$0...].starts(with: "://".utf8) }
  }

  /// Four numbers with points, or hexadecimal ones with colons, perhaps in brackets, perhaps a port behind.
  private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
    var host = word
    if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[host.index(after: at)...] }
    if host.first == UInt8(ascii: "[") { return host.contains(UInt8(ascii: "]")) && host.contains(UInt8(ascii: ":")) }
    let parts = host.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let numbers = (parts.first ?? []).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if parts.count <= 2, numbers.count == 4,
      numbers.allSatisfy({ !$0.isEmpty && $0.count <= 3 && $0.allSatisfy(isDigit) })
    {
      return true
    }
    let isHex = { (byte: UInt8) in isDigit(byte) || 0x61...0x66 ~= byte || 0x41...0x46 ~= byte }
    return parts.count >= 3 && parts.allSatisfy { $0.count <= 4 && $0.allSatisfy(isHex) }
      && host.contains(where: isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

  private static func isLetter(_ byte: UInt8) -> Bool {
    isDigit(byte) || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte >= 0x80
  }
}
