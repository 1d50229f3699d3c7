import Fleet
import Measuring
import Model
import Summary

/// Who is told of workers and tests as they change. Called on the conductor's thread, which must not be held up.
protocol Audience: Sendable {
  /// All workers, when something about them has changed.
  func workersChanged(_ workers: [FleetWorker])
  /// A test goes to its workers; said before its first second.
  func began(_ run: Identifier, _ description: RunDescription)
  /// A test that an earlier master gave to its workers goes on; what they told until now is not known here.
  func resumed(_ run: Identifier, _ description: RunDescription)
  /// One worker's second.
  func add(_ run: Identifier, _ interval: Interval)
  /// What is stored of the test has changed.
  func changed(_ run: Identifier)
  /// Its state changes no more.
  func ended(_ run: Identifier)
}
