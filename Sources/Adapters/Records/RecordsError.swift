import Glibc
import Wire

/// Why a run directory or a file in it could not be made, written or read.
public struct RecordsError: Error, Equatable, Sendable, CustomStringConvertible {
  public let path: String
  public let cause: Cause

  /// What was found, or what the system refused.
  public enum Cause: Equatable, Sendable {
    /// The system refused to `action` (`create`, `write` …), with this errno.
    case system(action: String, code: Int32)
    /// A directory for results has something in it already.
    case notEmpty
    /// A file stands where a directory is wanted.
    case notADirectory
    /// A directory without records, so no result of a run.
    case notARun
    /// Another process holds the lock.
    case inUse
    /// The bytes at this offset are no record.
    case damaged(offset: Int, error: WireError)
    /// A file is longer than what was expected of it.
    case tooLong(most: Int)
    /// A spool holds as many bytes as it may.
    case full(limit: Int)
  }

  public init(path: String, cause: Cause) {
    self.path = path
    self.cause = cause
  }

  /// From errno, right after the call that failed.
  static func system(_ path: String, _ action: String, _ code: Int32 = errno) -> RecordsError {
    RecordsError(path: path, cause: .system(action: action, code: code))
  }

  public var description: String {
    let path = path.isEmpty ? "''" : path
    return switch cause {
    case .system(let action, let code): "\(path): can't \(action): \(RecordsError.text(of: code))"
    case .notEmpty: "\(path): the directory is not empty; name one that is, or that does not exist yet"
    case .notADirectory: "\(path): found a file, expected a directory or a name that does not exist yet"
    case .notARun: "\(path): no run directory: there is no file '\(RunDirectory.recordsName)' in it"
    case .inUse: "\(path): another process is writing to it"
    case .damaged(let offset, let error): "\(path): damaged at byte \(offset): \(error)"
    case .tooLong(let most): "\(path): longer than \(most) bytes"
    case .full(let limit): "\(path): the spool is full: it may hold \(limit) bytes"
    }
  }

  private static func text(of code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
