import Scripting

/// A response that came by redirects so far: what its next request is, and what the first one was.
struct Chain {
  /// Redirects followed.
  var hops: Int32 = 0
  var dropsBody = false
  var leavesOrigin = false
  /// When the first request was written.
  var firstSent: Int64 = 0
  /// The URL that is asked for, in `place`, and the request made for it.
  var location: Location?
  fileprivate var place: UnsafeMutableRawPointer?
  fileprivate var bytes: UnsafeMutablePointer<UInt8>?
  fileprivate var count = 0
  fileprivate var capacity = 0
  fileprivate var next: Int32 = -1

  var request: (UnsafePointer<UInt8>, Int) {
    guard let bytes else { return (UnsafePointer(bitPattern: 16).unsafelyUnwrapped, 0) }
    return (UnsafePointer(bytes), count)
  }

  /// Takes over where it goes next; the other's memory may then be used again.
  mutating func move(to location: Location) {
    let place = self.place ?? .allocate(byteCount: ChainTable.longestLocation, alignment: 8)
    self.place = place
    self.location = location.copied(to: place)
  }

  /// Has its request written, into memory that grows as it is needed.
  mutating func write(_ render: (inout ByteSink) -> Void) {
    while true {
      var sink = ByteSink(
        bytes.map { UnsafeMutableRawPointer($0) }
          ?? UnsafeMutableRawPointer(bitPattern: 16)
          .unsafelyUnwrapped, capacity: capacity)
      render(&sink)
      count = sink.needed
      if sink.fits { return }
      bytes?.deallocate()
      capacity = max(2_048, sink.needed * 2)
      bytes = .allocate(capacity: capacity)
    }
  }
}

/// The chains of one loop; those that have ended are used again, with their memory.
struct ChainTable {
  /// Bytes of the longest URL that is followed to, without its scheme.
  static let longestLocation = 16_384
  /// Longer requests give their memory back.
  private static let mostSpare = 65_536

  private var entries: UnsafeMutablePointer<Chain>?
  private var capacity = 0
  private var used = 0
  private var firstFree: Int32 = -1
  /// Where a URL is put together before it is known to be of use.
  private var scratch: UnsafeMutableRawPointer?
  private(set) var count = 0

  subscript(chain: Int32) -> Chain {
    @inline(__always)
    _read { yield entries.unsafelyUnwrapped[Int(chain)] }
    @inline(__always)
    _modify { yield &entries.unsafelyUnwrapped[Int(chain)] }
  }

  /// Two runs of memory to work in: for the path that was asked for, and for where it leads.
  mutating func rooms() -> (path: UnsafeMutableRawPointer, location: UnsafeMutableRawPointer) {
    let start = scratch ?? .allocate(byteCount: 2 * ChainTable.longestLocation, alignment: 8)
    scratch = start
    return (start, start + ChainTable.longestLocation)
  }

  mutating func begin(firstSent: Int64) -> Int32 {
    count += 1
    var chain = firstFree
    if chain >= 0 {
      firstFree = self[chain].next
    } else {
      if used == capacity { grow() }
      chain = Int32(used)
      entries.unsafelyUnwrapped.advanced(by: used).initialize(to: Chain())
      used += 1
    }
    self[chain].hops = 0
    self[chain].dropsBody = false
    self[chain].leavesOrigin = false
    self[chain].firstSent = firstSent
    return chain
  }

  mutating func end(_ chain: Int32) {
    count -= 1
    if self[chain].capacity > ChainTable.mostSpare {
      self[chain].bytes?.deallocate()
      self[chain].bytes = nil
      self[chain].capacity = 0
    }
    self[chain].location = nil
    self[chain].next = firstFree
    firstFree = chain
  }

  private mutating func grow() {
    let more = max(16, capacity * 2)
    let larger = UnsafeMutablePointer<Chain>.allocate(capacity: more)
    if let entries {
      larger.moveInitialize(from: entries, count: used)
      entries.deallocate()
    }
    entries = larger
    capacity = more
  }

  func free() {
    for chain in 0..<used {
      entries?[chain].place?.deallocate()
      entries?[chain].bytes?.deallocate()
    }
    entries?.deallocate()
    scratch?.deallocate()
  }
}
