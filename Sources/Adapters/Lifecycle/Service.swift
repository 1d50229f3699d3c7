/// Something that runs until its work is done or it is told to stop: a run, a server, a consumer.
///
/// `run` blocks the thread it is given. `stop` and `abort` may come from any thread, more than once, before `run` has
/// begun and after it has ended; they return at once.
public protocol Service: Sendable {
  /// What messages call it: `run`, `status server`.
  var name: String { get }

  /// Works until done, stopped or aborted. Called once, on a thread of its own.
  func run() throws

  /// Graceful: takes on nothing new, finishes what is in hand; `run` then returns.
  func stop()

  /// Cut off: drops what is in hand; `run` returns as soon as it can, having written what must be written.
  func abort()
}
