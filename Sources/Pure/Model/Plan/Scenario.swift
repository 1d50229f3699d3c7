/// What a virtual user does in one iteration: steps in order.
public struct Scenario: Sendable, Hashable {
  /// Its iterations are shown under it; unique among the plan's scenarios.
  public var name: String
  /// Share among the plan's scenarios; at least 1.
  public var weight: Int
  /// Never empty.
  public var steps: [Step]

  public init(name: String, weight: Int = 1, steps: [Step]) {
    self.name = name
    self.weight = weight
    self.steps = steps
  }
}

/// One request of a scenario, and when it is sent.
public struct Step: Sendable, Hashable {
  /// Index into `Plan.targets`.
  public var target: Int
  /// How often in a row; at least 1.
  public var repeats: Int
  /// Not sent where this does not hold.
  public var condition: Condition?
  /// The pause after it (after each repetition); nil takes the plan's.
  public var think: ThinkTime?

  public init(target: Int, repeats: Int = 1, condition: Condition? = nil, think: ThinkTime? = nil) {
    self.target = target
    self.repeats = repeats
    self.condition = condition
    self.think = think
  }
}

/// When a step is sent.
public enum Condition: Sendable, Hashable {
  /// There is a value and it is not empty.
  case has(Subject)
  case lacks(Subject)
  case equals(Subject, text: String)
  case differs(Subject, text: String)
  /// The status of the last reply in this iteration (or set-up, or tear-down) lies in the range, or does not; it is 0
  /// where there was none, or the last request got no reply.
  case status(ClosedRange<Int>, isIn: Bool)
  /// Drawn for each iteration, in millionths.
  case chance(millionths: Int)

  /// What is asked for its value.
  public enum Subject: Sendable, Hashable {
    /// Index into `Plan.variables`: what was captured under it.
    case variable(Int)
    /// Indices of a feed and of its column: what the iteration's row holds.
    case column(feed: Int, column: Int)
  }

  /// Every status that a reply can have.
  public static let anyStatus = 1...Int(UInt16.max)
}

/// How long a user waits before its next request; drawn from (seed, user, iteration, step).
public enum ThinkTime: Sendable, Hashable {
  case fixed(TimeSpan)
  case uniform(ClosedRange<TimeSpan>)
  /// Below zero counts as zero.
  case normal(mean: TimeSpan, deviation: TimeSpan)
  case exponential(mean: TimeSpan)
}

/// What must hold of a reply besides its status; one that does not makes the request fail (`ErrorKind.check`).
public struct Check: Sendable, Hashable {
  /// As it is shown: a name given to it, else its text.
  public var name: String
  public var rule: Rule

  public enum Rule: Sendable, Hashable {
    case status(ClosedRange<Int>)
    case header(String, Match)
    case body(Match)
    case json(JSONPath, Match)
    /// Bytes of the body.
    case size(ClosedRange<UInt64>)
    /// Service time at most.
    case time(TimeSpan)
  }

  public enum Match: Sendable, Hashable {
    case exists
    case missing
    case equals(String)
    case contains(String)
    /// PCRE2, searched for anywhere.
    case matches(String)
  }

  public init(name: String, rule: Rule) {
    self.name = name
    self.rule = rule
  }
}

/// A value that is taken from a reply and used in later requests of the same user.
public struct Capture: Sendable, Hashable {
  /// Index into `Plan.variables`.
  public var variable: Int
  public var source: Source
  /// What it is where the reply does not hold it; nil: the request fails (`ErrorKind.capture`) and the iteration ends.
  public var fallback: String?

  public enum Source: Sendable, Hashable {
    case json(JSONPath)
    /// The first header of that name.
    case header(String)
    /// A group of a PCRE2 expression, searched for in the body; 0 is the whole match.
    case regex(String, group: Int)
    /// The value of a Set-Cookie of that name.
    case cookie(String)
  }

  public init(variable: Int, source: Source, fallback: String? = nil) {
    self.variable = variable
    self.source = source
    self.fallback = fallback
  }
}

/// A way into a JSON value: `$.items[0].id`, `items.0.id`, `$["odd key"]`.
public struct JSONPath: Sendable, Hashable {
  public enum Element: Sendable, Hashable {
    case key(String)
    /// From 0; below zero counts from the end.
    case index(Int)
  }

  /// As it was written.
  public var text: String
  /// Empty for the whole value.
  public var elements: [Element]

  public init(text: String, elements: [Element]) {
    self.text = text
    self.elements = elements
  }
}
