import CommandLines
import Glibc
import KafkaIO
import Lifecycle
import Log
import Options
import Records
import Threads

/// `dev-broker`: an in-memory Kafka until a signal comes.
enum BrokerCommand {
  static func run(_ line: Invocation) throws(Failure) -> Int32 {
    do {
      // Before any thread is started: threads inherit what is blocked.
      let signals = try Signals()
      let log = LogWriter(line)
      try log.start()
      defer { log.close() }
      let topics = line.text(.brokerTopic).map { Topics($0) } ?? Topics()
      let cluster = try MockCluster(topics, partitions: Int32(line.count(.partitions) ?? 8))
      let file = line.text(.portFile)
      if let file { try WholeFile.write(Array("\(cluster.address)\n".utf8), to: file) }
      defer { if let file { unlink(file) } }
      try Console.out("\(cluster.address)\n")
      return try withExtendedLifetime(cluster) {
        let outcome = try ServiceGroup([Waiting()], log: Logger(log)).run(signals: signals)
        return outcome.failures.isEmpty ? 0 : 2
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(error)")
    }
  }
}

/// The broker has a thread of its own: all there is to do is to wait for the end.
private final class Waiting: Service {
  let name = "dev-broker"
  private let isStopped = Monitor(false)

  func run() { _ = isStopped.wait { $0 ? true : nil } }
  func stop() { isStopped.change { $0 = true } }
  func abort() { stop() }
}
