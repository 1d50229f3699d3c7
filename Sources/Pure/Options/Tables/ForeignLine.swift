/// Another tool's command line, read by that tool's own rules.
struct ForeignLine {
  /// Flags in order, under the names that their table gives them; a switch has no value.
  private(set) var flags: [(name: String, value: String)] = []
  private(set) var operands: [String] = []

  /// - Parameter table: by spelling, the flag's name; one that ends in `=` takes a value.
  init(_ words: [String], _ table: [String: String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.first == "-", word != "-" else {
        operands.append(word)
        continue
      }
      let isLong = word.hasPrefix("--")
      let equal = isLong ? word.firstIndex(of: "=") : nil
      let spelling = isLong ? String(word[..<(equal ?? word.endIndex)]) : String(word.prefix(2))
      let name = table[spelling] ?? spelling
      guard name.last == "=" else {
        flags.append((name, ""))
        continue
      }
      let attached = isLong ? equal.map { String(word[word.index(after: $0)...]) } : String(word.dropFirst(2))
      let value = attached.flatMap { isLong || !$0.isEmpty ? $0 : nil } ?? rest.popFirst() ?? ""
      flags.append((String(name.dropLast()), value))
    }
  }

  func values(_ name: String) -> [String] { flags.filter { $0.name == name }.map(\.value) }
  func has(_ name: String) -> Bool { flags.contains { $0.name == name } }
}

// Command lines whose flags mean something else here: said again with ours.
extension Habits {
  private static let wrkFlags = [
    "-c": "connections=", "--connections": "connections=", "-d": "duration=", "--duration": "duration=",
    "-t": "threads=", "--threads": "threads=", "-s": "script=", "--script": "script=", "-H": "header=",
    "--header": "header=", "-T": "timeout=", "--timeout": "timeout=", "-R": "rate=", "--rate": "rate=",
  ]

  static func wrkLine(_ word: String, _ rest: [String]) -> OptionError {
    let line = ForeignLine(rest, wrkFlags)
    if let script = line.values("script").last {
      return OptionError(
        "\(word): the script '\(script)' can't be run; write its requests as a plan (stampede help run)")
    }
    var words = ["stampede run"]
    let rate = line.values("rate").last
    if let rate { words.append("--rate \(quoted(rate))") }
    let connections = line.values("connections").last ?? "10"
    words.append("\(rate == nil ? "--users" : "--connections") \(quoted(connections))")
    words.append("--duration \(quoted(seconds(line.values("duration").last ?? "10s")))")
    if let timeout = line.values("timeout").last { words.append("--timeout \(quoted(seconds(timeout)))") }
    words += line.values("header").map { "--header \(quoted($0))" }
    return OptionError("\(word)'s command is here: " + (words + line.operands.map(quoted)).joined(separator: " "))
  }

  private static let abFlags = [
    "-n": "n=", "-c": "c=", "-t": "time=", "-s": "timeout=", "-p": "POST=", "-u": "PUT=", "-T": "T=", "-A": "a=",
    "-H": "H=", "-C": "cookie=", "-m": "m=", "-b": "=", "-g": "=", "-e": "=", "-B": "=", "-P": "=", "-X": "=",
    "-x": "=", "-y": "=", "-z": "=", "-v": "=", "-Z": "=", "-f": "=", "-k": "keep", "-i": "head",
  ]

  /// ab asks one at a time unless told otherwise, and opens a connection for each request unless there is `-k`.
  static func abLine(_ rest: [String]) -> OptionError {
    let line = ForeignLine(rest, abFlags)
    var words = ["stampede attack"]
    for (name, value) in line.flags {
      switch name {
      case "n", "c", "T", "a", "H", "m": words.append("-\(name) \(quoted(value))")
      case "time": words.append("--duration \(quoted(seconds(value)))")
      case "timeout": words.append("--timeout \(quoted(seconds(value)))")
      case "POST", "PUT": words.append("-m \(name) -D \(quoted(value))")
      case "cookie": words.append("-H \(quoted("Cookie: " + value))")
      case "head": words.append("-m HEAD")
      case _: break
      }
    }
    if !line.has("c") { words.append("-c 1") }
    words += line.operands.map(quoted)
    if !line.has("keep") { words.append("--no-keepalive") }
    return OptionError("ab's -k and -t mean something else here; type: " + words.joined(separator: " "))
  }

  /// A number alone counts seconds, in wrk as in ab.
  private static func seconds(_ text: String) -> String { Int(text) == nil ? text : text + "s" }
}
