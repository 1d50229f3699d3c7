public import Model

/// How a run is to be stopped.
public enum StopKind: UInt8, Sendable, CaseIterable {
  /// Send nothing more, wait for what is under way.
  case drain = 1
  /// Wait for nothing.
  case abort

  /// The schema's word.
  public var word: String {
    switch self {
    case .drain: "drain"
    case .abort: "abort"
    }
  }
}

/// Ends a worker's run before its plan does.
public struct Stop: Sendable, Hashable {
  public var run: Identifier
  public var incarnation: Identifier
  public var kind: StopKind
  /// For a person.
  public var text: String

  public init(run: Identifier, incarnation: Identifier, kind: StopKind, text: String = "") {
    self.run = run
    self.incarnation = incarnation
    self.kind = kind
    self.text = text
  }

  package static let table = Table(
    "Stop", .message(0x0013), initial: { Stop(run: .nobody, incarnation: .nobody, kind: .drain) },
    fields: [
      Field(1, "run", \Stop.run, .uuid),
      Field(2, "incarnation", \.incarnation, .uuid),
      Field(3, "kind", \.kind, .enumeration("StopKind")),
      Field(4, "text", \.text, .string(atMost: 1_024), in: .tail),
    ])
}
