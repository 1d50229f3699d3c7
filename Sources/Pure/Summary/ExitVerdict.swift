import Measuring

/// What a finished run tells whoever started it, as an exit code.
public enum ExitVerdict: String, Sendable, Hashable, CaseIterable {
  case passed
  case failed
  case incomplete
  case stopped
  /// A threshold of the plan is broken.
  case thresholds

  public var exitCode: Int32 {
    switch self {
    case .passed: 0
    case .failed: 2
    case .incomplete: 3
    case .stopped: 105
    case .thresholds: 99
    }
  }

  /// The first of these that applies: the run could not go on or reached no target → `failed`; the result is not
  /// complete, so that no figure may be trusted → `incomplete`; a user ended it → `stopped`; not one reply was
  /// accepted → `failed`; a threshold is broken → `thresholds`; else `passed`. That the generator was the limit never changes the code.
  public init(endReason: EndReason?, isComplete: Bool, accepted: UInt64, holdsThresholds: Bool = true) {
    switch endReason {
    case .failed, .unreachable: self = .failed
    case .stopped, .aborted: self = isComplete ? .stopped : .incomplete
    case .planEnded, nil:
      self = !isComplete ? .incomplete : accepted == 0 ? .failed : holdsThresholds ? .passed : .thresholds
    }
  }
}
