import CLinux
import Glibc
import Processes
import Testing

@Suite struct ChildProcessTests {
  static let watches: [ChildProcess.ExitWatch] = [.automatic, .polling]

  static func shell(_ script: String) -> Command { Command("/bin/sh", ["-c", script]) }

  @Test(arguments: watches) func givesExitCodeAndBothStreams(_ watch: ChildProcess.ExitWatch) throws {
    let done = try ChildProcess.run(
      Self.shell("echo out; echo err >&2; exit 7"), within: .seconds(60), exitWatch: watch)
    #expect(done.exit == .code(7))
    #expect(done.text == "out\n")
    #expect(done.errorText == "err\n")
  }

  @Test(arguments: watches) func tellsASignalFromACode(_ watch: ChildProcess.ExitWatch) throws {
    let done = try ChildProcess.run(Self.shell("kill -9 $$"), within: .seconds(60), exitWatch: watch)
    #expect(done.exit == .signal(SIGKILL))
  }

  @Test(arguments: watches) func feedsMoreThanAPipeHoldsAndReadsItBack(_ watch: ChildProcess.ExitWatch) throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var command = Command("cat")
    command.input = .bytes(bytes)
    let done = try ChildProcess.run(command, within: .seconds(60), exitWatch: watch)
    #expect(done.exit.isSuccess)
    #expect(done.output == bytes)
  }

  @Test(arguments: watches) func aDeadlineKillsTheWholeGroup(_ watch: ChildProcess.ExitWatch) throws {
    do {
      _ = try ChildProcess.run(
        Self.shell("sleep 60 & echo $!; wait"), within: .seconds(2), exitWatch: watch)
      Issue.record("a command that sleeps can't have ended")
    } catch {
      guard case .deadline(_, _, let output, _) = error else { throw error }
      let text = String(decoding: output, as: UTF8.self)
      let grandchild = try #require(Int32(text.prefix { $0.isNumber }))
      #expect(error.description.hasPrefix("/bin/sh had not ended after 2.0 seconds"))
      // The grandchild is init's to reap now, so its number may linger for a moment.
      var gone = false
      for _ in 0..<5_000 where !gone {
        gone = kill(grandchild, 0) != 0 || Self.isZombie(grandchild)
        usleep(2_000)
      }
      #expect(gone)
    }
  }

  static func isZombie(_ pid: Int32) -> Bool {
    let done = try? ChildProcess.run(Command("cat", ["/proc/\(pid)/stat"]), within: .seconds(60))
    return done?.text.contains(") Z ") ?? true
  }

  @Test func aGrandchildThatHoldsThePipeIsNotAwaited() throws {
    let child = try ChildProcess(Self.shell("sleep 20 & echo $!"))
    #expect(child.wait(within: .seconds(60)) == .code(0))
    let grandchild = try #require(Int32(String(decoding: child.output, as: UTF8.self).prefix { $0.isNumber }))
    #expect(kill(grandchild, SIGKILL) == 0)
  }

  @Test func startsWithNoSignalBlockedOrIgnoredAndInItsOwnGroup() throws {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    let done = try ChildProcess.run(
      Self.shell("cat /proc/self/status; cut -d' ' -f1,5 /proc/$$/stat"), within: .seconds(60))
    pthread_sigmask(SIG_SETMASK, &before, nil)
    #expect(done.text.contains("SigBlk:\t0000000000000000"))
    // Signals 32 and 33 are the C library's own; it ignores them in every child it spawns.
    let ignored = done.text.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
    #expect(ignored.flatMap { UInt64($0.dropFirst(8), radix: 16) }.map { $0 & 0x7FFF_FFFF } == 0)
    let numbers = done.text.split(separator: "\n").last?.split(separator: " ")
    #expect(numbers?.count == 2)
    #expect(numbers?.first == numbers?.last)
  }

  @Test func leaksNoDescriptor() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe2(&ends, 0) == 0)
    defer { for end in ends { close(end) } }
    let done = try ChildProcess.run(Self.shell("for f in /proc/$$/fd/*; do echo ${f##*/}; done"), within: .seconds(60))
    let numbers = Set(done.text.split(separator: "\n").compactMap { Int32($0) })
    #expect(numbers.isSuperset(of: [0, 1, 2]))
    #expect(numbers.isDisjoint(with: ends))
  }

  @Test func environmentAndDirectoryAreThoseAskedFor() throws {
    var command = Self.shell("pwd; echo $A-$B-${HOME:-none}")
    command.addedEnvironment = ["A": "1", "B": "two words"]
    command.removedEnvironment = ["HOME"]
    command.directory = "/usr"
    #expect(try ChildProcess.run(command, within: .seconds(60)).text == "/usr\n1-two words-none\n")
    command.environment = ["PATH": "/usr/bin:/bin"]
    command.addedEnvironment = [:]
    #expect(try ChildProcess.run(command, within: .seconds(60)).text == "/usr\n--none\n")
  }

  @Test func whatCannotStartSaysWhy() {
    #expect(throws: ProcessError.start(program: "/nowhere/at-all", reason: "No such file or directory")) {
      try ChildProcess(Command("/nowhere/at-all"))
    }
    var command = Command("true")
    command.directory = "/nowhere"
    #expect(throws: ProcessError.start(program: "true", reason: "(in /nowhere) No such file or directory")) {
      try ChildProcess(command)
    }
  }

  @Test(arguments: watches) func waitsForAWordThenStops(_ watch: ChildProcess.ExitWatch) throws {
    let child = try ChildProcess(Self.shell("echo ready 4711; exec sleep 60"), exitWatch: watch)
    let port = child.waitForOutput(within: .seconds(60)) { output, _ in
      output.contains("\n") ? output.split(separator: " ").last.flatMap { Int($0.dropLast()) } : nil
    }
    #expect(port == 4711)
    #expect(child.exit == nil)
    #expect(child.stop() == .signal(SIGTERM))
    #expect(!child.signal(SIGTERM), "nothing may be sent to the number of a reaped child")
  }

  @Test func waitingForAWordEndsWithTheChild() throws {
    let child = try ChildProcess(Self.shell("echo something else"))
    #expect(child.waitForOutput(within: .seconds(60)) { output, _ in output.contains("ready") ? true : nil } == nil)
    #expect(child.wait(within: .seconds(60)) == .code(0))
  }

  @Test func whatIgnoresTermIsKilled() throws {
    let child = try ChildProcess(Self.shell("trap '' TERM; echo up; while :; do sleep 0.05; done"))
    #expect(child.waitForOutput(within: .seconds(60)) { output, _ in output.isEmpty ? nil : true } == true)
    #expect(child.stop(grace: .milliseconds(200)) == .signal(SIGKILL))
  }

  @Test func outputBeyondTheLimitIsCountedNotKept() throws {
    var command = Self.shell("head -c 300000 /dev/zero")
    command.captureLimit = 1000
    let child = try ChildProcess(command)
    #expect(child.wait(within: .seconds(60)) == .code(0))
    #expect(child.output.count == 1000)
    #expect(child.dropped == 299_000)
  }

  @Test func anAbandonedChildIsKilled() throws {
    var child: ChildProcess? = try ChildProcess(Command("sleep", ["60"]))
    let pid = try #require(child?.pid)
    #expect(kill(pid, 0) == 0)
    child = nil
    var gone = false
    for _ in 0..<1000 where !gone {
      gone = kill(pid, 0) != 0
      usleep(2_000)
    }
    #expect(gone)
  }
}
