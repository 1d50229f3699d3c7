import Measuring

/// One of the sums that every result shows: what went in equals what came out, or the run is not complete.
public struct Equation: Sendable, Hashable {
  /// A counted word and its count.
  public struct Term: Sendable, Hashable {
    public var word: String
    public var count: UInt64

    public init(_ word: String, _ count: UInt64) {
      self.word = word
      self.count = count
    }
  }

  public var left: Term
  public var right: [Term]

  public init(_ left: Term, _ right: [Term]) {
    self.left = left
    self.right = right
  }

  /// left − Σ right; zero where the sum holds. Beyond 64 bits it is clamped.
  public var residual: Int64 {
    let sum = right.reduce(UInt64(0)) { $0.addingClamped($1.count) }
    let size = Int64(clamping: left.count > sum ? left.count - sum : sum - left.count)
    return left.count >= sum ? size : -size
  }

  /// The sum in words: `planned = started + unsent + gap`.
  public var text: String { "\(left.word) = " + right.map(\.word).joined(separator: " + ") }
}
