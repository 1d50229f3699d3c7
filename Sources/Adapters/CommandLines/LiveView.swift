import Model
import Reports
public import Summary
public import Threads

/// The line that shows how a run goes on, one a second on standard error: in place on a terminal, else line by line.
///
/// A thread of its own writes, so that a terminal that has been held (Ctrl-S) or a full pipe holds nobody up; what it
/// can't take is skipped.
public final class LiveView: Sendable {
  private struct State {
    var lines: [String] = []
    var lastElapsed = TimeSpan.zero
    var isOver = false
    var hasEnded = false
  }

  private let isTerminal = Console.isTerminal(2)
  private let isOn: Bool
  private let state = Monitor(State())

  /// Puts the cursor at the line's start and erases the line.
  static let erase = "\r\u{1B}[K"

  public init(isOn: Bool) {
    self.isOn = isOn
  }

  /// Bytes that must stand before a line of somebody else's.
  public var opening: String { isOn && isTerminal ? LiveView.erase : "" }

  public func start() throws(SystemError) {
    if !isOn { return state.change { $0.hasEnded = true } }
    try OwnThread(name: "live", niceness: 5) { [self] in work() }.detach()
  }

  /// Shows the second; replaces what the thread has not shown yet on a terminal, or queues (at most 100 lines).
  ///
  /// What is left of a second at the run's end is not shown: rates over a few milliseconds mean nothing.
  public func show(_ live: LiveLine) {
    if !isOn { return }
    let length = state.read { state in
      defer { state.lastElapsed = live.elapsed }
      return live.elapsed - state.lastElapsed
    }
    if length < .milliseconds(100) { return }
    if isTerminal {
      let line = LiveView.erase + LiveText.line(live, width: Console.width(2), terminal: true)
      state.change { $0.lines = [line] }
    } else {
      let line = LiveText.line(live, width: 80, terminal: false) + "\n"
      state.change { if $0.lines.count < 100 { $0.lines.append(line) } }
    }
  }

  /// Says something that may be left unsaid.
  public func note(_ line: String) { if isOn { say(line) } }

  /// Says something between two lines.
  public func say(_ line: String) {
    if isOn { state.change { $0.lines.append(opening + line.harmless + "\n") } } else { Console.say(line) }
  }

  /// Writes what waits and leaves the line empty; waits half a second at most.
  public func end() {
    state.change { $0.isOver = true }
    _ = state.wait(within: .milliseconds(500)) { $0.hasEnded ? true : nil }
  }

  private func work() {
    while true {
      let (lines, isOver) =
        state.wait { state -> ([String], Bool)? in
          if state.lines.isEmpty, !state.isOver { return nil }
          defer { state.lines = [] }
          return (state.lines, state.isOver)
        } ?? ([], true)
      for line in lines { _ = Console.write(line, to: 2) }
      if isOver { break }
    }
    if isTerminal { _ = Console.write(LiveView.erase, to: 2) }
    state.change { $0.hasEnded = true }
  }
}
