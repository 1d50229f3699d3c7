import KafkaIO
import Lifecycle
import Log
import Model
import PostgresIO
import Processes
import Threads

/// Brings dead letters from their table to their topic, after they were committed: each at least once, from one of the
/// consumers at a time. What can't be reached is waited for.
final class DeadLetterService: Service {
  let name = "dead letters"
  private let settings: ConsumerSettings
  private let log: Logger
  private let board: ConsumerBoard
  private let isStopped = Monitor(false)
  /// Letters of one round.
  private static let most = 32

  init(_ settings: ConsumerSettings, board: ConsumerBoard, log: Logger) {
    self.settings = settings
    self.board = board
    self.log = log
  }

  func run() {
    var backOff = BackOff.ofConsumer
    var source = SystemRandomNumberGenerator()
    while !stopping {
      do {
        try work { backOff.reset() }
      } catch {
        // The consumer beside this says what is away.
        log.debug("dead letters wait", Field("reason", "\(error)"))
        pause(backOff.nextPause(&source))
      }
    }
  }

  func stop() { isStopped.change { $0 = true } }
  func abort() { stop() }

  private var stopping: Bool { isStopped.read { $0 } }

  private func pause(_ span: Duration) { _ = isStopped.wait(within: span) { $0 ? true : nil } }

  /// Rounds until the end, or until something is wrong; what was in hand is then sent again.
  private func work(_ succeeded: () -> Void) throws {
    let database = try Database(settings.database, application: "stampede-dead-letters")
    guard try database.schemaState() == .current else {
      throw WaitingError(description: "the tables are not there yet")
    }
    let producer = try Producer(servers: settings.servers, topic: Topics(settings.topic).deadLetters)
    let cluster = try producer.clusterID(milliseconds: 5_000)
    let letters = DeadLetters(database)
    while !stopping {
      var sent = 0
      if try letters.mayTakeTurn(clusterID: cluster, topic: settings.topic) {
        let batch = try letters.unsent(clusterID: cluster, topic: settings.topic, most: Self.most)
        sent = try send(batch, producer, letters)
        board.letters(
          sent: sent, waiting: try letters.unsentCount(clusterID: cluster, topic: settings.topic))
      }
      succeeded()
      if sent < Self.most { pause(.seconds(1)) }
    }
  }

  /// Sends and, once Kafka has them, marks the letters.
  private func send(_ batch: [DeadLetter], _ producer: Producer, _ letters: DeadLetters) throws -> Int {
    if batch.isEmpty { return 0 }
    var marks: [(letter: DeadLetter, problem: String?)] = []
    for (number, letter) in batch.enumerated() {
      do throws(KafkaError) {
        let isTaken = try producer.send(
          key: letter.key, value: letter.value, number: UInt64(number + 1), headers: Self.headers(of: letter))
        // What waits fills the producer only where Kafka takes nothing.
        if !isTaken { throw KafkaError(action: "send dead letters", message: "too many wait") }
      } catch {
        guard error.isTooLarge else { throw error }
        marks.append((letter, "\(error)"))
      }
    }
    let end = ContinuousClock.now + .seconds(30)
    while producer.outstanding > 0 {
      let reports = producer.wait(milliseconds: 100)
      for number in reports.delivered where batch.indices.contains(Int(number) - 1) {
        marks.append((batch[Int(number) - 1], nil))
      }
      for refused in reports.refused {
        guard refused.reason.isTooLarge, batch.indices.contains(Int(refused.number) - 1) else { throw refused.reason }
        marks.append((batch[Int(refused.number) - 1], "\(refused.reason)"))
      }
      if let trouble = reports.trouble, trouble.isFatal { throw trouble }
      if ContinuousClock.now > end || stopping {
        throw KafkaError(action: "send dead letters", message: "no acknowledgement yet")
      }
    }
    Failpoint.reached("dead-letter-before-mark")
    try letters.markSent(marks)
    for mark in marks {
      if let problem = mark.problem {
        log.warning(
          "dead letter can't go to its topic", Field("partition", mark.letter.partition),
          Field("offset", mark.letter.offset), Field("reason", problem))
      }
    }
    return marks.count
  }

  /// Where it was, and why it is dead.
  static func headers(of letter: DeadLetter) -> [(String, String)] {
    [
      ("stampede-topic", letter.topic), ("stampede-partition", "\(letter.partition)"),
      ("stampede-offset", "\(letter.offset)"), ("stampede-reason", letter.reason),
      ("stampede-stored-at", letter.storedAt),
    ] + (letter.state.map { [("stampede-sqlstate", $0)] } ?? [])
  }
}
