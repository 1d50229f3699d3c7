import HTTPServer
import KafkaIO
import Lifecycle
import Log
import Model
import PostgresIO
import Threads

/// The master: REST from its start on, and once PostgreSQL and Kafka are there, tests and workers.
///
/// What is away, at the start or later, is waited for with back-off. A graceful stop ends streams and lets requests
/// finish; tests that run go on, and the next master adopts them.
final class MasterService: Service {
  let name = "master"
  private let settings: MasterSettings
  private let first: FirstAdmin
  private let log: Logger
  private let isStopped = Monitor(false)
  private let readiness = Readiness()

  /// - Parameter tell: writes a line to where only the operator reads.
  init(_ settings: MasterSettings, log: Logger, tell: @escaping @Sendable (String) -> Void) throws {
    self.settings = settings
    self.log = log
    first = try FirstAdmin(password: settings.adminPassword, tell: tell)
  }

  func stop() { isStopped.change { $0 = true } }
  func abort() { stop() }

  func run() throws {
    let desk = Desk(settings.database)
    try desk.start(threads: 4)
    defer { desk.stop() }
    let signIn = try SignIn(keys: settings.keys, database: settings.database, first: first, log: log)
    let front = FrontDoor(settings, signIn: signIn, readiness: readiness, log: log)
    try front.start()
    defer { front.stop() }
    let isThere = wait(for: .postgres) {
      try prepareDatabase()
      try signIn.begin()
    }
    if !isThere { return }
    let users = try BackgroundService(signIn.service)
    defer { users.stop() }
    if !wait(for: .kafka, preparing: prepareTopics) { return }
    log.info("ready")
    watch()
    log.info("stopping")
  }

  private var stopping: Bool { isStopped.read { $0 } }

  private func pause(_ span: Duration) {
    _ = isStopped.wait(within: span) { $0 ? true : nil }
  }

  /// Tries until it is done; false where the master is to stop first.
  private func wait(for part: Readiness.Part, preparing prepare: () throws -> Void) -> Bool {
    var backOff = BackOff(from: .milliseconds(200), to: .seconds(10))
    var source = SystemRandomNumberGenerator()
    var last = ""
    while !stopping {
      do {
        try prepare()
        readiness.note(part, nil)
        return true
      } catch {
        let text = "\(error)"
        let span = backOff.next(&source)
        readiness.note(part, text)
        // The same words once a minute or so are enough.
        if text != last || backOff.tries % 8 == 0 {
          log.warning("waiting for \(part.rawValue): \(text)", Field("retry_in", span))
        }
        last = text
        pause(.nanoseconds(span.nanoseconds))
      }
    }
    return false
  }

  private func prepareDatabase() throws {
    let database = try Database(settings.database, application: "stampede-master")
    for number in try database.migrate() { log.info("migration done", Field("number", number)) }
  }

  private func prepareTopics() throws {
    let made = try Admin(servers: settings.kafka).create(Topics(settings.topic), milliseconds: 5_000)
    for topic in made.created { log.info("topic made", Field("topic", topic)) }
    if made.isOneDisk { log.info("Kafka has one broker: what is stored there is as safe as its disk") }
  }

  /// Asks PostgreSQL and Kafka every few seconds whether they are still there, until the master is to stop.
  private func watch() {
    var database: Database?
    var admin: Admin?
    while !stopping {
      do {
        if database?.isConnected != true {
          database = nil
          database = try Database(settings.database, application: "stampede-master-watch")
        }
        try database?.run("SELECT 1", action: "see whether it answers")
        note(.postgres, nil)
      } catch { note(.postgres, "\(error)") }
      do {
        if admin == nil { admin = try Admin(servers: settings.kafka) }
        _ = try admin?.brokers(milliseconds: 3_000)
        note(.kafka, nil)
      } catch {
        admin = nil
        note(.kafka, "\(error)")
      }
      pause(.seconds(3))
    }
  }

  private func note(_ part: Readiness.Part, _ problem: String?) {
    let was = readiness.isThere(part)
    readiness.note(part, problem)
    if let problem, was { log.warning("\(part.rawValue) is away: \(problem)") }
    if problem == nil, !was { log.info("\(part.rawValue) is back") }
  }
}
