import Model
import Pacing

/// One loop's share of the load.
struct LoopLoad: Sendable {
  /// The whole run's schedule; nil in the closed model.
  var schedule: Schedule?
  /// This loop's share of the arrivals.
  var slots: SlotRange
  /// Virtual users of this loop, and the run's number of its first; users of a run are dealt out in turn.
  var users = 0
  var firstUser = 0
  var userStride = 1
  /// Where their number changes over time: who of them is there. And how many the whole run has at the most.
  var population: Population?
  var everyone = 0
  /// Most users of this loop at a time in the open model, where arrivals need one.
  var pool = 0
  /// Most connections of this loop.
  var connections = 1
  /// Most exchanges under way at once where a transport carries them: more than connections where they share some.
  var exchanges = 1
  /// Most exchanges on one connection then: users who are given a number of connections spread evenly over them.
  var streams: Int { users > 0 ? min(100, (users - 1) / connections + 1) : 100 }
  /// What the loop's users bring to the bound on requests (closed model); all loops of an attack use up the sum.
  var requests: UInt64?
  /// When nothing more becomes due; `TimeSpan.longest` where only the number of requests bounds the run.
  var end: TimeSpan
  /// Whether a run ends with its last request rather than with its time.
  var endsWithLastRequest: Bool
  /// How long replies are awaited after the end.
  var grace: TimeSpan
}
