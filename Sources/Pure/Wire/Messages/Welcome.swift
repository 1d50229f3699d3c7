public import Model

/// The master's yes: the protocol agreed on, its term, and the times that rule grants.
public struct Welcome: Sendable, Hashable {
  public var `protocol`: UInt16
  public var term: UInt64
  /// How often the worker sends a heartbeat.
  public var heartbeat: TimeSpan
  /// How long a grant lasts after its heartbeat was sent.
  public var lease: TimeSpan
  /// What the master waits beyond that.
  public var margin: TimeSpan
  /// Of the program.
  public var version: String
  /// This life of the master; nil from one that does not say.
  public var master: Identifier?

  public init(
    protocol: UInt16, term: UInt64, heartbeat: TimeSpan, lease: TimeSpan, margin: TimeSpan, version: String = "",
    master: Identifier? = nil
  ) {
    self.protocol = `protocol`
    self.term = term
    self.heartbeat = heartbeat
    self.lease = lease
    self.margin = margin
    self.version = version
    self.master = master
  }

  package static let table = Table(
    "Welcome", .message(0x0002),
    initial: { Welcome(protocol: 0, term: 0, heartbeat: .zero, lease: .zero, margin: .zero) },
    fields: [
      Field(1, "protocol", \Welcome.protocol, .fixed),
      Field(2, "term", \.term, .fixed),
      Field(3, "heartbeat", \.heartbeat, .duration),
      Field(4, "lease", \.lease, .duration),
      Field(5, "margin", \.margin, .duration),
      Field(6, "version", \.version, .string(atMost: 64), in: .tail),
      Field(7, "master", \.master, .optional(.uuid), in: .tail),
    ],
    check: { (welcome: Welcome) throws(WireError) in
      if welcome.protocol == 0 { throw WireError(place: "protocol", found: "0", expected: "1 or more") }
      if welcome.heartbeat <= .zero || welcome.lease <= .zero {
        throw WireError(
          place: "heartbeat", found: "\(welcome.heartbeat) and a lease of \(welcome.lease)", expected: "both above 0")
      }
    })
}
