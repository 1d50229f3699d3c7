/// What a virtual user remembers: the feeds' rows of its iteration and the values that captures found.
///
/// ```
/// header │ row of feed 0, 1 … │ entry of variable 0, 1 … │ values, one behind the other
/// ```
/// It lies in memory of the caller, which says how much there is; what has no room asks for more. A copy of this struct
/// is the same memory. Values set before `keep` (those of setup) outlive `forget`, which the iteration's do not.
@safe
public struct UserMemory {
  @usableFromInline let base: UnsafeMutableRawPointer

  /// The longest value that is kept.
  public static let longestValue = 65_536

  struct Header {
    var capacity: UInt32
    var feeds: UInt16
    var variables: UInt16
    /// Where the next value goes, and where those that are kept end; from the base.
    var used: UInt32
    var keptEnd: UInt32
  }

  /// Where a variable's value lies: what setup left, and what stands now. Offset 0 = none.
  struct Entry {
    var keptAt: UInt32 = 0
    var keptCount: UInt32 = 0
    var at: UInt32 = 0
    var count: UInt32 = 0
  }

  /// The bytes it takes for so many feeds and variables, with room for so many bytes of values.
  public static func size(feeds: Int, variables: Int, values: Int = 0) -> Int {
    valuesAt(feeds: feeds, variables: variables) + max(0, values)
  }

  static func entriesAt(_ feeds: Int) -> Int { MemoryLayout<Header>.size + (feeds + 1) / 2 * 8 }

  static func valuesAt(feeds: Int, variables: Int) -> Int {
    entriesAt(feeds) + variables * MemoryLayout<Entry>.stride
  }

  /// Makes memory ready: nothing captured, rows 0.
  ///
  /// - Precondition: aligned to 8; at least `size(feeds:variables:)` bytes and fewer than 2³².
  public init(preparing memory: UnsafeMutableRawPointer, capacity: Int, feeds: Int, variables: Int) {
    precondition(capacity >= UserMemory.size(feeds: feeds, variables: variables) && capacity <= Int(UInt32.max))
    unsafe base = memory
    let start = UserMemory.valuesAt(feeds: feeds, variables: variables)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: start)
    header = Header(
      capacity: UInt32(capacity), feeds: UInt16(feeds), variables: UInt16(variables), used: UInt32(start),
      keptEnd: UInt32(start))
  }

  /// Memory that was made ready before.
  @inlinable
  public init(_ memory: UnsafeMutableRawPointer) { unsafe base = memory }

  /// Bytes of the memory.
  public var capacity: Int { Int(header.capacity) }

  var header: Header {
    get { unsafe base.load(as: Header.self) }
    nonmutating set { unsafe base.storeBytes(of: newValue, as: Header.self) }
  }

  /// The row of a feed that the iteration has.
  public subscript(row feed: Int) -> Int {
    get {
      guard feed < Int(header.feeds) else { return 0 }
      return unsafe Int(base.load(fromByteOffset: MemoryLayout<Header>.size + feed * 4, as: UInt32.self))
    }
    nonmutating set {
      guard feed < Int(header.feeds) else { return }
      unsafe base.storeBytes(
        of: UInt32(clamping: newValue), toByteOffset: MemoryLayout<Header>.size + feed * 4, as: UInt32.self)
    }
  }

  private func place(of variable: Int) -> Int {
    UserMemory.entriesAt(Int(header.feeds)) + variable * MemoryLayout<Entry>.stride
  }

  func entry(_ variable: Int) -> Entry { unsafe base.load(fromByteOffset: place(of: variable), as: Entry.self) }

  func setEntry(_ variable: Int, _ entry: Entry) {
    unsafe base.storeBytes(of: entry, toByteOffset: place(of: variable), as: Entry.self)
  }

  /// A variable's value; nil where nothing was captured. Valid until the next change.
  public func value(_ variable: Int) -> ByteView? {
    guard variable >= 0, variable < Int(header.variables) else { return nil }
    let entry = entry(variable)
    return unsafe entry.at == 0 ? nil : ByteView(base + Int(entry.at), count: Int(entry.count))
  }

  /// What became of a value.
  public enum Stored: Sendable, Equatable {
    case stored
    /// Not stored: the memory must be of so many bytes.
    case needs(Int)
    /// Not stored: beyond `longestValue`.
    case tooLong
  }

  /// Sets a variable's value, a copy of the bytes, which must not be of this memory. Where there is no room, it has
  /// no value until it is set once more.
  public func set(_ variable: Int, _ value: ByteView) -> Stored {
    switch reserve(value.count, for: variable) {
    case .stored: break
    case .needs(let bytes): return .needs(bytes)
    case .tooLong: return .tooLong
    }
    var sink = room
    sink.append(value)
    commit(variable, count: value.count)
    return .stored
  }

  /// Sees to it that `room` is of at least so many bytes, for a variable whose value is about to be replaced.
  func reserve(_ count: Int, for variable: Int) -> Stored {
    if count > UserMemory.longestValue { return .tooLong }
    // An empty one takes a byte too, so that no two lie at the same place.
    let room = max(count, 1)
    if Int(header.used) + room > Int(header.capacity) {
      if variable >= 0, variable < Int(header.variables) {
        var entry = entry(variable)
        entry.at = 0
        entry.count = 0
        setEntry(variable, entry)
      }
      compact()
    }
    let needed = Int(header.used) + room
    return needed > Int(header.capacity) ? .needs(needed) : .stored
  }

  /// Free memory behind the values.
  var room: ByteSink {
    unsafe ByteSink(base + Int(header.used), capacity: Int(header.capacity) - Int(header.used))
  }

  /// Makes the first bytes of `room` a variable's value.
  func commit(_ variable: Int, count: Int) {
    guard variable >= 0, variable < Int(header.variables) else { return }
    var entry = entry(variable)
    entry.at = header.used
    entry.count = UInt32(count)
    setEntry(variable, entry)
    header.used += UInt32(max(count, 1))
  }

  /// From now on what is set is kept by `forget`: the end of setup.
  public func keep() {
    // What was kept before is of no more use.
    header.keptEnd = start
    compact()
    for variable in 0..<Int(header.variables) {
      var entry = entry(variable)
      entry.keptAt = entry.at
      entry.keptCount = entry.count
      setEntry(variable, entry)
    }
    header.keptEnd = header.used
  }

  /// Back to what was kept: the end of an iteration.
  public func forget() {
    for variable in 0..<Int(header.variables) {
      var entry = entry(variable)
      entry.at = entry.keptAt
      entry.count = entry.keptCount
      setEntry(variable, entry)
    }
    header.used = header.keptEnd
  }

  /// Forgets everything: another user begins.
  public func clear() {
    for variable in 0..<Int(header.variables) { setEntry(variable, Entry()) }
    header.used = start
    header.keptEnd = start
  }

  /// Where values begin.
  private var start: UInt32 {
    UInt32(UserMemory.valuesAt(feeds: Int(header.feeds), variables: Int(header.variables)))
  }

  /// Copies everything into more memory, which is then the user's; the old one is of no more use.
  ///
  /// - Precondition: aligned to 8, not smaller than this.
  public func moved(to memory: UnsafeMutableRawPointer, capacity: Int) -> UserMemory {
    precondition(capacity >= self.capacity && capacity <= Int(UInt32.max))
    unsafe memory.copyMemory(from: base, byteCount: Int(header.used))
    let moved = unsafe UserMemory(memory)
    moved.header.capacity = UInt32(capacity)
    return moved
  }

  /// Closes the gaps that overwritten values of the iteration left. Time is the square of the variables.
  private func compact() {
    var end = header.keptEnd
    var from = header.keptEnd
    while true {
      // Of those not moved yet the one that lies first.
      var next = -1
      var least = UInt32.max
      for variable in 0..<Int(header.variables) {
        let at = entry(variable).at
        if at >= from, at < least, at != 0 {
          next = variable
          least = at
        }
      }
      if next < 0 { break }
      var entry = entry(next)
      if entry.at != end {
        unsafe (base + Int(end)).copyMemory(from: base + Int(entry.at), byteCount: Int(entry.count))
      }
      from = entry.at + max(entry.count, 1)
      entry.at = end
      setEntry(next, entry)
      end += max(entry.count, 1)
    }
    header.used = end
  }
}
