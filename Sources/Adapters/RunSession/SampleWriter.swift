import Engine
import Measuring
import Model
import Records
import Summary
import Threads

/// Takes a run's samples from its loops and writes them, on a thread of its own. The loops never wait for it.
final class SampleWriter: Sendable {
  private let attack: Attack
  private let path: String
  private let head: SampleHead
  private let bound: Int
  private let state = Monitor(State())

  private struct State {
    var isOver = false
    var count: SampleCount?
  }

  /// How long samples stay in memory; a ring holds those of a loop for this long at 1.3 million requests a second.
  private static let pause = Duration.milliseconds(50)

  /// Starts the thread; nil where the plan keeps no samples.
  ///
  /// - Parameter begin: when the run's first arrival is due, in nanoseconds since 1970.
  init?(_ plan: Plan, _ attack: Attack, _ run: Identifier, begin: Int64, in folder: RunDirectory) {
    let samples = plan.options.samples
    if samples.oneIn == 0 { return nil }
    self.attack = attack
    path = folder.file(SampleCount.fileName)
    head = SampleHead(run: run, oneIn: samples.oneIn, seed: plan.seed, begin: begin, names: attack.names)
    bound = samples.bound << 20
    do {
      try OwnThread(name: "samples", niceness: 5) { [self] in work() }.detach()
    } catch {
      var count = SampleCount(oneIn: samples.oneIn)
      count.problem = "\(error)"
      state.change { $0.count = count }
    }
  }

  /// Waits until all that was kept is in the file; the loops must have ended.
  func end() -> SampleCount {
    state.change { $0.isOver = true }
    var count = state.wait { $0.count } ?? SampleCount(oneIn: head.oneIn)
    count.missed = attack.missedSamples
    // Nobody took them where there was no thread.
    attack.takeSamples { count.unwritten += UInt64($0.count) }
    return count
  }

  private func work() {
    var count = SampleCount(oneIn: head.oneIn)
    do throws(RecordsError) {
      var file = try SampleFile(path: path, head: head, bound: bound)
      var isOver = false
      while !isOver {
        isOver = state.wait(within: SampleWriter.pause) { $0.isOver ? true : nil } ?? false
        attack.takeSamples { file.append($0) }
      }
      file.sync()
      count.kept = file.kept
      count.beyondBound = file.beyondBound
      count.unwritten = file.unwritten
      if let problem = file.problem { count.problem = "\(problem)" }
    } catch {
      // Goes on taking, so that the rings don't call it their fault.
      var isOver = false
      while !isOver {
        isOver = state.wait(within: SampleWriter.pause) { $0.isOver ? true : nil } ?? false
        attack.takeSamples { count.unwritten += UInt64($0.count) }
      }
      count.problem = "\(error)"
    }
    state.change { $0.count = count }
  }
}
