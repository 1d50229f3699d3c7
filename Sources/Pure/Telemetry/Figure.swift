/// What kind of figure a family holds, as Prometheus names it.
public enum FigureKind: String, Sendable, Hashable {
  /// Only ever grows.
  case counter
  case gauge
  /// Counts below bounds, with sum and count.
  case histogram
  /// Ready percentiles, with sum and count.
  case summary
}

/// One label of a sample.
public struct Label: Sendable, Hashable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One value of a family, told from the others by its labels.
public struct Sample: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case number(Double)
    /// An exact count; beyond 2^53 a double would round it.
    case count(UInt64)
    case distribution(Distribution)
  }

  public let labels: [Label]
  public let value: Value

  public init(_ value: Value, _ labels: [Label] = []) {
    self.value = value
    self.labels = labels
  }
}

/// Many values at once: how many, their sum, and either counts below bounds or percentiles.
public struct Distribution: Sendable, Hashable {
  public var count: UInt64
  public var sum: Double
  /// Histogram: (upper bound, how many are at or below it), ascending, without the infinite one.
  /// Summary: (quantile 0…1, its value).
  public var points: [Point]

  public struct Point: Sendable, Hashable {
    public let at: Double
    public let value: Double

    public init(_ at: Double, _ value: Double) {
      self.at = at
      self.value = value
    }
  }

  public init(count: UInt64, sum: Double, points: [Point]) {
    self.count = count
    self.sum = sum
    self.points = points
  }
}

/// A family: one name, one kind, one help text, any number of samples.
public struct Figure: Sendable, Hashable {
  /// Letters, digits, `_` and `:`, not beginning with a digit; by custom with a unit (`_seconds`, `_bytes`) and `_total`
  /// for counters.
  public let name: String
  public let kind: FigureKind
  public let help: String
  public var samples: [Sample]

  public init(_ name: String, _ kind: FigureKind, help: String, _ samples: [Sample] = []) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }

  /// A family of one sample without labels.
  public init(_ name: String, _ kind: FigureKind, help: String, _ number: Double) {
    self.init(name, kind, help: help, [Sample(.number(number))])
  }

  public init(_ name: String, _ kind: FigureKind, help: String, count: UInt64) {
    self.init(name, kind, help: help, [Sample(.count(count))])
  }
}
