/// How many failing exchanges a run keeps whole, and what of them it must never show.
public struct FailureKeeping: Sendable, Hashable {
  /// Of each kind of failure and each name; 0 keeps none.
  public var most = 5
  /// Header fields whose values are masked besides those that are always.
  public var headers: [String] = []
  /// Texts that are masked wherever they stand: what the environment gave to the plan, and what the plan lists.
  public var values: [String] = []

  /// The most that `most` can be.
  public static let limit = 100

  public init(most: Int = 5) {
    self.most = most
  }

  /// Adds texts to be masked; empty ones and those known are passed over.
  public mutating func add(values more: [String]) {
    for value in more where !value.isEmpty && !values.contains(value) { values.append(value) }
  }
}
