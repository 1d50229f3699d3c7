/// What to start: a program, its arguments, and where its input and output go.
public struct Command: Sendable {
  /// What the child reads.
  public enum Input: Sendable {
    /// Nothing: /dev/null.
    case none
    case bytes([UInt8])
    /// The parent's own.
    case inherited
  }

  /// Where the child writes.
  public enum Output: Sendable, Equatable {
    /// Kept in memory, up to `Command.captureLimit`.
    case captured
    /// The parent's own.
    case inherited
    case discarded
    /// A file, made or emptied first.
    case file(String)
  }

  /// A path, or a name without slash that is looked up on PATH.
  public var program: String
  /// Without the program's own name.
  public var arguments: [String]
  /// The child's whole environment; nil takes the parent's.
  public var environment: [String: String]?
  /// Put on top of `environment`.
  public var addedEnvironment: [String: String] = [:]
  /// Taken out of the environment.
  public var removedEnvironment: Set<String> = []
  /// Where it runs; nil is the parent's directory.
  public var directory: String?
  public var input = Input.none
  public var output = Output.captured
  public var errors = Output.captured
  /// Bytes kept of each captured stream; what comes after is read, counted and thrown away.
  public var captureLimit = 16 << 20

  public init(_ program: String, _ arguments: [String] = []) {
    self.program = program
    self.arguments = arguments
  }
}

/// How a process ended.
public enum Exit: Sendable, Equatable, CustomStringConvertible {
  case code(Int32)
  case signal(Int32)

  public var isSuccess: Bool { self == .code(0) }

  public var description: String {
    switch self {
    case .code(let code): "exit code \(code)"
    case .signal(let number): "signal \(number)"
    }
  }
}

/// Why a process could not be started, or not be waited for.
public enum ProcessError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The program could not be started, with the kernel's reason.
  case start(program: String, reason: String)
  /// It had not ended in time and was killed with its group; what it had written is kept.
  case deadline(program: String, after: Duration, output: [UInt8], errors: [UInt8])

  public var description: String {
    switch self {
    case .start(let program, let reason): "start \(program): \(reason)"
    case .deadline(let program, let span, _, let errors):
      "\(program) had not ended after \(span) and was killed"
        + (errors.isEmpty ? "" : "; it had written: " + String(decoding: errors.suffix(300), as: UTF8.self))
    }
  }
}

/// A process that has ended, and what it wrote.
public struct Finished: Sendable {
  public let exit: Exit
  public let output: [UInt8]
  public let errors: [UInt8]

  /// The output as text; what is no UTF-8 becomes U+FFFD.
  public var text: String { String(decoding: output, as: UTF8.self) }
  public var errorText: String { String(decoding: errors, as: UTF8.self) }
}
