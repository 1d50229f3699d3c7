/// One command: what it is for, what it takes, and every option it knows.
public struct Command: Sendable {
  public struct Group: Sendable {
    public let title: String
    public let options: [Option]

    public init(_ title: String, _ options: [Option]) {
      self.title = title
      self.options = options
    }
  }

  /// Words typed after the program's name: `attack`, `plan check`.
  public let name: String
  /// One clause without a full stop: `sends requests at a fixed rate …`.
  public let summary: String
  /// What may follow the name, one line each.
  public let usages: [String]
  /// How many words besides options it takes, and what messages call them.
  public let operands: ClosedRange<Int>
  public let operandWord: String
  /// Words a shell offers for the operand; empty offers files.
  public let operandChoices: [String]
  public let groups: [Group]
  public let refusals: [Refusal]
  /// What is typed, and what that does.
  public let examples: [(line: String, does: String)]
  /// Paragraphs below the options.
  public let notes: [String]

  public init(
    _ name: String, summary: String, usages: [String], operands: ClosedRange<Int>, operandWord: String = "",
    operandChoices: [String] = [], groups: [Group] = [], refusals: [Refusal] = [],
    examples: [(line: String, does: String)] = [], notes: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.usages = usages
    self.operands = operands
    self.operandWord = operandWord
    self.operandChoices = operandChoices
    self.groups = groups
    self.refusals = refusals
    self.examples = examples
    self.notes = notes
  }

  public var options: [Option] { groups.flatMap(\.options) }
}

/// The program: its commands and what its exit codes mean.
public struct Program: Sendable {
  public let name: String
  public let summary: String
  public let commands: [Command]
  public let exitCodes: [(code: Int, meaning: String)]

  public init(name: String, summary: String, commands: [Command], exitCodes: [(code: Int, meaning: String)]) {
    self.name = name
    self.summary = summary
    self.commands = commands
    self.exitCodes = exitCodes
  }

  public func command(_ name: String) -> Command? { commands.first { $0.name == name } }
}
