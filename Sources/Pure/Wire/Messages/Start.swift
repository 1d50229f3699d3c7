public import Model

/// When the run starts; every worker was ready.
public struct Start: Sendable, Hashable {
  /// The first with a horizon.
  public var grant: Grant
  /// The run's start on the master's clock.
  public var start: Instant

  public init(grant: Grant, start: Instant) {
    self.grant = grant
    self.start = start
  }

  package static let table = Table(
    "Start", .message(0x0012),
    initial: {
      let grant = Grant(run: .nobody, incarnation: .nobody, term: 0, epoch: 0, horizon: .zero, lease: .zero)
      return Start(grant: grant, start: Instant(nanoseconds: 0))
    },
    fields: [
      Field(1, "grant", \Start.grant, Grant.table.form),
      Field(2, "start", \.start, .moment),
    ])
}
