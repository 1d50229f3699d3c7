import Glibc
import Measuring
public import Model
import Processes
import Synchronization

/// Records of one incarnation on their way to Kafka: a folder with a file for each, which goes when it is safe there.
///
/// ```
/// ROOT/INCARNATION/lock                        held by the process that lives
/// ROOT/INCARNATION/RUN-INCARNATION-SEQUENCE    one frame, whole: written as .part, then renamed
/// ROOT/INCARNATION/sent                        the latest record that is safe: says how far the sequences went
/// ROOT/INCARNATION/topic                       where the records go; only where whoever made the folder said so
/// ```
/// What is here outlives the process; a power cut only what was there when `sync` was called last. A process that starts
/// takes over the folders whose lock it gets, see `adopt`.
///
/// Any thread may call; every call blocks on the file system.
public final class Spool: Sendable {
  /// A record that waits.
  public struct Entry: Sendable, Hashable {
    public let sequence: UInt64
    /// In bytes.
    public let size: Int
  }

  public let path: String
  public let run: Identifier
  public let incarnation: Identifier
  /// Where the records go; nil: wherever those of its process go.
  public let topic: String?
  /// The most bytes that wait at once.
  public let limit: Int
  private let lock: OpenFile
  private let state: Mutex<State>

  struct State {
    /// Ascending.
    var waiting: [Entry] = []
    var bytes = 0
    var largest = 0
    /// The highest sequence there ever was; nil before the first record.
    var highest: UInt64?
    /// Records that `sync` has not seen yet.
    var unsynced: Set<UInt64> = []
  }

  /// Makes the folder of an incarnation that begins.
  ///
  /// - Parameters:
  ///   - topic: where the records go, also when another process sends them.
  ///   - limit: see `isNearlyFull`.
  public convenience init(
    root: String, run: Identifier, incarnation: Identifier, topic: String? = nil, limit: Int
  ) throws(RecordsError) {
    let path = "\(root)/\(incarnation)"
    // It gets its name once its lock is held: else another process, which adopts what nobody lives in, could take it.
    let fresh = "\(root)/new-\(incarnation)"
    try RunDirectory.makeParents(of: fresh + "/x")
    let lock = try RunDirectory.takeLock(in: fresh)
    if let topic {
      let file = try OpenFile(
        "\(fresh)/\(SpoolFile.topic)", O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, action: "create")
      if let error = file.write(Array(topic.utf8)[...]).error { throw error }
    }
    if rename(fresh, path) != 0 { throw .system(path, "rename a new folder to this name") }
    self.init(
      path: path, run: run, incarnation: incarnation, topic: topic, limit: limit, lock: lock, state: State())
  }

  init(
    path: String, run: Identifier, incarnation: Identifier, topic: String?, limit: Int, lock: consuming OpenFile,
    state: State
  ) {
    self.path = path
    self.run = run
    self.incarnation = incarnation
    self.topic = topic
    self.limit = limit
    self.lock = lock
    self.state = Mutex(state)
  }

  /// Puts a record in. A file of that key that exists wins: then nothing is written.
  ///
  /// - Parameters:
  ///   - frame: the whole record.
  ///   - isLast: the incarnation's last one, which goes in however full it is.
  /// - Throws: `.full` where the limit is reached, or why the file can't be written; the record is then not in it.
  public func add(_ frame: [UInt8], sequence: UInt64, isLast: Bool = false) throws(RecordsError) {
    let file = file(sequence)
    if access(file, F_OK) == 0 { return }
    let isFull = state.withLock { !isLast && $0.bytes + frame.count > limit }
    if isFull { throw RecordsError(path: path, cause: .full(limit: limit)) }
    let part = file + ".part"
    do throws(RecordsError) {
      let opened = try OpenFile(part, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, action: "create")
      if let error = opened.write(frame[...]).error { throw error }
      Failpoint.reached("spool-before-rename")
      if rename(part, file) != 0 { throw .system(file, "rename a new file to this name") }
    } catch {
      unlink(part)
      throw error
    }
    Failpoint.reached("spool-after-rename")
    state.withLock { state in
      state.add(Entry(sequence: sequence, size: frame.count))
      state.unsynced.insert(sequence)
    }
  }

  /// Brings what waits, and its names, to the disk itself; what was brought there before costs nothing.
  ///
  /// - Returns: how many records were brought there.
  @discardableResult
  public func sync() throws(RecordsError) -> Int {
    let new = state.withLock { state in
      defer { state.unsynced = [] }
      return state.unsynced.sorted()
    }
    if new.isEmpty { return 0 }
    do throws(RecordsError) {
      for sequence in new { try Spool.sync(file(sequence)) }
      try Spool.sync(path)
    } catch {
      state.withLock { $0.unsynced.formUnion(new) }
      throw error
    }
    return new.count
  }

  /// One that is gone is safe elsewhere.
  private static func sync(_ path: String) throws(RecordsError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return }
    if descriptor < 0 { throw .system(path, "open") }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw .system(path, "sync") }
  }

  /// The bytes of a record that waits.
  public func read(_ sequence: UInt64) throws(RecordsError) -> [UInt8] {
    try WholeFile.read(file(sequence), atMost: SpoolFile.longest)
  }

  /// The record is safe elsewhere: its file goes.
  ///
  /// The latest one stays as `sent`, for if this process ends now, the next one must know how far it came.
  public func remove(_ sequence: UInt64) throws(RecordsError) {
    Failpoint.reached("spool-before-delete")
    let isLatest = state.withLock { $0.highest == sequence }
    let failed = isLatest ? rename(file(sequence), sentFile) != 0 : unlink(file(sequence)) != 0
    if failed, errno != ENOENT { throw .system(file(sequence), "delete") }
    state.withLock { $0.remove(sequence) }
  }

  /// Takes the folder away if nothing waits in it; the spool is of no use afterwards. Call it when the incarnation's
  /// last record is safe.
  public func dissolve() {
    guard state.withLock({ $0.waiting.isEmpty }) else { return }
    // The folder goes only if it is empty: what is not ours stays.
    unlink(sentFile)
    unlink("\(path)/\(SpoolFile.topic)")
    unlink(path + "/lock")
    rmdir(path)
  }

  /// What waits, in the order of the sequences.
  public var waiting: [Entry] { state.withLock { $0.waiting } }

  /// The highest sequence there ever was; nil where there was none.
  public var highest: UInt64? { state.withLock { $0.highest } }

  /// Only room for the end of a run is left: for 32 records like the largest so far, 1 MiB at least, half of the limit
  /// at most. Whoever fills it should stop now, and drain.
  public var isNearlyFull: Bool {
    state.withLock { state in
      let room = min(max(1 << 20, 32 * state.largest), limit / 2)
      return state.bytes > limit - room
    }
  }

  private func file(_ sequence: UInt64) -> String {
    path + "/" + SpoolName.text(of: Interval.Key(run: run, incarnation: incarnation, sequence: sequence))
  }

  private var sentFile: String { path + "/" + SpoolFile.sent }
}

extension Spool.State {
  mutating func add(_ entry: Spool.Entry) {
    let place = waiting.lastIndex { $0.sequence < entry.sequence }.map { $0 + 1 } ?? 0
    waiting.insert(entry, at: place)
    bytes += entry.size
    largest = max(largest, entry.size)
    highest = max(highest ?? 0, entry.sequence)
  }

  mutating func remove(_ sequence: UInt64) {
    unsynced.remove(sequence)
    guard let place = waiting.firstIndex(where: { $0.sequence == sequence }) else { return }
    bytes -= waiting.remove(at: place).size
  }
}

/// Names and limits of the files in a spool.
enum SpoolFile {
  static let sent = "sent"
  static let topic = "topic"
  /// Of a topic's name, in bytes.
  static let longestTopic = 255
  /// A frame's greatest length, and its length field.
  static let longest = 4_194_304 + 4
}
