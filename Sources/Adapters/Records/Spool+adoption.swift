import Glibc
import Measuring
import Model
import Wire

extension Spool {
  /// What became of the folders that an earlier process left.
  public struct Adoption: Sendable {
    /// Folders that are this process's now and have records to send.
    public var spools: [Spool] = []
    /// Files that held no record (a machine that crashed): they were renamed to `damaged-…` and stay.
    public var damaged: [String] = []
    /// Folders that could not be read, with the reason.
    public var problems: [RecordsError] = []
  }

  /// Takes over every folder under the root that nobody lives in: keys stay as they were, and an incarnation that died
  /// before its last record gets one, which says how many there are and that it failed.
  ///
  /// Folders of processes that live are left alone, as is everything that is no spool.
  public static func adopt(root: String, limit: Int) -> Adoption {
    var adoption = Adoption()
    let names: [String]
    do throws(RecordsError) { names = try SpoolFile.names(in: root) } catch {
      if access(root, F_OK) == 0 { adoption.problems.append(error) }
      return adoption
    }
    for name in names.sorted() {
      guard let incarnation = Identifier(text: name), incarnation.description == name else { continue }
      do throws(RecordsError) {
        let lock = try RunDirectory.takeLock(in: "\(root)/\(name)")
        var found = Found(folder: "\(root)/\(name)", incarnation: incarnation, lock: lock)
        try found.look()
        adoption.damaged += found.damaged
        if let spool = try found.spool(limit: limit) { adoption.spools.append(spool) }
      } catch {
        // Its owner may have taken it away meanwhile.
        if error.cause != .inUse, RunDirectory.isDirectory("\(root)/\(name)") { adoption.problems.append(error) }
      }
    }
    return adoption
  }
}

/// A folder whose lock was obtained, and what is in it.
private struct Found: ~Copyable {
  let folder: String
  let incarnation: Identifier
  let lock: OpenFile
  var run: Identifier?
  var topic: String?
  var state = Spool.State()
  var damaged: [String] = []
  /// The interval of the highest sequence; nil where there is none.
  var last: Interval?

  init(folder: String, incarnation: Identifier, lock: consuming OpenFile) {
    self.folder = folder
    self.incarnation = incarnation
    self.lock = lock
  }

  /// Reads what is in the folder.
  mutating func look() throws(RecordsError) {
    for name in try SpoolFile.names(in: folder) {
      if name.hasSuffix(".part") {
        // It was never renamed: whoever wrote it had not said that it is kept.
        unlink("\(folder)/\(name)")
      } else if name == SpoolFile.sent {
        try take(name, as: nil)
      } else if name == SpoolFile.topic {
        let bytes = try WholeFile.read("\(folder)/\(name)", atMost: SpoolFile.longestTopic)
        topic = bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
      } else if let key = SpoolName.key(name), key.incarnation == incarnation {
        try take(name, as: key)
      }
    }
  }

  private mutating func take(_ name: String, as key: Interval.Key?) throws(RecordsError) {
    let bytes = try WholeFile.read("\(folder)/\(name)", atMost: SpoolFile.longest)
    guard let record = try? Record.decode(bytes[...]), record.key == key ?? record.key,
      record.key.incarnation == incarnation, run == nil || run == record.key.run
    else {
      let aside = "\(folder)/damaged-\(name)"
      if rename("\(folder)/\(name)", aside) != 0 { throw .system(aside, "rename a damaged record to this name") }
      damaged.append(aside)
      if let key { state.highest = max(state.highest ?? 0, key.sequence) }
      return
    }
    run = record.key.run
    if key != nil { state.add(Spool.Entry(sequence: record.key.sequence, size: bytes.count)) }
    state.highest = max(state.highest ?? 0, record.key.sequence)
    if case .interval(let interval) = record, interval.key.sequence >= last?.key.sequence ?? 0 { last = interval }
  }

  /// The spool with its final record; nil where nothing is left to send, and the folder is taken away.
  consuming func spool(limit: Int) throws(RecordsError) -> Spool? {
    let (highest, ending) = (state.highest, last)
    let (run, incarnation, topic, path, isClean) = (run, incarnation, topic, folder, damaged.isEmpty)
    let spool = Spool(
      path: path, run: run ?? incarnation, incarnation: incarnation, topic: topic, limit: limit, lock: lock,
      state: state)
    guard let run, let highest else {
      if isClean { spool.dissolve() }
      return nil
    }
    if ending?.final == nil {
      let (sequence, overflow) = highest.addingReportingOverflow(1)
      if overflow { throw RecordsError(path: path, cause: .full(limit: limit)) }
      let frame = IntervalCodec.encode(Found.end(run, incarnation, sequence: sequence, after: ending))
      try spool.add(frame, sequence: sequence, isLast: true)
    }
    if spool.waiting.isEmpty {
      spool.dissolve()
      return nil
    }
    return spool
  }

  /// The last record of one who did not live to write it: it adds nothing to the second it stands in.
  private static func end(
    _ run: Identifier, _ incarnation: Identifier, sequence: UInt64, after last: Interval?
  ) -> Interval {
    let key = Interval.Key(run: run, incarnation: incarnation, sequence: sequence)
    var end = Interval(key: key, second: last?.second ?? 0, from: last?.to ?? .zero, to: last?.to ?? .zero)
    end.epoch = last?.epoch ?? 0
    end.phase = last?.phase ?? Interval.Phase()
    end.final = Interval.Final(records: sequence, reason: .failed)
    return end
  }
}

extension SpoolFile {
  /// The names in a folder, in no order.
  static func names(in folder: String) throws(RecordsError) -> [String] {
    guard let stream = opendir(folder) else { throw .system(folder, "read the directory") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
