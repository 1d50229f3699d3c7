/// A text with places that are filled in anew each time it is sent; compiled once, before anything is sent.
public struct Template: Sendable, Hashable {
  public enum Part: Sendable, Hashable {
    case text([UInt8])
    case value(Source, Escape)
  }

  public var parts: [Part]

  public init(parts: [Part]) { self.parts = parts }

  /// A text without places to fill in.
  public init(fixed: [UInt8]) { parts = fixed.isEmpty ? [] : [.text(fixed)] }

  /// The whole text, where nothing is filled in.
  public var fixed: [UInt8]? {
    var bytes: [UInt8] = []
    for part in parts {
      guard case .text(let text) = part else { return nil }
      bytes += text
    }
    return bytes
  }

  /// Where a value comes from. What is drawn depends on (seed, user, iteration, step, place) alone.
  public enum Source: Sendable, Hashable {
    /// A whole number, both bounds included.
    case randInt(ClosedRange<Int64>)
    /// One of a list's values, each as likely.
    case pick(list: Int)
    /// Milliseconds since 1970, by the wall clock.
    case epochms
    /// The user's number, from 0; in the open model the arrival's.
    case userId
    /// A random UUID, version 4.
    case uuid
    /// How many iterations the user has begun before this one.
    case iteration
    /// A column of the feed's row that the iteration has.
    case column(feed: Int, column: Int)
    /// What a capture found, by its number in `Plan.variables`.
    case variable(Int)
  }

  /// How a value is written, by where it stands.
  public enum Escape: UInt8, Sendable, Hashable {
    /// As it is; line ends and NUL are left out, for they would end a head's line.
    case header
    /// As it is.
    case plain
    /// Percent-encoded: everything but unreserved characters (RFC 3986, 2.3).
    case url
    /// As the inside of a JSON string.
    case json
  }
}

/// What of a target is filled in anew for each request; the others of its parts are as the target says.
public struct RequestTemplate: Sendable, Hashable {
  /// Path and query.
  public var path: Template
  /// Values of the target's headers, in the same order and number.
  public var headers: [Template]
  public var body: Template

  public init(path: Template, headers: [Template], body: Template) {
    self.path = path
    self.headers = headers
    self.body = body
  }
}

/// Values that `pick` chooses from.
public struct ValueList: Sendable, Hashable {
  public var name: String
  /// Never empty.
  public var values: [String]

  public init(name: String, values: [String]) {
    self.name = name
    self.values = values
  }
}

/// Rows of data for iterations; the whole table travels with the plan.
public struct DataFeed: Sendable, Hashable {
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// Each row once in the whole run, over all loops and workers; when none is left, see `Exhausted`.
    case unique
    /// Each user goes through all rows by itself.
    case perUser = "per_user"
    /// All users of a loop go through the rows together, in turn.
    case shared
    /// A row is drawn for each iteration.
    case random
  }

  /// What happens when a unique feed has no row left.
  public enum Exhausted: String, Sendable, Hashable, CaseIterable {
    /// The user ends.
    case stop
    /// The rows begin anew.
    case recycle
  }

  public var name: String
  public var mode: Mode
  public var exhausted: Exhausted
  public var columns: [String]
  /// Each as long as `columns`; never empty.
  public var rows: [[String]]

  public init(
    name: String, mode: Mode = .shared, exhausted: Exhausted = .stop, columns: [String], rows: [[String]]
  ) {
    self.name = name
    self.mode = mode
    self.exhausted = exhausted
    self.columns = columns
    self.rows = rows
  }
}
