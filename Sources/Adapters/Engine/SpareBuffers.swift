/// Bytes of a reply that came in several pieces, in memory that grows; plain data in its connection.
struct KeptBytes {
  fileprivate(set) var start: UnsafeMutablePointer<UInt8>?
  fileprivate(set) var count = 0
  fileprivate var capacity = 0
  /// Whether more came than is kept.
  fileprivate(set) var isCut = false
}

/// Memory for what connections keep, given back and used again: connections that wait for nothing hold none.
struct SpareBuffers {
  /// The most bytes of one reply that are kept, and the least that a buffer has.
  static let most = 1 << 20
  static let least = 16_384
  /// Greater ones are not held in reserve, nor more than so many.
  private static let mostSpare = 65_536
  private static let spares = 64

  /// In the first bytes of a spare one: the next one, and how large it is.
  private struct Link {
    var next: UnsafeMutablePointer<UInt8>?
    var capacity: Int
  }

  private var first: UnsafeMutablePointer<UInt8>?
  private var count = 0
  /// Bytes of the buffers that replies have now.
  private(set) var inUse = 0

  /// Adds bytes, as many as there is still room for.
  mutating func append(
    _ bytes: UnsafePointer<UInt8>, _ more: Int, to kept: inout KeptBytes, atMost most: Int = SpareBuffers.most
  ) {
    let taken = min(more, max(0, most - kept.count))
    if taken < more { kept.isCut = true }
    if taken <= 0 { return }
    if kept.count + taken > kept.capacity { grow(&kept, for: kept.count + taken) }
    guard let start = kept.start else { return }
    (start + kept.count).update(from: bytes, count: taken)
    kept.count += taken
  }

  private mutating func grow(_ kept: inout KeptBytes, for needed: Int) {
    if kept.start == nil, needed <= SpareBuffers.least, let spare = take() {
      (kept.start, kept.capacity) = spare
      inUse += kept.capacity
      return
    }
    let capacity = min(max(SpareBuffers.least, needed, 2 * kept.capacity), SpareBuffers.most)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    if let start = kept.start {
      larger.update(from: start, count: kept.count)
      give(start, kept.capacity)
    }
    inUse += capacity - kept.capacity
    kept.start = larger
    kept.capacity = capacity
  }

  private mutating func take() -> (UnsafeMutablePointer<UInt8>, Int)? {
    guard let start = first else { return nil }
    let link = UnsafeRawPointer(start).loadUnaligned(as: Link.self)
    first = link.next
    count -= 1
    return (start, link.capacity)
  }

  private mutating func give(_ start: UnsafeMutablePointer<UInt8>, _ capacity: Int) {
    if capacity > SpareBuffers.mostSpare || count >= SpareBuffers.spares { return start.deallocate() }
    UnsafeMutableRawPointer(start).storeBytes(of: Link(next: first, capacity: capacity), as: Link.self)
    first = start
    count += 1
  }

  /// The reply is done with.
  mutating func empty(_ kept: inout KeptBytes) {
    if let start = kept.start {
      inUse -= kept.capacity
      give(start, kept.capacity)
    }
    kept = KeptBytes()
  }

  func free() {
    var next = first
    while let start = next {
      next = UnsafeRawPointer(start).loadUnaligned(as: Link.self).next
      start.deallocate()
    }
  }
}
