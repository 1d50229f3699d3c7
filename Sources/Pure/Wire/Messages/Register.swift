public import Model

/// What a worker is at, said after every Welcome: so a master that was started anew finds its runs again.
public struct Register: Sendable, Hashable {
  /// The highest it has seen.
  public var term: UInt64
  public var state: WorkerState
  /// Both nil while it is idle.
  public var run: Identifier?
  public var incarnation: Identifier?

  public init(term: UInt64, state: WorkerState = .idle, run: Identifier? = nil, incarnation: Identifier? = nil) {
    self.term = term
    self.state = state
    self.run = run
    self.incarnation = incarnation
  }

  package static let table = Table(
    "Register", .message(0x0004), initial: { Register(term: 0) },
    fields: [
      Field(1, "term", \Register.term, .fixed),
      Field(2, "state", \.state, .enumeration("WorkerState")),
      Field(3, "run", \.run, .optional(.uuid), in: .tail),
      Field(4, "incarnation", \.incarnation, .optional(.uuid), in: .tail),
    ])
}

/// The reply to `Register`.
public struct Registered: Sendable, Hashable {
  public var worker: String

  public init(worker: String) {
    self.worker = worker
  }

  package static let table = Table(
    "Registered", .message(0x0005), initial: { Registered(worker: "") },
    fields: [Field(1, "worker", \Registered.worker, .string(atMost: 128))])
}
