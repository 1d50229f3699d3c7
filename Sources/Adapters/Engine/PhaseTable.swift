import Measuring
import Model

/// Which part of the load's shape a second belongs to: that of its beginning.
struct PhaseTable: Sendable {
  private let parts: [Shape.Part]

  init(_ load: Load) {
    switch load.model {
    case .arrivals(let shape), .users(let shape): parts = shape.parts
    }
  }

  /// When each part ends, since the run's start; `.longest` for one without an end.
  var ends: [TimeSpan] {
    var end = TimeSpan.zero
    return parts.map { part in
      guard let duration = part.duration, end != .longest else {
        end = .longest
        return end
      }
      end = end + duration
      return end
    }
  }

  /// - Parameter instant: since the run's start. Beyond the last part it is that one.
  func phase(at instant: TimeSpan, isWarmUp: Bool) -> Interval.Phase {
    var left = instant
    var index = 0
    while index + 1 < parts.count, let duration = parts[index].duration, left >= duration {
      left = left - duration
      index += 1
    }
    return Interval.Phase(index: UInt16(clamping: index), name: parts[index].name, isWarmUp: isWarmUp)
  }
}
