public import Model

/// How far the master's clock is ahead of this machine's, learnt from heartbeats.
///
/// Of the latest 16 the one with the shortest way counts: half of what its way took is the most it can be wrong by.
public struct ClockOffset: Sendable, Hashable {
  private struct Sample: Hashable {
    var offset: TimeSpan
    var roundTrip: TimeSpan
  }

  private static let most = 16
  private var samples: [Sample] = []
  private var next = 0

  public init() {}

  /// Takes one heartbeat's four moments; one that can't be true is left out.
  ///
  /// - Parameters:
  ///   - sent: when it was sent, on the own clock.
  ///   - arrived: when its reply was there, on the own clock.
  ///   - received: when the master had it, on the master's clock.
  ///   - replied: when the master replied, on the master's clock.
  public mutating func take(sent: Instant, arrived: Instant, received: Instant, replied: Instant) {
    let (there, first) = received.nanoseconds.subtractingReportingOverflow(sent.nanoseconds)
    let (back, second) = replied.nanoseconds.subtractingReportingOverflow(arrived.nanoseconds)
    let (way, third) = there.subtractingReportingOverflow(back)
    if first || second || third || way < 0 || arrived < sent { return }
    let sample = Sample(offset: TimeSpan(nanoseconds: back + way / 2), roundTrip: TimeSpan(nanoseconds: way))
    if samples.count < ClockOffset.most {
      samples.append(sample)
    } else {
      samples[next] = sample
      next = (next + 1) % ClockOffset.most
    }
  }

  /// Forgets everything: another master has another clock.
  public mutating func reset() {
    samples = []
    next = 0
  }

  private var best: Sample? { samples.min { $0.roundTrip < $1.roundTrip } }

  /// The master's clock minus the own; nil before the first heartbeat.
  public var offset: TimeSpan? { best?.offset }

  /// What the best heartbeat's way took, there and back.
  public var roundTrip: TimeSpan? { best?.roundTrip }

  /// A moment of the master's clock on the own one; nil before the first heartbeat and for moments beyond all clocks.
  public func own(_ moment: Instant) -> Instant? {
    guard let offset else { return nil }
    let (nanoseconds, overflow) = moment.nanoseconds.subtractingReportingOverflow(offset.nanoseconds)
    return overflow ? nil : Instant(nanoseconds: nanoseconds)
  }
}
