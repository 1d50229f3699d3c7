/// How far a worker is with its run.
public enum WorkerState: UInt8, Sendable, CaseIterable {
  case idle = 1
  case preparing
  case ready
  case running
  case draining

  /// The schema's word.
  public var word: String {
    switch self {
    case .idle: "idle"
    case .preparing: "preparing"
    case .ready: "ready"
    case .running: "running"
    case .draining: "draining"
    }
  }
}
