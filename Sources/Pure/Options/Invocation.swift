public import Model

/// A command line that has been read: which options were given, how, and with what values.
public struct Invocation: Sendable {
  /// One value and where it came from.
  public struct Given: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
      /// The spelling that was typed.
      case flag(String)
      /// The environment variable.
      case variable(String)
    }

    public let source: Source
    public let text: String
    public let value: Value

    /// What messages name: the spelling or the variable.
    public var place: String {
      switch source {
      case .flag(let spelling): spelling
      case .variable(let name): name
      }
    }
  }

  public let command: Command
  /// Words that are no options, in order.
  public let operands: [String]
  /// By option name.
  var given: [String: [Given]]
  /// Lines worth saying that stop nothing.
  public var warnings: [String]

  /// The option's values in order; empty where it was not given.
  public func all(_ option: Option) -> [Given] { given[option.name] ?? [] }

  /// The option's only value; nil where it was not given.
  public func given(_ option: Option) -> Given? { given[option.name]?.last }

  public func text(_ option: Option) -> String? {
    if case .text(let text)? = given(option)?.value { text } else { nil }
  }

  public func texts(_ option: Option) -> [String] {
    all(option).compactMap { if case .text(let text) = $0.value { text } else { nil } }
  }

  public func timeSpan(_ option: Option) -> TimeSpan? {
    if case .timeSpan(let span)? = given(option)?.value { span } else { nil }
  }

  public func shape(_ option: Option) -> Shape? {
    if case .shape(let shape)? = given(option)?.value { shape } else { nil }
  }

  /// The rate, where it is the same all the time.
  public func rate(_ option: Option) -> Rate? {
    switch given(option)?.value {
    case .rate(let rate): rate
    case .shape(let shape): shape.constantRate
    case .flag, .text, .timeSpan, .count, .percentage, nil: nil
    }
  }

  /// The number, of users where it is the same all the time.
  public func count(_ option: Option) -> Int? {
    switch given(option)?.value {
    case .count(let count): count
    case .shape(let shape): shape.constantUsers
    case .flag, .text, .timeSpan, .rate, .percentage, nil: nil
    }
  }

  public func percentage(_ option: Option) -> Percentage? {
    if case .percentage(let share)? = given(option)?.value { share } else { nil }
  }

  /// Nil where nothing was said.
  public func flag(_ option: Option) -> Bool? {
    if case .flag(let isOn)? = given(option)?.value { isOn } else { nil }
  }

  public func isOn(_ option: Option) -> Bool { flag(option) ?? false }
}
