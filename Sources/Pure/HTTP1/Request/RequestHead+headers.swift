extension RequestHead {
  /// A header was sent more than once where only one makes sense.
  public struct Repeated: Error, Sendable, Hashable, CustomStringConvertible {
    public let name: String

    public var description: String { "there is more than one \(name), expected one at most" }
  }

  /// All header lines in their order; values without the blanks around them.
  public var headers: [(name: String, value: String)] { lines.map { (text($0.name), text($0.value)) } }

  /// The first value of a header; the name in any case of letters. Linear in the number of lines.
  public func first(_ name: String) -> String? {
    lines.first { isNamed($0, name) }.map { text($0.value) }
  }

  /// The value of a header that may be there once.
  public func only(_ name: String) throws(Repeated) -> String? {
    var found: Range<Int>?
    for line in lines where isNamed(line, name) {
      if found != nil { throw Repeated(name: name) }
      found = line.value
    }
    return found.map(text)
  }

  private func isNamed(_ line: Line, _ name: String) -> Bool {
    let wanted = name.utf8
    return line.name.count == wanted.count
      && zip(bytes[line.name], wanted).allSatisfy { RequestHead.small($0) == RequestHead.small($1) }
  }

  private static func small(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }
}
