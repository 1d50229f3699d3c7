import Processes
import TestSupport
import Testing

/// The password's prompt, on a terminal that Python makes.
@Suite struct TerminalTests {
  /// Types the text once the prompt is there; prints what the terminal showed, the exit code, and whether it echoes.
  private func type(_ text: String, _ master: ScriptedMaster) throws -> String {
    let script = """
      import os, pty, sys, termios, time
      parent, child = pty.openpty()
      pid = os.fork()
      if pid == 0:
          os.setsid()
          import fcntl
          fcntl.ioctl(child, termios.TIOCSCTTY, 0)
          for number in (0, 1, 2): os.dup2(child, number)
          os.execv(sys.argv[1], [sys.argv[1], "login"])
      shown = b""
      while b"Password of admin" not in shown: shown += os.read(parent, 1024)
      os.write(parent, sys.argv[2].encode())
      status = None
      end = time.time() + 60
      while time.time() < end:
          done, status = os.waitpid(pid, os.WNOHANG)
          if done: break
          time.sleep(0.05)
      os.write(child, b"<end>")
      while b"<end>" not in shown: shown += os.read(parent, 1024)
      echoes = bool(termios.tcgetattr(parent)[3] & termios.ECHO)
      print(shown.decode(), os.waitstatus_to_exitcode(status), "echo" if echoes else "silent")
      """
    var command = Command(Places.python, ["-c", script, Places.stampede, text])
    command.addedEnvironment = master.environment
    command.removedEnvironment = ["STAMPEDE_PASSWORD"]
    return try ChildProcess.run(command, within: .seconds(120)).text
  }

  @Test func whatIsTypedIsNotShown() throws {
    let master = try ScriptedMaster()
    let shown = try type(ScriptedMaster.password + "\n", master)
    #expect(!shown.contains(ScriptedMaster.password))
    #expect(shown.contains("Password of admin at \(master.server.url): "))
    #expect(shown.contains("Signed in as admin"))
    #expect(shown.hasSuffix("0 echo\n"), "\(shown)")
  }

  @Test func controlCLeavesTheTerminalAsItWas() throws {
    let master = try ScriptedMaster()
    let shown = try type("half\u{3}", master)
    #expect(!shown.contains("half"))
    #expect(shown.hasSuffix("-2 echo\n"), "\(shown)")
    #expect(master.server.requests.isEmpty)
  }
}
