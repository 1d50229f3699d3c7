/// One loop's figures of the open second, laid out in memory given to it: it owns nothing and holds no other pointer.
///
/// ```
/// header │ worker cells │ row of name 0 │ row of name 1 │ … │ checks │ scenarios │ block 1 │ block 2 │ …
/// ```
/// A row holds counters, status and error counts, and one cell per histogram. A cell holds the numbers of its
/// blocks (one per octave that occurred), so that a histogram of few octaves costs few hundred bytes. Blocks are
/// taken from those laid ready in advance; when none is left, a value goes to the nearest bucket its cell has (where it
/// has none, reading puts it together from count, sum, least and greatest) and is counted as folded. Recording allocates nothing and takes no lock; one thread at a time may use a bank.
@safe
public struct Bank: @unchecked Sendable {
  // Sendable because of hand-over: a bank is recorded into by its loop's thread, or read and cleared by the
  // collector's, never both at a time.
  @usableFromInline let base: UnsafeMutableRawPointer
  /// Where block 0 would begin.
  @usableFromInline let blocks: UnsafeMutableRawPointer

  /// Bytes of one block: 128 counts of 32 bits.
  @usableFromInline static let blockSize = 512
  @usableFromInline static let headerSize = 64
  @usableFromInline static let cellSize = 128
  /// Where the rows begin: behind the header and three worker cells.
  @usableFromInline static let rowsAt = 448
  @usableFromInline static let rowSize = 1_280

  /// Takes over zeroed memory of at least `room.size` bytes, aligned to 64.
  public init(zeroed memory: UnsafeMutableRawPointer, _ room: Room) {
    unsafe base = memory
    unsafe blocks = memory + (room.blocksAt - Bank.blockSize)
    unsafe header.pointee = Header(room)
  }

  struct Header {
    /// The next block to be taken; numbers begin with 1.
    var next: UInt32 = 1
    /// Blocks below and including this number may be taken.
    var ready: UInt32
    let blocks: UInt32
    let names: UInt32
    var folded: UInt64 = 0
    /// Where the checks begin, the scenarios, and what lies behind them.
    let checksAt: Int
    let scenariosAt: Int
    let rowsEnd: Int

    init(_ room: Room) {
      names = UInt32(room.names)
      blocks = UInt32(room.blocks)
      ready = UInt32(room.blocks)
      checksAt = room.checksAt
      scenariosAt = room.scenariosAt
      rowsEnd = room.rowsEnd
    }
  }

  var header: UnsafeMutablePointer<Header> { unsafe base.assumingMemoryBound(to: Header.self) }

  /// The loop's own histograms.
  public enum Worker: Int, CaseIterable, Sendable {
    case lateness, fromWoke, response
  }

  /// A name's histograms, as in `NameHistograms`.
  public enum Kind: Int, CaseIterable, Sendable {
    case response, service, failed, censored, censoredService, connect, firstByte
  }

  /// A name's counters, as in `RequestCounts`.
  public enum Counter: Int, CaseIterable, Sendable {
    case started, written, answered, completed, accepted, resent, bytesOut, bytesIn, redirected, retried
  }

  // Within a row: counters, then statuses, then errors, then cells.
  @usableFromInline static let statusesAt = 128
  @usableFromInline static let statusSlots = 16
  @usableFromInline static let errorsAt = statusesAt + statusSlots * 8
  @usableFromInline static let errorSlots = 32
  @usableFromInline static let cellsAt = errorsAt + errorSlots * 4

  @inlinable
  func row(_ name: Int) -> UnsafeMutableRawPointer {
    unsafe base + (Bank.rowsAt &+ name &* Bank.rowSize)
  }

  @inlinable
  func cell(_ worker: Worker) -> UnsafeMutableRawPointer {
    unsafe base + (Bank.headerSize &+ worker.rawValue &* Bank.cellSize)
  }

  @inlinable
  func cell(_ name: Int, _ kind: Kind) -> UnsafeMutableRawPointer {
    unsafe row(name) + (Bank.cellsAt &+ kind.rawValue &* Bank.cellSize)
  }

  /// Adds to one of a name's counters.
  @inlinable
  public func count(_ name: Int, _ counter: Counter, _ amount: UInt64 = 1) {
    unsafe row(name).assumingMemoryBound(to: UInt64.self)[counter.rawValue] &+= amount
  }

  /// Counts a reply with its status. Beyond 15 different ones the rest is counted together, as status 0.
  @inlinable
  public func count(_ name: Int, status: UInt16) {
    let slots = unsafe (row(name) + Bank.statusesAt).assumingMemoryBound(to: UInt64.self)
    // Each slot: status in the upper 16 bits, count below; slot 0 takes what has no room.
    let mark = UInt64(status) &<< 48
    // Nearly always the first one seen.
    if unsafe slots[1] &>> 48 == UInt64(status), unsafe slots[1] != 0 {
      unsafe slots[1] &+= 1
      return
    }
    var index = 1
    while index < Bank.statusSlots {
      let slot = unsafe slots[index]
      if slot & 0xFFFF_0000_0000_0000 == mark && slot != 0 || slot == 0 {
        unsafe slots[index] = slot == 0 ? mark | 1 : slot &+ 1
        return
      }
      index &+= 1
    }
    unsafe slots[0] &+= 1
  }

  /// Counts a failure by the raw value of its kind, 0 … 31; a test holds all kinds against that.
  @inlinable
  public func count(_ name: Int, error: UInt8) {
    unsafe (row(name) + Bank.errorsAt).assumingMemoryBound(to: UInt32.self)[Int(error & 31)] &+= 1
  }

  /// Counts a time in one of a name's histograms.
  @inlinable
  public func record(_ name: Int, _ kind: Kind, microseconds: UInt32) {
    unsafe record(BucketedTime(microseconds: microseconds), in: cell(name, kind))
  }

  /// The same of a time that is counted in other histograms, too.
  @inlinable
  public func record(_ name: Int, _ kind: Kind, _ time: BucketedTime) {
    unsafe record(time, in: cell(name, kind))
  }

  /// Counts a time in one of the loop's histograms.
  @inlinable
  public func record(_ worker: Worker, microseconds: UInt32) {
    unsafe record(BucketedTime(microseconds: microseconds), in: cell(worker))
  }

  /// The same of a time that is counted in other histograms, too.
  @inlinable
  public func record(_ worker: Worker, _ time: BucketedTime) {
    unsafe record(time, in: cell(worker))
  }

  // Within a cell: 26 block numbers (32 bits), least and greatest (32 bits each), count and sum (64 bits each).
  @usableFromInline static let leastAt = 26
  @usableFromInline static let greatestAt = 27
  @usableFromInline static let countAt = 14
  @usableFromInline static let sumAt = 15

  @inlinable
  func record(_ time: BucketedTime, in cell: UnsafeMutableRawPointer) {
    let (microseconds, bucket) = (time.microseconds, time.bucket)
    let words = unsafe cell.assumingMemoryBound(to: UInt32.self)
    let wide = unsafe cell.assumingMemoryBound(to: UInt64.self)
    let number = unsafe words[bucket &>> 7]
    if number != 0 {
      unsafe block(number)[bucket & 127] &+= 1
    } else {
      unsafe recordInNewBlock(bucket, words)
    }
    if unsafe microseconds > words[Bank.greatestAt] { unsafe words[Bank.greatestAt] = microseconds }
    // The least is kept as its complement, so that zeroed memory means none.
    if unsafe ~microseconds > words[Bank.leastAt] { unsafe words[Bank.leastAt] = ~microseconds }
    unsafe wide[Bank.sumAt] &+= UInt64(microseconds)
    unsafe wide[Bank.countAt] &+= 1
  }

  @inlinable
  func block(_ number: UInt32) -> UnsafeMutablePointer<UInt32> {
    unsafe (blocks + Int(number) &* Bank.blockSize).assumingMemoryBound(to: UInt32.self)
  }
}
