/// How much a line matters; a logger keeps those at its level and above.
public enum Level: Int, Sendable, CaseIterable, Comparable {
  case debug, info, warning, error

  /// The word in text and JSON lines, and of `--log-level`.
  public var word: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
}

/// How lines look.
public enum LineFormat: String, Sendable, CaseIterable {
  /// `2026-03-01T12:00:00.123Z warning  listening port=8080`
  case text
  /// One JSON object a line: `time`, `level`, `message`, then the fields.
  case json
}

/// A named value of a line: an id, an address, a count.
public struct Field: Sendable, Hashable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: some CustomStringConvertible & Sendable) {
    self.name = name
    self.value = value.description
  }
}
