import Glibc
public import Measuring

/// Appends samples to a file, up to a bound. After an error nothing more is written; what would have been is counted.
///
/// For one thread, which may block.
public struct SampleFile: ~Copyable {
  private let file: OpenFile
  private let head: Int
  /// How many it may hold, and holds.
  private let most: UInt64
  public private(set) var kept: UInt64 = 0
  public private(set) var beyondBound: UInt64 = 0
  public private(set) var unwritten: UInt64 = 0
  /// Why nothing more is written.
  public private(set) var problem: RecordsError?

  /// Makes the file.
  ///
  /// - Parameter bound: most bytes of it; a head that is longer is written all the same.
  public init(path: String, head: SampleHead, bound: Int) throws(RecordsError) {
    let bytes = head.bytes
    self.head = bytes.count
    most = UInt64(max(0, bound - bytes.count) / MemoryLayout<Sample>.stride)
    file = try SampleFile.begun(path, with: bytes)
  }

  private static func begun(_ path: String, with head: [UInt8]) throws(RecordsError) -> OpenFile {
    let file = try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC, action: "create")
    if let error = file.write(head[...]).error { throw error }
    return file
  }

  public mutating func append(_ samples: UnsafeBufferPointer<Sample>) {
    if problem != nil {
      unwritten += UInt64(samples.count)
      return
    }
    let room = Int(clamping: min(UInt64(samples.count), most - kept))
    beyondBound += UInt64(samples.count - room)
    if room == 0 { return }
    let (written, error) = file.write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: samples[..<room])))
    let whole = written / MemoryLayout<Sample>.stride
    kept += UInt64(whole)
    guard let error else { return }
    problem = error
    unwritten += UInt64(room - whole)
    // It ends with a whole record.
    _ = ftruncate(file.descriptor, off_t(head) + off_t(kept) * off_t(MemoryLayout<Sample>.stride))
  }

  /// Everything appended is on the disk when it returns.
  public mutating func sync() {
    do throws(RecordsError) { try file.sync() } catch { problem = problem ?? error }
  }
}
