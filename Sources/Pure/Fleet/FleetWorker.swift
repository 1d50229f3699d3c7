public import Model
public import Wire

/// A worker as it is shown to people.
public struct FleetWorker: Sendable, Hashable {
  public var worker: String
  /// Nil while its connection is gone but its lease may live.
  public var state: WorkerState?
  public var host: String
  public var version: String
  public var cpus: Int
  /// When it joined, on the master's clock.
  public var since: Instant
  public var run: Identifier?
}

extension FleetState {
  /// All workers, by id.
  public var workerList: [FleetWorker] {
    workers.keys.sorted().compactMap { id in
      guard let worker = workers[id] else { return nil }
      return FleetWorker(
        worker: id, state: worker.peer == nil ? nil : worker.said, host: worker.hello.host,
        version: worker.hello.version, cpus: Int(worker.hello.cpus), since: worker.since, run: worker.run)
    }
  }
}
