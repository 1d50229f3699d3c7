public import Model

/// One option of a command: every way to write it, what its value is, and what help says about it.
public struct Option: Sendable, Hashable {
  /// What kind of value it takes; the string is the word that stands for the value in help.
  public enum Kind: Sendable, Hashable {
    /// None; `=true` and `=false` are understood.
    case flag
    case text(String)
    /// A length of time; `bareUnit` is what a number alone counts in, nil refuses it.
    case timeSpan(String, bareUnit: TimeSpan?)
    case rate(String)
    /// A rate or a number of users, or such levels over time.
    case shape(String, Shape.Measure)
    case count(String, ClosedRange<Int>)
    case percentage(String)
    case choice(String, [String])
    /// A path to a file or folder, or `-` where the command takes standard input.
    case path(String)

    var isNumber: Bool {
      switch self {
      case .count, .timeSpan, .rate, .shape, .percentage: true
      case .flag, .text, .choice, .path: false
      }
    }
  }

  /// Every way to write it with its dashes, the usual one first: `--rate`, `-q`.
  ///
  /// A spelling with two dashes is understood with one, too, unless another option has that for its own.
  public let spellings: [String]
  /// For flags: the ways to say no.
  public let negatives: [String]
  public let kind: Kind
  /// Whether it may be given more than once.
  public let isRepeatable: Bool
  /// One or two sentences for help: what it does, then its default.
  public let help: String
  /// A variable without our prefix that is read where ours is not set; nil for most.
  public let plainVariable: String?

  public init(
    _ spellings: String..., kind: Kind, negatives: [String] = [], isRepeatable: Bool = false,
    plainVariable: String? = nil, help: String
  ) {
    self.spellings = spellings
    self.negatives = negatives
    self.kind = kind
    self.isRepeatable = isRepeatable
    self.plainVariable = plainVariable
    self.help = help
  }

  /// The usual spelling, `--rate`.
  public var name: String { spellings.first ?? "" }

  /// The environment variable that stands in for it, `STAMPEDE_RATE`.
  public var variable: String {
    "STAMPEDE_" + name.drop { $0 == "-" }.map { $0 == "-" ? "_" : $0.uppercased() }.joined()
  }

  /// The word that stands for its value in help; nil for flags.
  public var placeholder: String? {
    switch kind {
    case .flag: nil
    case .text(let word), .timeSpan(let word, _), .rate(let word), .shape(let word, _), .count(let word, _),
      .percentage(let word),
      .choice(let word, _), .path(let word):
      word
    }
  }
}

/// Spellings that other tools or later versions have, and the one line that says what to type instead.
public struct Refusal: Sendable, Hashable {
  public let spellings: [String]
  /// Why not, and what works: put behind the spelling and a colon.
  public let answer: String

  public init(_ spellings: String..., answer: String) {
    self.spellings = spellings
    self.answer = answer
  }
}
