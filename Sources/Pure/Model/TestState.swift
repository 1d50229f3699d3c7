/// Where a test is in its life.
public enum TestState: String, Sendable, CaseIterable, Hashable {
  case queued, preparing, running, paused, draining, finished, stopped, failed, expired

  /// Whether it changes no more.
  public var isEnd: Bool {
    switch self {
    case .finished, .stopped, .failed, .expired: true
    case .queued, .preparing, .running, .paused, .draining: false
    }
  }
}

/// Where one life of a worker is in a test.
public enum TestWorkerState: String, Sendable, CaseIterable, Hashable {
  case preparing, ready, running, draining
  /// It said so itself, with its counts.
  case ended
  /// Its lease ended and it never said anything.
  case lost
  /// It never was allowed to send anything.
  case released

  public var isEnd: Bool {
    switch self {
    case .ended, .lost, .released: true
    case .preparing, .ready, .running, .draining: false
    }
  }
}
