public import Model

/// Sent every `Welcome.heartbeat`: the worker lives, and this is how far it is.
public struct Heartbeat: Sendable, Hashable {
  /// Never twice in the life of a process.
  public var nonce: UInt64
  public var state: WorkerState
  public var run: Identifier?
  public var incarnation: Identifier?
  /// Sealed by this incarnation.
  public var records: UInt64
  /// Of these, published.
  public var published: UInt64

  public init(
    nonce: UInt64, state: WorkerState, run: Identifier? = nil, incarnation: Identifier? = nil, records: UInt64 = 0,
    published: UInt64 = 0
  ) {
    self.nonce = nonce
    self.state = state
    self.run = run
    self.incarnation = incarnation
    self.records = records
    self.published = published
  }

  package static let table = Table(
    "Heartbeat", .message(0x0006), initial: { Heartbeat(nonce: 0, state: .idle) },
    fields: [
      Field(1, "nonce", \Heartbeat.nonce, .fixed),
      Field(2, "state", \.state, .enumeration("WorkerState")),
      Field(3, "run", \.run, .optional(.uuid), in: .tail),
      Field(4, "incarnation", \.incarnation, .optional(.uuid), in: .tail),
      Field(5, "records", \.records, .fixed, in: .tail),
      Field(6, "published", \.published, .fixed, in: .tail),
    ])
}

/// The reply to a `Heartbeat`, with the same nonce: it tells the master's time and extends the grant.
public struct Beat: Sendable, Hashable {
  public var nonce: UInt64
  public var term: UInt64
  /// When the heartbeat came, on the master's clock.
  public var received: Instant
  /// When this was sent, on the master's clock.
  public var sent: Instant
  /// nil where the worker has no run that may send.
  public var grant: Grant?

  public init(nonce: UInt64, term: UInt64, received: Instant, sent: Instant, grant: Grant? = nil) {
    self.nonce = nonce
    self.term = term
    self.received = received
    self.sent = sent
    self.grant = grant
  }

  package static let table = Table(
    "Beat", .message(0x0007),
    initial: { Beat(nonce: 0, term: 0, received: Instant(nanoseconds: 0), sent: Instant(nanoseconds: 0)) },
    fields: [
      Field(1, "nonce", \Beat.nonce, .fixed),
      Field(2, "term", \.term, .fixed),
      Field(3, "received", \.received, .moment),
      Field(4, "sent", \.sent, .moment),
      Field(5, "grant", \.grant, .optional(Grant.table.form), in: .tail),
    ],
    check: { (beat: Beat) throws(WireError) in
      if beat.sent < beat.received {
        throw WireError(
          place: "sent", found: "\(beat.sent.nanoseconds) ns",
          expected: "at least received, \(beat.received.nanoseconds)")
      }
    })
}
