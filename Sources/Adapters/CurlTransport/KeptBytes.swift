/// Bytes of a reply that are kept, up to a bound; the memory is used again for the next one. Plain data: its owner frees it.
struct KeptBytes {
  private var start: UnsafeMutableRawPointer?
  private(set) var count = 0
  private var capacity = 0

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  mutating func clear() { count = 0 }

  mutating func append(_ more: UnsafeRawPointer, _ length: Int) {
    if count + length > capacity {
      let wanted = max(count + length, capacity * 2, 1_024)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 1)
      if let start {
        larger.copyMemory(from: start, byteCount: count)
        start.deallocate()
      }
      start = larger
      capacity = wanted
    }
    start?.advanced(by: count).copyMemory(from: more, byteCount: length)
    count += length
  }

  mutating func free() {
    start?.deallocate()
    start = nil
    count = 0
    capacity = 0
  }
}
