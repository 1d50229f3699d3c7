import Glibc

/// Bytes waiting to be sent: appended at the end, sent from the front. Confined to its loop's thread.
///
/// Memory is a block of the loop's pool while little waits, and none at all when nothing does.
struct OutputBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var start = 0
  private var end = 0

  var count: Int { end - start }
  var isEmpty: Bool { start == end }
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base.map { UnsafeRawPointer($0 + start) }, count: count)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer, from pool: inout BlockPool) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    reserve(bytes.count, from: &pool).copyMemory(from: source, byteCount: bytes.count)
    end += bytes.count
  }

  /// Room for `count` bytes at the end, to be filled before `advance`.
  mutating func reserve(_ count: Int, from pool: inout BlockPool) -> UnsafeMutableRawPointer {
    if let base {
      if end + count <= capacity { return base + end }
      let held = self.count
      if held + count <= capacity {
        memmove(base, base + start, held)
        (start, end) = (0, held)
        return base + end
      }
      let grown = max(capacity * 2, held + count)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
      larger.copyMemory(from: base + start, byteCount: held)
      pool.give(base, capacity)
      self.base = larger
      (capacity, start, end) = (grown, 0, held)
      return larger + end
    }
    let block = pool.take(atLeast: count)
    base = block.base
    (capacity, start, end) = (block.capacity, 0, 0)
    return block.base
  }

  /// Counts in what was filled after `reserve`.
  mutating func advance(_ count: Int) {
    end += count
  }

  /// Drops what was sent, and the memory with the last of it.
  mutating func consume(_ count: Int, into pool: inout BlockPool) {
    start += count
    if start == end { clear(into: &pool) }
  }

  mutating func clear(into pool: inout BlockPool) {
    if let base { pool.give(base, capacity) }
    base = nil
    (capacity, start, end) = (0, 0, 0)
  }
}

/// Blocks of 16 KiB that channels of one loop write into in turn.
struct BlockPool: ~Copyable {
  static let blockSize = 16_384
  private static let most = 256
  private var free: [UnsafeMutableRawPointer] = []

  mutating func take(atLeast count: Int) -> (base: UnsafeMutableRawPointer, capacity: Int) {
    if count <= BlockPool.blockSize, let block = free.popLast() { return (block, BlockPool.blockSize) }
    let size = max(count, BlockPool.blockSize)
    return (.allocate(byteCount: size, alignment: 16), size)
  }

  mutating func give(_ base: UnsafeMutableRawPointer, _ capacity: Int) {
    if capacity == BlockPool.blockSize, free.count < BlockPool.most {
      free.append(base)
    } else {
      base.deallocate()
    }
  }

  deinit {
    for block in free { block.deallocate() }
  }
}
