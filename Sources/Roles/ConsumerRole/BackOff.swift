import Model

extension BackOff {
  /// Of whoever waits for PostgreSQL or Kafka here.
  static let ofConsumer = BackOff(from: .milliseconds(100), to: .seconds(10))

  /// The next wait, as threads wait.
  mutating func nextPause(_ source: inout some RandomNumberGenerator) -> Duration {
    .nanoseconds(next(&source).nanoseconds)
  }
}
