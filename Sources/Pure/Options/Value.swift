public import Model

/// An option's value once it has been read.
public enum Value: Sendable, Hashable {
  case flag(Bool)
  case text(String)
  case timeSpan(TimeSpan)
  case rate(Rate)
  case shape(Shape)
  case count(Int)
  case percentage(Percentage)
}

extension Option.Kind {
  /// Reads a value of this kind.
  func value(of text: String) throws(ValueError) -> Value {
    let found = text.isEmpty ? "nothing" : "'\(text)'"
    switch self {
    case .flag:
      switch text.lowercased() {
      case "true", "1", "yes", "on": return .flag(true)
      case "false", "0", "no", "off": return .flag(false)
      case let other: throw ValueError(found: other.isEmpty ? "nothing" : "'\(text)'", expected: "true or false")
      }
    case .text(let word):
      if text.isEmpty, word != "TEXT" { throw ValueError(found: found, expected: expected) }
      return .text(text)
    case .path:
      if text.isEmpty { throw ValueError(found: found, expected: expected) }
      return .text(text)
    case .timeSpan(_, let bareUnit): return .timeSpan(try TimeSpan(text: text, bareUnit: bareUnit))
    case .shape(_, .users):
      // Said as every other count where it is to be one.
      if !text.contains(".."), !text.utf8.contains(where: { "/,~=".utf8.contains($0) }) {
        _ = try Option.Kind.count("", 1...1_000_000).value(of: text)
      }
      return .shape(try Shape(text: text, of: .users))
    case .shape:
      if text == "0" { return try Option.Kind.rate("").value(of: text) }
      return .shape(try Shape(text: text, of: .arrivals))
    case .rate:
      // Vegeta's way to say: as fast as so many workers can.
      if text == "0" {
        throw ValueError(found: found, expected: expected + "; for as fast as possible type --users 10")
      }
      return .rate(try Rate(text: text))
    case .count(_, let range):
      let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard isPlain, let number = Int(text), range.contains(number) else {
        throw ValueError(found: found, expected: expected)
      }
      return .count(number)
    case .percentage: return .percentage(try Percentage(text: text))
    case .choice(_, let words):
      guard words.contains(text) else {
        throw ValueError(found: found, expected: expected + Suggestion.clause(for: text, among: words))
      }
      return .text(text)
    }
  }

  /// What a right value looks like, for messages about a missing one.
  var expected: String {
    switch self {
    case .flag: "true or false"
    case .text(let word): "a value (\(word))"
    case .path(let word): "a path (\(word))"
    case .timeSpan: "a duration such as 10s, 250ms, 2m or 1h30m"
    case .shape(_, .users): "a whole number from 1 to 1000000"
    case .rate, .shape: "a rate above zero such as 500/s, 30000/m or 500"
    case .count(_, let range):
      range.upperBound == .max
        ? "a whole number from \(range.lowerBound) up"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .percentage: "a percentage from 0% to 100% such as 1% or 0.5%"
    case .choice(_, let words): words.alternatives
    }
  }
}

extension Array where Element == String {
  /// `a, b or c`.
  var alternatives: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + (last ?? "")
  }
}
