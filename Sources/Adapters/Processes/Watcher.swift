import CLinux
import Glibc
import Threads

/// What the thread of one child does: feeds its input, reads its output, reaps it.
struct Watcher: Sendable {
  let pid: pid_t
  let pipes: Pipes
  let command: Command
  let exitWatch: ChildProcess.ExitWatch
  let state: Monitor<ChildProcess.State>

  /// Runs until the child is reaped and its own output read. A grandchild that still holds the pipes is not awaited.
  func run() {
    var pidfd: Int32 = -1
    switch exitWatch {
    case .automatic: pidfd = stampede_pidfd_open(pid)
    case .polling: break
    }
    defer { if pidfd >= 0 { close(pidfd) } }
    var input: ArraySlice<UInt8> = []
    if case .bytes(let bytes) = command.input { input = bytes[...] }
    var open = pipes
    if open.input >= 0, input.isEmpty { shut(&open.input) }

    var pause: Int32 = 1
    while true {
      var watched = [
        pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: open.output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: open.errors, events: Int16(POLLIN), revents: 0),
        pollfd(fd: open.input, events: Int16(POLLOUT), revents: 0),
      ]
      let ready = poll(&watched, nfds_t(watched.count), pidfd >= 0 ? -1 : pause)
      if ready < 0, errno != EINTR { pause = 20 }
      // Without a pidfd: 1 ms at first, so that short commands are noticed at once, then up to 20 ms.
      pause = ready == 0 ? min(pause * 2, 20) : 1
      if open.input >= 0, watched[3].revents != 0 { feed(&open.input, &input) }
      if watched[1].revents != 0 { drain(&open.output, \.output) }
      if watched[2].revents != 0 { drain(&open.errors, \.errors) }
      let exit = pidfd < 0 || watched[0].revents != 0 ? reap() : nil
      if let exit {
        drain(&open.output, \.output)
        drain(&open.errors, \.errors)
        shut(&open.input)
        shut(&open.output)
        shut(&open.errors)
        state.change {
          $0.exit = exit
          $0.isComplete = true
        }
        return
      }
    }
  }

  /// The child's end, if it has ended; from then on nobody signals its number.
  private func reap() -> Exit? {
    state.read { state in
      var status: Int32 = 0
      let found = waitpid(pid, &status, WNOHANG)
      if found == 0 || (found < 0 && errno == EINTR) { return nil }
      state.isReaped = true
      // Somebody else waited for it: its end is unknown, and said to be a kill.
      if found < 0 { return .signal(SIGKILL) }
      return stampede_wifexited(status) != 0
        ? .code(stampede_wexitstatus(status)) : .signal(stampede_wtermsig(status))
    }
  }

  private func feed(_ descriptor: inout Int32, _ bytes: inout ArraySlice<UInt8>) {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 { bytes = bytes.dropFirst(count) }
    let isFinal = count < 0 && errno != EAGAIN && errno != EINTR
    if bytes.isEmpty || isFinal { shut(&descriptor) }
  }

  /// Reads what is there, at most 1 MiB (more than a pipe holds, so that a grandchild that never stops writing keeps
  /// nobody from leaving); closes at the end of the stream.
  private func drain(_ descriptor: inout Int32, _ place: WritableKeyPath<ChildProcess.State, [UInt8]> & Sendable) {
    if descriptor < 0 { return }
    let isOver = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer -> Bool in
      for _ in 0..<16 {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return count == 0 || errno != EAGAIN }
        state.change { state in
          let room = max(0, command.captureLimit - state[keyPath: place].count)
          state[keyPath: place].append(contentsOf: buffer[0..<min(count, room)])
          state.dropped += max(0, count - room)
        }
      }
      return false
    }
    if isOver { shut(&descriptor) }
  }

  private func shut(_ descriptor: inout Int32) {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
