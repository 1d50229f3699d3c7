public import Model
public import Wire

/// A worker's right to send for one incarnation: until when, and up to where in the run.
///
/// It ends so long after the heartbeat was *sent* whose nonce a reply echoes, on the own clock: a reply that was long on
/// its way, or is read after the machine slept, renews nothing.
public struct Lease: Sendable, Hashable {
  public let run: Identifier
  public let incarnation: Identifier
  /// The highest term heard of; lower ones are refused.
  public private(set) var term: UInt64
  /// When it ends; nil before it was given.
  public private(set) var end: Instant?
  /// Arrivals due before this may be sent, in run time; it only grows.
  public private(set) var horizon = TimeSpan.zero

  /// As the assignment says: nothing may be sent yet.
  public init(_ grant: Grant) {
    run = grant.run
    incarnation = grant.incarnation
    term = grant.term
  }

  /// A longer lease than this is taken for one as long.
  private static let longest = TimeSpan.seconds(3_600)

  /// Takes a grant that answers a heartbeat.
  ///
  /// - Parameter sent: when that heartbeat was sent.
  /// - Returns: false where the grant is another's, or of a master that was replaced.
  @discardableResult
  public mutating func extend(_ grant: Grant, sent: Instant) -> Bool {
    guard raise(grant) else { return false }
    let lasts = max(.zero, min(Lease.longest, grant.lease))
    let (nanoseconds, overflow) = sent.nanoseconds.addingReportingOverflow(lasts.nanoseconds)
    let new = overflow ? sent : Instant(nanoseconds: nanoseconds)
    end = end.map { max($0, new) } ?? new
    return true
  }

  /// Takes a grant that answers no heartbeat: it moves the horizon, never the end.
  ///
  /// - Returns: false where the grant is another's, or of a master that was replaced.
  @discardableResult
  public mutating func raise(_ grant: Grant) -> Bool {
    guard grant.run == run, grant.incarnation == incarnation, grant.term >= term else { return false }
    term = grant.term
    horizon = max(horizon, grant.horizon)
    return true
  }

  /// Until when anything may be sent in a run that began at this moment of the own clock.
  public func sendUntil(start: Instant) -> Instant {
    guard let end else { return Instant(nanoseconds: .min) }
    let (nanoseconds, overflow) = start.nanoseconds.addingReportingOverflow(horizon.nanoseconds)
    return overflow ? end : min(end, Instant(nanoseconds: nanoseconds))
  }
}

/// Heartbeats that wait for their replies, by nonce.
public struct OpenHeartbeats: Sendable, Hashable {
  private static let most = 64
  private var sent: [(nonce: UInt64, at: Instant)] = []
  private var last: UInt64 = 0

  public init() {}

  /// Notes one that is about to be sent.
  ///
  /// - Returns: its nonce; never the same twice.
  public mutating func next(at now: Instant) -> UInt64 {
    last += 1
    sent.append((last, now))
    if sent.count > OpenHeartbeats.most { sent.removeFirst() }
    return last
  }

  /// When the heartbeat with this nonce was sent; nil for one that is not known, or was answered before. Older ones are
  /// forgotten: replies come in order.
  public mutating func answered(_ nonce: UInt64) -> Instant? {
    guard let place = sent.firstIndex(where: { $0.nonce == nonce }) else { return nil }
    let at = sent[place].at
    sent.removeFirst(place + 1)
    return at
  }

  public static func == (a: OpenHeartbeats, b: OpenHeartbeats) -> Bool {
    a.last == b.last && a.sent.elementsEqual(b.sent) { $0 == $1 }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(last)
    hasher.combine(sent.count)
  }
}
