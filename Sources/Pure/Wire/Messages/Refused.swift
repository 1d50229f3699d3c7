import Model

/// Why a master does not take a worker.
public enum Refusal: UInt8, Sendable, CaseIterable {
  case token = 1
  case version
  /// The worker id is in use by a process that lives.
  case duplicate
  case term
  case malformed
  /// As many workers as the master takes.
  case busy
  case stopping

  /// The schema's word.
  public var word: String {
    switch self {
    case .token: "token"
    case .version: "version"
    case .duplicate: "duplicate"
    case .term: "term"
    case .malformed: "malformed"
    case .busy: "busy"
    case .stopping: "stopping"
    }
  }
}

/// The master's no, its last frame before it closes.
public struct Refused: Sendable, Hashable {
  public var why: Refusal
  /// For a person; from outside, so show its `harmless` form.
  public var text: String

  public init(why: Refusal, text: String) {
    self.why = why
    self.text = text
  }

  package static let table = Table(
    "Refused", .message(0x0003), initial: { Refused(why: .malformed, text: "") },
    fields: [
      Field(1, "why", \Refused.why, .enumeration("Refusal")),
      Field(2, "text", \.text, .string(atMost: 1_024)),
    ])
}
