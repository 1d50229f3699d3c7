import CLinux
import Glibc
import Threads

/// The descriptors that the parent keeps of a child it has started; −1 where there is none.
struct Pipes {
  var input: Int32 = -1
  var output: Int32 = -1
  var errors: Int32 = -1
}

/// One call of posix_spawn: a new process group, default signals, none blocked, no descriptor above 2.
enum Spawn {
  /// Starts the command.
  static func start(_ command: Command) throws(ProcessError) -> (pid: pid_t, pipes: Pipes) {
    func check(_ code: Int32, _ step: String) throws(ProcessError) {
      if code == 0 { return }
      throw ProcessError.start(program: command.program, reason: "\(step)\(SystemError.text(of: code))")
    }
    var actions = posix_spawn_file_actions_t()
    try check(posix_spawn_file_actions_init(&actions), "")
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    try check(posix_spawnattr_init(&attributes), "")
    defer { posix_spawnattr_destroy(&attributes) }

    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var pipes = Pipes()
    var childEnds: [Int32] = []
    defer { for end in childEnds { close(end) } }
    do {
      if let directory = command.directory {
        try check(posix_spawn_file_actions_addchdir_np(&actions, directory), "")
      }
      switch command.input {
      case .none: try check(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0), "")
      case .inherited: break
      case .bytes:
        let (read, write) = try pipe(command)
        childEnds.append(read)
        pipes.input = write
        try check(posix_spawn_file_actions_adddup2(&actions, read, 0), "")
      }
      for (output, descriptor) in [(command.output, Int32(1)), (command.errors, 2)] {
        switch output {
        case .inherited: break
        case .discarded: try check(posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0), "")
        case .file(let path):
          let flags = O_WRONLY | O_CREAT | O_TRUNC
          try check(posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o644), "")
        case .captured:
          let (read, write) = try pipe(command)
          childEnds.append(write)
          if descriptor == 1 { pipes.output = read } else { pipes.errors = read }
          try check(posix_spawn_file_actions_adddup2(&actions, write, descriptor), "")
        }
      }
      try check(posix_spawn_file_actions_addclosefrom_np(&actions, 3), "")
      var pid = pid_t()
      let code = withCStrings([command.program] + command.arguments) { arguments in
        withCStrings(environment(of: command)) { environment in
          posix_spawnp(&pid, command.program, &actions, &attributes, arguments, environment)
        }
      }
      try check(code, command.directory.map { "(in \($0)) " } ?? "")
      for end in [pipes.input, pipes.output, pipes.errors] where end >= 0 {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
      return (pid, pipes)
    } catch {
      for end in [pipes.input, pipes.output, pipes.errors] where end >= 0 { close(end) }
      throw error
    }
  }

  private static func pipe(_ command: Command) throws(ProcessError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    if pipe2(&ends, O_CLOEXEC) != 0 {
      throw ProcessError.start(program: command.program, reason: "pipe: \(SystemError.text(of: errno))")
    }
    return (ends[0], ends[1])
  }

  /// `NAME=value` lines: the parent's unless the command names its own, then what is added and taken out.
  private static func environment(of command: Command) -> [String] {
    var values = command.environment ?? Environment.current
    for (name, value) in command.addedEnvironment { values[name] = value }
    for name in command.removedEnvironment { values[name] = nil }
    return values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  /// The strings as a C array that ends in a null pointer.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array with a last null has a base") }
      return body(base)
    }
  }
}

/// This process's environment.
public enum Environment {
  /// All variables as they were at the call; must not race with setenv, which nothing here calls.
  public static var current: [String: String] {
    var values: [String: String] = [:]
    guard var entry = stampede_environment() else { return values }
    while let line = entry.pointee {
      let text = String(cString: line)
      if let equal = text.firstIndex(of: "=") {
        values[String(text[..<equal])] = String(text[text.index(after: equal)...])
      }
      entry += 1
    }
    return values
  }
}
