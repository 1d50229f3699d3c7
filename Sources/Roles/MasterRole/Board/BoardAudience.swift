import Fleet
import Measuring
import Model
import Summary

/// The board and the reader of news as the conductor's audience.
struct BoardAudience: Audience {
  let board: Board
  let news: NewsReader

  func workersChanged(_ workers: [FleetWorker]) {
    board.show(
      workers.map { worker in
        Board.WorkerNote(
          worker: worker.worker, state: worker.state?.word ?? "away", host: worker.host, version: worker.version,
          cpus: worker.cpus, since: TimeOfDay.milliseconds(at: worker.since), run: worker.run)
      })
  }

  func began(_ run: Identifier, _ description: RunDescription) { board.begin(run, description) }
  func resumed(_ run: Identifier, _ description: RunDescription) { board.resume(run, description) }
  func add(_ run: Identifier, _ interval: Interval) { board.count(run, interval) }
  func changed(_ run: Identifier) { news.changed(run) }
  func ended(_ run: Identifier) { news.changed(run) }
}
