import CommandLines
import Glibc
import Model
import Options
import Records

/// A password from where nobody else can read it: never from the command line.
enum Password {
  /// The longest that is taken, in bytes.
  static let longest = 1_024

  /// By `--password-file`, else from STAMPEDE_PASSWORD, else asked for on a terminal, else the first line of standard
  /// input.
  static func read(_ line: Invocation, user: String, environment: [String: String]) throws(Failure) -> String {
    if let given = line.given(.passwordFile), given.text != "-" {
      let bytes: [UInt8]
      do throws(RecordsError) { bytes = try WholeFile.read(given.text, atMost: longest) } catch {
        throw Failure("\(given.place) \(error)")
      }
      return try checked(bytes, "\(given.place) \(given.text)")
    }
    if line.given(.passwordFile) == nil {
      if let password = environment["STAMPEDE_PASSWORD"], !password.isEmpty {
        return try checked(Array(password.utf8), "STAMPEDE_PASSWORD")
      }
      if Console.isTerminal(0) { return try ask("Password of \(user): ") }
    }
    return try checked(firstLine(), "standard input")
  }

  /// Without the line end that editors and echo put behind it.
  private static func checked(_ bytes: [UInt8], _ place: String) throws(Failure) -> String {
    var bytes = bytes
    if bytes.last == 0x0A { bytes.removeLast() }
    if bytes.last == 0x0D { bytes.removeLast() }
    if bytes.isEmpty { throw Failure("\(place): found nothing, expected a password") }
    guard bytes.count <= longest else { throw Failure("\(place): found a password of more than \(longest) bytes") }
    guard !bytes.contains(where: { $0 < 0x20 }), let password = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(place): found a control character or several lines, expected a password on one line")
    }
    return password
  }

  private static func firstLine() -> [UInt8] {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count <= longest {
      let count = Glibc.read(0, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 || byte == 0x0A { break }
      line.append(byte)
    }
    return line
  }

  /// Asks on the terminal of standard input without showing what is typed.
  private static func ask(_ prompt: String) throws(Failure) -> String {
    var before = termios()
    guard tcgetattr(0, &before) == 0 else { throw Failure("standard input: the terminal can't be asked") }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    // Ctrl-C while the echo is off must not leave the terminal so.
    var all = sigset_t()
    var mask = sigset_t()
    sigemptyset(&all)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGQUIT] { sigaddset(&all, number) }
    pthread_sigmask(SIG_BLOCK, &all, &mask)
    tcsetattr(0, TCSAFLUSH, &silent)
    _ = Console.write(prompt.harmless, to: 2)
    let line = lineOrSignal()
    tcsetattr(0, TCSAFLUSH, &before)
    _ = Console.write("\n", to: 2)
    // A signal that came meanwhile takes effect here, the terminal as it was.
    pthread_sigmask(SIG_SETMASK, &mask, nil)
    return try checked(line, "the terminal")
  }

  /// What is typed up to the line's end, or to a signal that is waiting.
  private static func lineOrSignal() -> [UInt8] {
    var line: [UInt8] = []
    while line.count <= longest {
      var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, 200)
      var pending = sigset_t()
      sigpending(&pending)
      if [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGQUIT].contains(where: { sigismember(&pending, $0) == 1 }) {
        return line
      }
      if waiting.revents == 0 { continue }
      var byte: UInt8 = 0
      let count = Glibc.read(0, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 || byte == 0x0A { return line }
      line.append(byte)
    }
    return line
  }
}
