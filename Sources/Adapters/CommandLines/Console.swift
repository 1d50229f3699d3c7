import CLinux
import Glibc
import Model

/// Standard output and standard error as somebody reads them. Any thread may write; lines are whole.
///
/// A reader that has gone (`| head`) is no error: what it does not read is dropped, and the command goes on.
public enum Console {
  /// Text for standard output, as it is.
  ///
  /// - Throws: a `Failure` of the exit code 2 where it can't be written, for what the command was asked for is lost.
  public static func out(_ text: String) throws(Failure) {
    if let code = write(text, to: 1) {
      throw Failure("standard output: \(String(cString: strerror(code)))", exitCode: 2)
    }
  }

  /// A line of its own on standard error; what it quotes can neither end it nor command the terminal.
  public static func say(_ line: String) { _ = write(line.harmless + "\n", to: 2) }

  public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  public static func isPipe(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Whether there is something to read, or its end, within the time. Blocks for as long.
  public static func hasInput(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) != 0
  }

  /// Columns of the terminal; 80 where there is none, or it does not say.
  public static func width(_ descriptor: Int32) -> Int {
    let columns = Int(stampede_columns(descriptor))
    return columns >= 20 ? columns : 80
  }

  /// Whether the terminal shows more than ASCII, by what the environment says of its character set.
  public static func showsUTF8(environment: [String: String]) -> Bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let upper = named.uppercased()
    return upper.contains("UTF-8") || upper.contains("UTF8")
  }

  /// Whether colours may be used: a terminal, and nobody said NO_COLOR.
  public static func hasColour(_ descriptor: Int32, environment: [String: String]) -> Bool {
    isTerminal(descriptor) && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Writes all of it, and waits where the reader is slow.
  ///
  /// - Returns: the error that ended it; nil where all is written, or its reader has gone.
  public static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 {
        // What takes nothing without saying why would be asked for ever.
        return EIO
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, 1000)
      } else if errno != EINTR {
        return errno == EPIPE ? nil : errno
      }
    }
    return nil
  }
}
