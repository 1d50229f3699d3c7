extension Bank {
  /// The first value in an octave: links a block laid ready, or folds the value where none is left. A cell that has no
  /// block at all then keeps only what every cell keeps: count, sum, least and greatest.
  @usableFromInline
  func recordInNewBlock(_ bucket: Int, _ words: UnsafeMutablePointer<UInt32>) {
    let number = unsafe header.pointee.next
    if unsafe number <= header.pointee.ready {
      unsafe header.pointee.next = number + 1
      unsafe words[bucket >> 7] = number
      unsafe block(number)[bucket & 127] &+= 1
      return
    }
    unsafe header.pointee.folded &+= 1
    let octave = bucket >> 7
    for distance in 1..<Bucket.blocks {
      // Upwards first: a folded time may read too long, never too short, while there is a choice.
      for candidate in [octave + distance, octave - distance] where candidate >= 0 && candidate < Bucket.blocks {
        let there = unsafe words[candidate]
        if there != 0 {
          unsafe block(there)[candidate > octave ? 0 : 127] &+= 1
          return
        }
      }
    }
  }

  /// Makes room for so many blocks in all, as far as the memory reaches.
  ///
  /// Called on the tick, while the bank is clean.
  public func layReady(blocks wanted: Int) {
    unsafe header.pointee.ready = min(UInt32(clamping: wanted), header.pointee.blocks)
  }

  /// Blocks taken since it was last cleared.
  public var blocksTaken: Int { unsafe Int(header.pointee.next) - 1 }

  /// Makes it clean again: all counters and histograms empty, all blocks free.
  public func clear() {
    let taken = blocksTaken
    unsafe header.pointee.next = 1
    unsafe header.pointee.folded = 0
    let cells = unsafe header.pointee.rowsEnd - Bank.headerSize
    unsafe (base + Bank.headerSize).initializeMemory(as: UInt8.self, repeating: 0, count: cells)
    if taken > 0 {
      unsafe UnsafeMutableRawPointer(block(1))
        .initializeMemory(as: UInt8.self, repeating: 0, count: taken * Bank.blockSize)
    }
  }
}
