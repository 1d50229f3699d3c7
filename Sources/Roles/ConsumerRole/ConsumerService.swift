import KafkaIO
import Lifecycle
import Log
import Model
import PostgresIO
import Threads

/// Takes records out of Kafka and stores them in PostgreSQL, until it is stopped.
///
/// What is away at the start, or goes away later, is waited for with back-off. A graceful stop ends the transaction in
/// hand and leaves the group; so does an abort, since a transaction takes less than a second.
final class ConsumerService: Service {
  let name = "consumer"
  private let settings: ConsumerSettings
  private let log: Logger
  private let board: ConsumerBoard
  private let isStopped = Monitor(false)

  init(_ settings: ConsumerSettings, board: ConsumerBoard, log: Logger) {
    self.settings = settings
    self.board = board
    self.log = log
  }

  func run() {
    var backOff = BackOff.ofConsumer
    var source = SystemRandomNumberGenerator()
    var last = ""
    while !stopping {
      do {
        let store = try openStore()
        backOff.reset()
        last = ""
        if stopping { break }
        board.opened()
        try PartitionReader(
          settings, store: store, board: board, log: log, stopping: { [isStopped] in isStopped.read { $0 } }
        ).run()
      } catch {
        let wait = backOff.nextPause(&source)
        board.stuck("\(error)")
        // The same words once a minute or so are enough.
        if "\(error)" != last || backOff.tries % 10 == 0 {
          log.error("\(error)", Field("retry_in", wait))
        }
        last = "\(error)"
        pause(wait)
      }
    }
    log.info("stopped")
  }

  func stop() { isStopped.change { $0 = true } }
  func abort() { stop() }

  private var stopping: Bool { isStopped.read { $0 } }

  private func pause(_ span: Duration) {
    _ = isStopped.wait(within: span) { $0 ? true : nil }
  }

  /// A store whose database has the schema, for the cluster that answers.
  private func openStore() throws -> RecordStore {
    let database = try Database(settings.database, application: "stampede-consumer")
    if settings.migrates {
      for number in try database.migrate() { log.info("migration done", Field("number", number)) }
    }
    if case .behind(let count) = try database.schemaState() {
      throw WaitingError(
        description: "\(settings.database) lacks \(count == 1 ? "a migration" : "\(count) migrations"): waiting for "
          + "whoever makes the tables (or give --migrate)")
    }
    let admin = try Admin(servers: settings.servers)
    let made = try admin.create(Topics(settings.topic), milliseconds: 5_000)
    for topic in made.created { log.info("topic made", Field("topic", topic)) }
    let cluster = try Consumer(servers: settings.servers, group: settings.group, topic: settings.topic)
      .clusterID(milliseconds: 5_000)
    return try RecordStore(database, clusterID: cluster, topic: settings.topic)
  }
}

/// Something that others have to do first.
struct WaitingError: Error, CustomStringConvertible {
  let description: String
}
