import Measuring
import Synchronization

/// Samples on their way from one loop to the thread that writes them.
///
/// The loop alone adds, one thread at a time takes; neither ever waits for the other. A full ring counts what it can't
/// hold.
final class SampleRing: @unchecked Sendable {  // `records` is written by the loop in front of `head`, read behind it
  static let capacity = 65_536
  private static let mask = capacity - 1

  private let records: UnsafeMutablePointer<Sample>
  /// Samples ever added, and ever taken.
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)
  private let full = Atomic<UInt64>(0)

  init() {
    records = .allocate(capacity: SampleRing.capacity)
    // Every page is there before the first request.
    records.initialize(repeating: Sample(), count: SampleRing.capacity)
  }

  deinit { records.deallocate() }

  /// Samples that found no room.
  var missed: UInt64 { full.load(ordering: .relaxed) }

  /// The loop's side.
  ///
  /// - Parameters:
  ///   - place: how many it added before.
  ///   - seen: how many had been taken when it last looked.
  /// - Returns: whether there was room.
  @inline(__always)
  func add(_ sample: Sample, at place: Int, seen: inout Int) -> Bool {
    if place - seen == SampleRing.capacity {
      seen = tail.load(ordering: .acquiring)
      if place - seen == SampleRing.capacity {
        full.wrappingAdd(1, ordering: .relaxed)
        return false
      }
    }
    records[place & SampleRing.mask] = sample
    head.store(place + 1, ordering: .releasing)
    return true
  }

  /// The other side: hands over what is there, in at most two pieces.
  func take(_ body: (UnsafeBufferPointer<Sample>) -> Void) {
    var from = tail.load(ordering: .relaxed)
    let end = head.load(ordering: .acquiring)
    while from < end {
      let first = from & SampleRing.mask
      let count = min(end - from, SampleRing.capacity - first)
      body(UnsafeBufferPointer(start: records + first, count: count))
      from += count
      tail.store(from, ordering: .releasing)
    }
  }
}
