import EventLoop
import HTTPServer
import KafkaIO
import Lifecycle
import Log
import Model
import PostgresIO
import RPC
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
  private let tell: @Sendable (String) -> Void
  private let end = Monitor(End())
  private let readiness = Readiness()
  /// What workers may connect to; known once it is known where the master listens.
  private let policy = Monitor(TargetPolicy())

  private struct End {
    var isWanted = false
    /// Why this master may not go on.
    var failure: String?
  }

  /// - Parameter tell: writes a line to where only the operator reads.
  init(_ settings: MasterSettings, log: Logger, tell: @escaping @Sendable (String) -> Void) throws {
    self.settings = settings
    self.log = log
    self.tell = tell
    first = try FirstAdmin(password: settings.adminPassword, tell: tell)
  }

  func stop() { end.change { $0.isWanted = true } }
  func abort() { stop() }

  func run() throws {
    let desk = Desk(settings.database)
    try desk.start(threads: 4)
    defer { desk.stop() }
    let board = Board()
    let news = NewsReader(settings.database, board: board, log: log)
    try news.start()
    defer { news.stop() }
    let signIn = try SignIn(keys: settings.keys, database: settings.database, first: first, log: log)
    let conductor = conductor(BoardAudience(board: board, news: news))
    let context = RestContext(
      signIn: signIn, desk: desk, board: board, readiness: readiness, log: log,
      submitted: { conductor.submitted($0, plan: $1, planText: $2) }, stop: { conductor.stop($0, $1, by: $2) },
      policy: { [policy] in policy.read { $0 } })
    let front = FrontDoor(settings, context)
    let rest = try front.start()
    defer { front.stop() }
    protect(rest)
    let isStored = try wait(for: .postgres) {
      try prepareDatabase()
      try signIn.begin()
    }
    if !isStored { return }
    let users = try BackgroundService(signIn.service)
    defer { users.stop() }
    if try !wait(for: .kafka, preparing: prepareTopics) { return }
    defer { conductor.end() }
    let isThere = try wait(for: .rpc) {
      let address = try conductor.start()
      protect(rest + [address])
      log.info("workers join at \(address) (rpc)")
      if settings.isTokenMade { tellToken(address) }
    }
    if !isThere { return }
    log.info("ready")
    watch()
    log.info("stopping")
    if let failure = end.read({ $0.failure }) { throw Replaced(description: failure) }
  }

  /// Another master has taken over.
  private struct Replaced: Error, CustomStringConvertible {
    let description: String
  }

  private func conductor(_ audience: some Audience) -> Conductor {
    var conducting = ConductorSettings(
      database: settings.database, topic: settings.topic, rpc: settings.rpc, token: settings.joinToken,
      tls: settings.tls.map { HubSettings.Certificate(chain: $0.certificate, key: $0.key) },
      version: Product.version)
    conducting.takesPlain = settings.takesPlain
    conducting.targets = { [policy] in
      let policy = policy.read { $0 }
      return TargetLists(allowed: policy.allowed.map(\.description), denied: policy.denied.map(\.description))
    }
    return Conductor(conducting, audience: audience, log: log) { [end] text in
      end.change { end in
        end.failure = end.failure ?? text
        end.isWanted = true
      }
    }
  }

  /// Lets no worker connect to what the cluster itself listens on.
  private func protect(_ own: [SocketAddress]) {
    let made = ClusterTargets.policy(settings, own: own)
    policy.change { $0 = made }
  }

  /// The token that was made for this start, told once and not in the log.
  private func tellToken(_ address: SocketAddress) {
    tell(
      "a worker joins with: stampede worker --master-address \(address) --join-token \(settings.joinToken) "
        + "--kafka-broker \(settings.kafka)")
  }

  // MARK: waiting

  private var stopping: Bool { end.read { $0.isWanted } }

  private func pause(_ span: Duration) {
    _ = end.wait(within: span) { $0.isWanted ? true : nil }
  }

  /// Tries until it is done; false where the master is to stop first.
  ///
  /// - Throws: what waiting can't mend: an address that is taken, a certificate that can't be read.
  private func wait(for part: Readiness.Part, preparing prepare: () throws -> Void) throws -> Bool {
    var backOff = BackOff(from: .milliseconds(200), to: .seconds(10))
    var source = SystemRandomNumberGenerator()
    var last = ""
    while !stopping {
      do {
        try prepare()
        readiness.note(part, nil)
        return true
      } catch let fault as HubFault {
        throw fault
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

  // MARK: watching

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
