import KafkaIO
import Measuring
import Model
import Records
import Summary
import Wire

/// One run's records on their way to Kafka: put into the spool by the run's thread, sent from there by another.
final class Publication: Sendable {
  private let settings: PublishSettings
  private let spool: Spool
  private let publisher: Publisher

  /// Makes the spool's folder; asks no broker.
  init(_ settings: PublishSettings, key: Interval.Key) throws(RunError) {
    do throws(KafkaError) { try Producer.check(servers: settings.servers) } catch {
      throw RunError("\(error)", isUsage: true)
    }
    do throws(RecordsError) {
      spool = try Spool(
        root: settings.spool, run: key.run, incarnation: key.incarnation, limit: settings.spoolLimit)
    } catch { throw RunError(error) }
    self.settings = settings
    publisher = Publisher(settings, own: spool)
  }

  /// Says what the run is, and begins to send: first what earlier processes left.
  func begin(_ description: RunDescription) throws(RunError) {
    let record = RunRecord(
      run: spool.run, incarnation: spool.incarnation, name: description.name, version: description.version,
      description: String(decoding: description.json, as: UTF8.self))
    do { try spool.add(record.encoded(), sequence: 0) } catch { throw RunError("the run can't be published: \(error)") }
    do { try publisher.start() } catch { throw RunError("the run can't be published: \(error)") }
  }

  /// Keeps a record until Kafka has it. Never waits for Kafka.
  ///
  /// - Returns: why the run should stop; nil where it may go on.
  func add(_ frame: [UInt8], sequence: UInt64, isLast: Bool) -> RunError? {
    do throws(RecordsError) { try spool.add(frame, sequence: sequence, isLast: isLast) } catch {
      publisher.lost()
      return RunError("the run was stopped: its records can't be kept for Kafka: \(error)")
    }
    if isLast { publisher.hasLast() }
    return isLast || !spool.isNearlyFull
      ? nil
      : RunError(
        "the run was stopped: Kafka is away and the spool \(spool.path) is full "
          + "(\(settings.spoolLimit >> 20) MiB; --spool-size sets it)")
  }

  /// What there is to say since the last time.
  func takeNotices() -> [String] { publisher.takeNotices() }

  /// Waits until Kafka has everything, or the time is over.
  func end() -> PublishReport { publisher.end() }

  /// `end` waits no more.
  func cut() { publisher.cut() }
}
