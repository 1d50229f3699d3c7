import Measuring
import Model
import Pacing

/// What a loop needs to keep samples: which requests are drawn, and where they go.
struct Sampler {
  private let ring: SampleRing?
  private let key: UInt64
  /// Words up to this one are drawn.
  private let highest: UInt64
  /// Where each part of the shape ends, on the monotonic clock.
  private let ends: UnsafeMutablePointer<Int64>
  private let parts: Int
  private var added = 0
  private var seenTaken = 0

  init(_ ring: SampleRing?, _ plan: CompiledPlan, start: Int64) {
    self.ring = ring
    // Apart from what the same numbers draw otherwise.
    key = Draw.mix(plan.seed ^ 0x53_41_4D_50_4C_45_53)
    highest = plan.samples == 0 ? 0 : .max / plan.samples
    let spans = ring == nil ? [] : plan.phases.ends
    parts = spans.count
    ends = .allocate(capacity: max(parts, 1))
    for (place, end) in spans.enumerated() {
      (ends + place).initialize(to: end == .longest ? .max : start + end.nanoseconds)
    }
  }

  func free() { ends.deallocate() }

  /// Whether a response is drawn: by its arrival, or by its user and that one's draws. All of its requests are, or none.
  @inline(__always)
  func isDrawn(_ number: UInt64, iteration: UInt64, run: UInt64) -> Bool {
    highest == .max || Draw.mix(Draw.mix(key ^ Draw.mix(number)) ^ iteration << 20 ^ run) <= highest
  }

  /// The part of the shape that an instant lies in.
  @inline(__always)
  func phase(at instant: Int64) -> UInt16 {
    var place = 0
    while place + 1 < parts, instant >= ends[place] { place += 1 }
    return UInt16(clamping: place)
  }

  @inline(__always)
  mutating func add(_ sample: Sample) {
    if ring.unsafelyUnwrapped.add(sample, at: added, seen: &seenTaken) { added += 1 }
  }
}
