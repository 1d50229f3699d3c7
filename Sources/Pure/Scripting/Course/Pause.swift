public import Model
import Pacing

/// A think time ready to be drawn from a word of 64 random bits; plain data.
public struct Pause: Sendable, Hashable {
  private enum Kind: UInt8, Sendable {
    case fixed, uniform, normal, exponential
  }

  private let kind: Kind
  /// In nanoseconds: length, least, or mean; and width or deviation.
  private let first: Int64
  private let second: Int64

  public static let none = Pause(nil)

  /// Nil is no pause.
  public init(_ think: ThinkTime?) {
    switch think {
    case .none: (kind, first, second) = (.fixed, 0, 0)
    case .fixed(let length): (kind, first, second) = (.fixed, max(0, length.nanoseconds), 0)
    case .uniform(let range):
      let least = max(0, range.lowerBound.nanoseconds)
      (kind, first, second) = (.uniform, least, max(0, range.upperBound.nanoseconds) - least)
    case .normal(let mean, let deviation):
      (kind, first, second) = (.normal, mean.nanoseconds, max(0, deviation.nanoseconds))
    case .exponential(let mean): (kind, first, second) = (.exponential, max(0, mean.nanoseconds), 0)
    }
  }

  /// The same for every word.
  public var isFixed: Bool { kind == .fixed }

  /// Nanoseconds, 0 or more and at most `TimeSpan.longest`.
  ///
  /// Uniform: both ends included. Exponential: −mean · ln(1 − u). Normal: mean + deviation · Φ⁻¹(u), below zero
  /// counts as zero.
  public func length(_ word: UInt64) -> Int64 {
    switch kind {
    case .fixed: return first
    case .uniform:
      let width = UInt64(second) &+ 1
      return first &+ Int64(truncatingIfNeeded: word.multipliedFullWidth(by: width).high)
    case .exponential:
      return Pause.bounded(-Double(first) * naturalLogarithm(Pause.share(word)))
    case .normal:
      return Pause.bounded(Double(first) + Double(second) * normalQuantile(Pause.share(word)))
    }
  }

  /// Between 0 and 1, neither of them included; 53 bits.
  private static func share(_ word: UInt64) -> Double {
    (Double(word >> 11) + 0.5) * 0x1p-53
  }

  private static func bounded(_ nanoseconds: Double) -> Int64 {
    if !(nanoseconds > 0) { return 0 }
    return nanoseconds < Double(TimeSpan.longest.nanoseconds) ? Int64(nanoseconds) : TimeSpan.longest.nanoseconds
  }
}
