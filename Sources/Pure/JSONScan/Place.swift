/// Where something stands in a text: line and column, both counted from 1, columns in Unicode scalars.
public struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static let start = Place(line: 1, column: 1)

  public static func < (a: Place, b: Place) -> Bool { (a.line, a.column) < (b.line, b.column) }

  /// `3:9`, as compilers and editors write it.
  public var description: String { "\(line):\(column)" }
}

/// Turns rising offsets of a UTF-8 text into places, reading every byte once.
public struct Locator: Sendable {
  private var offset: Int
  private var line = 1
  private var column = 1

  /// - Parameter start: the index that is line 1, column 1.
  public init(start: Int) {
    offset = start
  }

  /// The place of `target` in `bytes`; an offset before the last one asked for answers the last one's place.
  public mutating func place(of target: Int, in bytes: ArraySlice<UInt8>) -> Place {
    let end = min(target, bytes.endIndex)
    while offset < end {
      let byte = bytes[offset]
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      offset += 1
    }
    return Place(line: line, column: column)
  }
}
