import CLinux
import Glibc
import Threads

/// A running child: its output is read, and it is reaped, by a thread of its own.
///
/// Any thread may use it. When the last reference goes while the child still runs, its whole group is killed.
public final class ChildProcess: Sendable {
  /// How the end of a child is noticed.
  public enum ExitWatch: Sendable {
    /// A pidfd where the kernel has them, else as `polling`.
    case automatic
    /// waitpid every few milliseconds: under valgrind and in sandboxes pidfd_open answers ENOSYS.
    case polling
  }

  struct State {
    var exit: Exit?
    /// Reaped: from here on the number may belong to another process.
    var isReaped = false
    var isComplete = false
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var dropped = 0
  }

  public let pid: Int32
  public let program: String
  private let state: Monitor<State>

  /// Starts the command in a process group of its own.
  public init(_ command: Command, exitWatch: ExitWatch = .automatic) throws(ProcessError) {
    let (pid, pipes) = try Spawn.start(command)
    self.pid = pid
    program = command.program
    let state = Monitor(State())
    self.state = state
    let watcher = Watcher(pid: pid, pipes: pipes, command: command, exitWatch: exitWatch, state: state)
    do {
      try OwnThread(name: "child \(pid)") { watcher.run() }.detach()
    } catch {
      kill(-pid, SIGKILL)
      watcher.run()
      throw ProcessError.start(program: command.program, reason: error.description)
    }
  }

  deinit { signalGroup(SIGKILL) }

  /// Sends a signal to the child; false when it has already ended.
  @discardableResult
  public func signal(_ number: Int32) -> Bool {
    state.read { $0.isReaped ? false : kill(pid, number) == 0 }
  }

  /// Sends a signal to the child's group: to it and all it started that did not leave the group.
  ///
  /// Once the child has been reaped nothing is sent: its number may be another's.
  @discardableResult
  public func signalGroup(_ number: Int32) -> Bool {
    state.read { $0.isReaped ? false : kill(-pid, number) == 0 }
  }

  /// How it ended; nil while it runs.
  public var exit: Exit? { state.read { $0.isComplete ? $0.exit : nil } }

  /// Blocks until it has ended and all of its own output is read; nil if it still runs after the time.
  public func wait(within span: Duration) -> Exit? {
    state.wait(within: span) { $0.isComplete ? $0.exit : nil }
  }

  /// TERM, then KILL to the group after the grace time; blocks until it has ended.
  @discardableResult
  public func stop(grace: Duration = .seconds(5)) -> Exit? {
    signal(SIGTERM)
    if let exit = wait(within: grace) { return exit }
    signalGroup(SIGKILL)
    return wait(within: .seconds(10))
  }

  /// What it has written so far to its captured standard output and standard error.
  public var output: [UInt8] { state.read { $0.output } }
  public var errors: [UInt8] { state.read { $0.errors } }

  /// Bytes beyond the capture limit, read and thrown away.
  public var dropped: Int { state.read { $0.dropped } }

  /// Blocks until what it has written (standard output, standard error) satisfies the body.
  ///
  /// - Returns: nil when the child ended, or the time passed, without.
  public func waitForOutput<Result>(
    within span: Duration, _ body: (_ output: String, _ errors: String) -> Result?
  ) -> Result? {
    let found: Result?? = state.wait(within: span) { state -> Result?? in
      let text = (String(decoding: state.output, as: UTF8.self), String(decoding: state.errors, as: UTF8.self))
      if let result = body(text.0, text.1) { return .some(result) }
      return state.isComplete ? .some(nil) : nil
    }
    return found ?? nil
  }

  /// Starts the command and blocks until it has ended.
  ///
  /// - Throws: `ProcessError.deadline` if it takes longer; its group has then been killed.
  public static func run(
    _ command: Command, within span: Duration, exitWatch: ExitWatch = .automatic
  ) throws(ProcessError) -> Finished {
    let child = try ChildProcess(command, exitWatch: exitWatch)
    if let exit = child.wait(within: span) {
      return Finished(exit: exit, output: child.output, errors: child.errors)
    }
    child.signalGroup(SIGKILL)
    _ = child.wait(within: .seconds(10))
    throw ProcessError.deadline(program: command.program, after: span, output: child.output, errors: child.errors)
  }
}
