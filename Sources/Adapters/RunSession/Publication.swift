import Measuring
import Model
import Records
import Summary
import Wire

/// One run's records on their way to Kafka: put into the spool by the run's thread, sent from there by the publisher's.
final class Publication: Sendable {
  private let publisher: Publisher
  private let spool: Spool

  /// Makes the spool's folder.
  ///
  /// - Parameter topic: nil: the publisher's.
  init(_ publisher: Publisher, key: Interval.Key, topic: String? = nil) throws(RunError) {
    let settings = publisher.settings
    do throws(RecordsError) {
      spool = try Spool(
        root: settings.spool, run: key.run, incarnation: key.incarnation, topic: topic, limit: settings.spoolLimit)
    } catch { throw RunError(error) }
    self.publisher = publisher
  }

  /// Says what the run is; from now on what is kept is sent.
  func begin(_ description: RunDescription) throws(RunError) {
    let record = RunRecord(
      run: spool.run, incarnation: spool.incarnation, name: description.name, version: description.version,
      description: String(decoding: description.json, as: UTF8.self))
    do { try spool.add(record.encoded(), sequence: 0) } catch { throw RunError("the run can't be published: \(error)") }
    publisher.take(spool)
  }

  /// There will be no run: takes the folder away.
  func cancel() { spool.dissolve() }

  /// Keeps a record until Kafka has it. Never waits for Kafka.
  ///
  /// - Returns: why the run should stop; nil where it may go on.
  func add(_ frame: [UInt8], sequence: UInt64, isLast: Bool) -> RunError? {
    do throws(RecordsError) { try spool.add(frame, sequence: sequence, isLast: isLast) } catch {
      publisher.lost(spool.incarnation)
      return RunError("the run was stopped: its records can't be kept for Kafka: \(error)")
    }
    if isLast { publisher.hasLast(spool.incarnation) }
    return isLast || !spool.isNearlyFull
      ? nil
      : RunError(
        "the run was stopped: Kafka is away and the spool \(spool.path) is full "
          + "(\(spool.limit >> 20) MiB; --spool-size sets it)")
  }
}
