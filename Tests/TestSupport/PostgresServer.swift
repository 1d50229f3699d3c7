import Foundation
import Glibc
import Processes
import Synchronization
import Threads

/// A PostgreSQL of the tests' own, in a temporary folder, reached by a unix socket only.
///
/// It is stopped with the last reference, at the latest when the process ends. Nothing is synced to disk: it is for
/// tests in which clients die, not the machine.
public final class PostgresServer: Sendable {
  public let folder: TemporaryFolder
  private let child: Mutex<ChildProcess>
  private let binaries: String
  private let made = Monitor(0)

  /// One for all tests of the process; each takes a database of its own from it.
  public static let shared = Result { try PostgresServer() }

  /// The folder of initdb and postgres; nil where PostgreSQL is not installed.
  public static let binaries: String? = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let newest = versions.compactMap { Int($0) }.max().map { "/usr/lib/postgresql/\($0)/bin" }
    if let newest, FileManager.default.isExecutableFile(atPath: "\(newest)/initdb") { return newest }
    return Places.tool("initdb").map { ($0 as NSString).deletingLastPathComponent }
  }()

  /// Makes a cluster, starts it and waits until it answers.
  ///
  /// - Parameter settings: lines for postgresql.conf.
  public init(settings: String = "") throws {
    guard let binaries = Self.binaries else { throw TestError("PostgreSQL is not installed") }
    self.binaries = binaries
    folder = try TemporaryFolder("pg")
    let data = folder.file("data")
    if getuid() == 0 {
      guard let postgres = getpwnam("postgres") else { throw TestError("there is no user postgres") }
      chown(folder.path, postgres.pointee.pw_uid, postgres.pointee.pw_gid)
    }
    let initialised = try ChildProcess.run(
      Self.asPostgres(
        "\(binaries)/initdb", ["-N", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D", data]),
      within: .seconds(60))
    guard initialised.exit.isSuccess else { throw TestError("initdb: \(initialised.errorText)") }
    try folder.write(
      "data/postgresql.auto.conf",
      """
      listen_addresses = ''
      unix_socket_directories = '\(folder.path)'
      fsync = off
      full_page_writes = off
      max_connections = 50
      \(settings)

      """)
    let started = try Self.start(binaries, data)
    child = Mutex(started)
    Self.running.insert(started.pid)
    try waitUntilReady()
  }

  deinit { stop() }

  /// Ends it at once, as after a crash of all its processes; `start` brings it back with its data.
  public func stop() {
    let child = child.withLock { $0 }
    child.signal(SIGQUIT)
    _ = child.wait(within: .seconds(60))
    Self.running.remove(child.pid)
  }

  /// Starts it again, with its data and at its place, and waits until it answers.
  public func start() throws {
    let started = try Self.start(binaries, folder.file("data"))
    Self.running.insert(started.pid)
    child.withLock { $0 = started }
    try waitUntilReady()
  }

  /// Where a database is, as libpq takes it.
  public func url(_ database: String = "postgres") -> String {
    "postgresql://postgres@/\(database)?host=\(folder.path)"
  }

  /// A new, empty database; its URL.
  public func database() throws -> String {
    let name = made.change { made in
      made += 1
      return "test\(made)"
    }
    let done = try ChildProcess.run(
      Command("\(binaries)/createdb", ["-h", folder.path, "-U", "postgres", name]), within: .seconds(60))
    guard done.exit.isSuccess else { throw TestError("createdb: \(done.errorText)") }
    return url(name)
  }

  /// What psql prints for a query, values separated by `|`.
  public func query(_ url: String, _ statement: String) throws -> String {
    let done = try ChildProcess.run(
      Command("\(binaries)/psql", ["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]),
      within: .seconds(60))
    guard done.exit.isSuccess else { throw TestError("psql: \(done.errorText)\n\(statement)") }
    return done.text.trimmingCharacters(in: .newlines)
  }

  /// Server processes that a test which ends early must not leave behind.
  private static let running = ProcessList()

  private func waitUntilReady() throws {
    let deadline = ContinuousClock.now + .seconds(60)
    let child = child.withLock { $0 }
    while ContinuousClock.now < deadline, child.exit == nil {
      let ready = try ChildProcess.run(
        Command("\(binaries)/pg_isready", ["-q", "-h", folder.path]), within: .seconds(60))
      if ready.exit.isSuccess { return }
      usleep(20_000)
    }
    throw TestError("PostgreSQL does not start: \(String(decoding: child.errors, as: UTF8.self))")
  }

  private static func start(_ binaries: String, _ data: String) throws -> ChildProcess {
    try ChildProcess(asPostgres("\(binaries)/postgres", ["-D", data]))
  }

  /// PostgreSQL refuses to run as root.
  private static func asPostgres(_ program: String, _ arguments: [String]) -> Command {
    if getuid() != 0 { return Command(program, arguments) }
    return Command(
      "setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program] + arguments)
  }
}

/// Processes to be ended when this one ends.
private final class ProcessList: Sendable {
  private static let list = Monitor<Set<Int32>>([])
  private static let cleaning: Void = {
    atexit {
      for pid in ProcessList.list.read({ $0 }) {
        kill(pid, SIGQUIT)
        for _ in 0..<100 where kill(pid, 0) == 0 { usleep(20_000) }
      }
    }
    return
  }()

  func insert(_ pid: Int32) {
    Self.cleaning
    Self.list.change { _ = $0.insert(pid) }
  }

  func remove(_ pid: Int32) { Self.list.change { _ = $0.remove(pid) } }
}
