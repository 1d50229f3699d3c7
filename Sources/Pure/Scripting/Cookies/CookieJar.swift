/// One user's cookies (RFC 6265), in memory of the caller and bounded: the oldest go when there are too many.
///
/// ```
/// header │ record: facts, name, value, domain, path │ record │ …
/// ```
/// Records lie in the order in which they are sent: longer paths first, of equal ones the older first. A copy of this
/// struct is the same memory.
@safe
public struct CookieJar {
  let base: UnsafeMutableRawPointer

  /// The least memory of a jar, and the most that it asks for.
  public static let smallest = 512
  public static let largest = 32_768
  /// The most cookies of a jar.
  public static let most = 64
  /// The most bytes of name and value together, and of domain or path; others are refused.
  static let longestPair = 4_096
  static let longestText = 1_024

  struct Header {
    var capacity: UInt32
    var used: UInt32
    var count: UInt32
    var sequence: UInt32
  }

  struct Record {
    var expiry: Int64
    var sequence: UInt32
    var nameCount: UInt16
    var valueCount: UInt16
    var domainCount: UInt16
    var pathCount: UInt16
    /// Sent to this host alone, not to those below it.
    var isHostOnly: Bool
    var isSecure: Bool

    /// Bytes of the record with its texts, a multiple of 8.
    var size: Int {
      let texts = Int(nameCount) + Int(valueCount) + Int(domainCount) + Int(pathCount)
      return (MemoryLayout<Record>.stride + texts + 7) & ~7
    }
  }

  /// Makes memory ready: an empty jar.
  ///
  /// - Precondition: aligned to 8; from `smallest` to `largest` bytes.
  public init(preparing memory: UnsafeMutableRawPointer, capacity: Int) {
    precondition(capacity >= CookieJar.smallest && capacity <= CookieJar.largest)
    unsafe base = memory
    header = Header(
      capacity: UInt32(capacity), used: UInt32(MemoryLayout<Header>.size), count: 0, sequence: 0)
  }

  /// Memory that was made ready before.
  public init(_ memory: UnsafeMutableRawPointer) { unsafe base = memory }

  var header: Header {
    get { unsafe base.load(as: Header.self) }
    nonmutating set { unsafe base.storeBytes(of: newValue, as: Header.self) }
  }

  public var capacity: Int { Int(header.capacity) }
  public var count: Int { Int(header.count) }

  /// Takes everything out: a new visitor.
  public func clear() {
    header.used = UInt32(MemoryLayout<Header>.size)
    header.count = 0
    header.sequence = 0
  }

  /// Copies everything into more memory, which is then the jar's; the old one is of no more use.
  ///
  /// - Precondition: aligned to 8, not smaller than this, at most `largest`.
  public func moved(to memory: UnsafeMutableRawPointer, capacity: Int) -> CookieJar {
    precondition(capacity >= self.capacity && capacity <= CookieJar.largest)
    unsafe memory.copyMemory(from: base, byteCount: Int(header.used))
    let moved = unsafe CookieJar(memory)
    moved.header.capacity = UInt32(capacity)
    return moved
  }

  // MARK: Records

  func record(at place: Int) -> Record { unsafe base.load(fromByteOffset: place, as: Record.self) }

  /// The texts of a record: name, value, domain, path.
  func texts(at place: Int, _ record: Record) -> (name: ByteView, value: ByteView, domain: ByteView, path: ByteView) {
    let size = record.size - MemoryLayout<Record>.stride
    let all = unsafe ByteView(base + place + MemoryLayout<Record>.stride, count: size)
    let name = Int(record.nameCount)
    let value = name + Int(record.valueCount)
    let domain = value + Int(record.domainCount)
    return (all[0..<name], all[name..<value], all[value..<domain], all[domain..<domain + Int(record.pathCount)])
  }

  func remove(at place: Int) {
    let size = record(at: place).size
    let end = Int(header.used)
    unsafe (base + place).copyMemory(from: base + place + size, byteCount: end - place - size)
    header.used = UInt32(end - size)
    header.count -= 1
  }

  /// Puts a record of so many bytes at a place, those from there on behind it; the caller fills it.
  func open(at place: Int, size: Int) {
    let end = Int(header.used)
    unsafe (base + place + size).copyMemory(from: base + place, byteCount: end - place)
    header.used = UInt32(end + size)
    header.count += 1
  }

  /// Where records begin and end.
  var records: Range<Int> { MemoryLayout<Header>.size..<Int(header.used) }
}
