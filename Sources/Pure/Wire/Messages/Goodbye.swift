/// Nothing will be sent any more in this life of the process: proof that its slots are free.
public struct Goodbye: Sendable, Hashable {
  /// For a person.
  public var text: String

  public init(text: String) {
    self.text = text
  }

  package static let table = Table(
    "Goodbye", .message(0x0017), initial: { Goodbye(text: "") },
    fields: [Field(1, "text", \Goodbye.text, .string(atMost: 1_024))])
}
