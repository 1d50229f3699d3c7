// The text form of shapes: `0..500/30s,500/5m,500..0/10s`.
extension Shape {
  /// What levels count: what their text may say, and how high they may be.
  public enum Measure: Sendable, Hashable {
    /// Arrivals in a time: `500/s`, `30000/m`, `0.5`.
    case arrivals
    /// Virtual users.
    case users

    var highest: Double { self == .arrivals ? Rate.highestPerSecond : 1_000_000 }
    var expected: String {
      self == .arrivals
        ? "a rate above zero such as 500/s, 30000/m or 500, or parts such as 0..500/30s,500/5m,500..0/10s"
        : "a number of users from 1 to 1000000, or parts such as 0..100/30s,100/1m,100..0/10s"
    }
  }

  /// The most parts that a shape may have.
  public static let mostParts = 1_000

  /// Reads a rate (`500/s`) or a number of users, or parts one after the other.
  ///
  /// ```
  /// parts   = part ("," part)*
  /// part    = [name "="] (level | level ".." level | level "~" level "@" period) ["/" time]
  /// level   = number ["/" unit]        unit = s, m, h, 2s …: of arrivals
  /// ```
  /// `0..500/30s` rises in 30 s; `500~300@10m/1h` swings by 300 about 500, once in 10 minutes. Among parts the last time
  /// is how long the part lasts, so that `500/5m` is 500 a second for 5 minutes; alone it is the rate 500 in 5 minutes.
  /// Only the last part may lack its time: it lasts to the end of the run.
  public init(text: String, of measure: Measure) throws(ValueError) {
    if measure == .users, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) {
      // A number alone is so many users, and those are whole.
      guard let count = Int(text), (1...1_000_000).contains(count) else {
        throw ValueError(found: text.isEmpty ? "nothing" : "'\(text)'", expected: measure.expected)
      }
      self.init(users: count)
      return
    }
    let isComposed =
      text.utf8.contains { ",=~@".utf8.contains($0) } || text.contains("..")
      || text.utf8.filter { $0 == UInt8(ascii: "/") }.count > 1
    if !isComposed, measure == .arrivals {
      self.init(try Rate(text: text))
      return
    }
    var parts: [Part] = []
    // A comma behind the last part says that it is one, where it alone would be a rate.
    let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
    for piece in pieces.count == 2 && pieces[1].isEmpty ? pieces.dropLast() : pieces[...] {
      var reader = PartReader(text: Shape.trim(piece), whole: text, measure: measure)
      parts.append(try reader.part())
    }
    if let early = parts.dropLast().first(where: { $0.duration == nil }) {
      throw ValueError(
        found: "'\(text)'", expected: "a time for each part but the last, such as \(early.curve.start)/30s")
    }
    try self.init(checking: parts, measure)
  }

  /// Parts as they were said, if they can be run.
  ///
  /// - Throws: `ValueError` where there is none or too many, a level or the whole is too high or too long, or nothing ever
  ///   comes.
  public init(checking parts: [Part], _ measure: Measure) throws(ValueError) {
    if parts.isEmpty { throw ValueError(found: "no part", expected: measure.expected) }
    if parts.count > Shape.mostParts {
      throw ValueError(found: "\(parts.count) parts", expected: "at most \(Shape.mostParts)")
    }
    var sum: Int64 = 0
    for part in parts {
      if let level = part.curve.levels.first(where: { $0.perSecond > measure.highest }) {
        throw ValueError(found: "a level of \(level)", expected: "at most \(Int(measure.highest))")
      }
      sum += part.duration?.nanoseconds ?? 0
      if sum > TimeSpan.longest.nanoseconds {
        throw ValueError(found: "parts of \(TimeSpan(nanoseconds: sum))", expected: "at most 10 years in all")
      }
    }
    self.init(parts: parts)
    if peak.count == 0 { throw ValueError(found: "nothing but zero", expected: "a level above zero") }
  }

  static func trim(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Shape.Level {
  /// Reads a level: `500/s`, `30000/m`, `0`; of users a number.
  ///
  /// - Throws: `ValueError` also where it is higher than any level may be.
  public init(text: String, of measure: Shape.Measure) throws(ValueError) {
    let expected = measure == .users ? "a number of users such as 100" : "a rate such as 500/s, 30000/m or 500"
    let pieces = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = pieces.first, let number = Decimal(first), measure == .arrivals || pieces.count == 1 else {
      throw ValueError(found: text.isEmpty ? "nothing" : "'\(text)'", expected: expected)
    }
    if number.digits == 0 {
      self = .zero
      return
    }
    guard let rate = try? Rate(text: text), Shape.Level(rate).perSecond <= measure.highest else {
      throw ValueError(found: "'\(text)'", expected: expected + ", at most \(Int(measure.highest))")
    }
    self.init(rate)
  }
}

/// Reads one part of a shape's text.
private struct PartReader {
  var text: Substring
  let whole: String
  let measure: Shape.Measure

  private var wrong: ValueError {
    ValueError(found: whole.isEmpty ? "nothing" : "'\(whole)'", expected: measure.expected)
  }

  mutating func part() throws(ValueError) -> Shape.Part {
    var name = ""
    if let sign = text.firstIndex(of: "=") {
      name = String(Shape.trim(text[..<sign]))
      if !Shape.Part.isName(name) {
        throw ValueError(found: "'\(name)'", expected: Shape.Part.nameExpected)
      }
      text = Shape.trim(text[text.index(after: sign)...])
    }
    if let dots = text.range(of: "..") {
      let (to, unit, duration) = try tail(text[dots.upperBound...])
      let from = try head(text[..<dots.lowerBound], unit)
      guard let duration else {
        throw ValueError(found: "'\(text)'", expected: "how long it takes, such as \(text)/30s")
      }
      return Shape.Part(name: name, .line(from: from, to: to), for: duration)
    }
    if let wave = text.firstIndex(of: "~") {
      guard let at = text[wave...].firstIndex(of: "@") else {
        throw ValueError(found: "'\(text)'", expected: "a level, a swing and a period such as 500~300@10m")
      }
      var pieces = text[text.index(after: at)...].split(separator: "/", omittingEmptySubsequences: false)
      let period = try span(pieces.removeFirst())
      let (unit, duration) = try times(pieces)
      let mean = try head(text[..<wave], unit)
      let amplitude = try head(text[text.index(after: wave)..<at], unit)
      if amplitude.perSecond > mean.perSecond {
        throw ValueError(found: "'\(text)'", expected: "a swing of at most \(mean), for no level is below zero")
      }
      return Shape.Part(name: name, .sine(mean: mean, amplitude: amplitude, period: period), for: duration)
    }
    let (level, _, duration) = try tail(text)
    return Shape.Part(name: name, .constant(level), for: duration)
  }

  /// `500`, `500/m`; the unit of what follows where it has none.
  private func head(_ text: Substring, _ unit: TimeSpan?) throws(ValueError) -> Shape.Level {
    var pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    let number = pieces.removeFirst()
    if pieces.count > 1 { throw wrong }
    return try level(number, pieces.isEmpty ? unit : self.unit(pieces[0]))
  }

  /// `500`, `500/30s`, `500/m/30s`.
  private func tail(_ text: Substring) throws(ValueError) -> (Shape.Level, unit: TimeSpan?, TimeSpan?) {
    var pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    if pieces.isEmpty { throw wrong }
    let number = pieces.removeFirst()
    let (unit, duration) = try times(pieces)
    return (try level(number, unit), unit, duration)
  }

  /// A unit, a time, or both; a letter alone (`/m`) is a unit.
  private func times(_ pieces: [Substring]) throws(ValueError) -> (unit: TimeSpan?, duration: TimeSpan?) {
    switch pieces.count {
    case 0: return (nil, nil)
    case 1:
      let isUnit = pieces[0].first?.isLetter == true && pieces[0] != "end"
      return isUnit ? (try unit(pieces[0]), nil) : (nil, try duration(pieces[0]))
    case 2: return (try unit(pieces[0]), try duration(pieces[1]))
    case _: throw wrong
    }
  }

  private func unit(_ text: Substring) throws(ValueError) -> TimeSpan {
    if measure == .users { throw wrong }
    return try span(text.first?.isLetter == true ? "1" + text : text)
  }

  private func duration(_ text: Substring) throws(ValueError) -> TimeSpan? { text == "end" ? nil : try span(text) }

  private func span(_ text: Substring) throws(ValueError) -> TimeSpan {
    guard let span = try? TimeSpan(text: String(Shape.trim(text)), bareUnit: .seconds(1)), span > .zero else {
      throw wrong
    }
    return span
  }

  private func level(_ text: Substring, _ unit: TimeSpan?) throws(ValueError) -> Shape.Level {
    guard let number = Decimal(Shape.trim(text)) else { throw wrong }
    if number.digits == 0 { return .zero }
    var scale: Int64 = 1
    for _ in 0..<number.places { scale *= 10 }
    let (per, overflow) = (unit ?? .seconds(1)).nanoseconds.multipliedReportingOverflow(by: scale)
    if overflow { throw wrong }
    return Shape.Level(count: number.digits, per: TimeSpan(nanoseconds: per))
  }
}

extension Shape.Part {
  /// Whether a part may be called so: letters, digits, blanks, `-` and `_`, 64 at most.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.count <= 64 && text.first != " " && text.last != " "
      && text.allSatisfy { $0.isLetter || $0.isNumber || " -_".contains($0) }
  }

  public static let nameExpected = "a part's name of letters, digits, blanks, '-' and '_', at most 64"
}

extension Substring {
  /// Where a short ASCII text stands first.
  fileprivate func range(of text: String) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
