import Model

extension Behaviour {
  /// The names that `set` knows, as a query or a script writes them.
  static let names = ["status", "delay", "jitter", "stall", "errors", "reset", "size", "chunked", "slow"]

  /// Reads the names it knows and passes over the others; what stands here already is overwritten.
  ///
  /// - Throws: `ValueError` with the name in what was found.
  mutating func apply(query: [(name: String, value: String)]) throws(ValueError) {
    for (name, value) in query { _ = try set(name, value) }
    try check()
  }

  /// Takes one member; false where the name is none of these.
  ///
  /// - Throws: `ValueError` with the name in what was found.
  mutating func set(_ name: String, _ value: String) throws(ValueError) -> Bool {
    let found = "\(name)=\(value)"
    switch name {
    case "status": status = try Behaviour.status(value, found: found)
    case "delay": delay = try Behaviour.span(value, found, "a delay such as 20ms or 1.5s, at most 60s")
    case "jitter": jitter = try Behaviour.span(value, found, "a time such as 5ms, at most 60s")
    case "stall": stall = try Behaviour.stall(value, found)
    case "errors": errors = try Behaviour.errors(value, found)
    case "reset":
      guard let share = try? Percentage(text: value) else {
        throw ValueError(found: found, expected: "a percentage such as 1%")
      }
      reset = share
    case "size", "bytes":
      guard let size = Behaviour.size(value), size <= Behaviour.largest else {
        throw ValueError(found: found, expected: "a size such as 500, 10KiB or 1MiB, at most 100MiB")
      }
      self.size = size
    case "chunked":
      guard let truth = ["": true, "1": true, "true": true, "0": false, "false": false][value] else {
        throw ValueError(found: found, expected: "1 or 0")
      }
      isChunked = truth
    case "slow":
      guard value.hasSuffix("/s"), let rate = Behaviour.size(String(value.dropLast(2))),
        (1...1_073_741_824).contains(rate)
      else { throw ValueError(found: found, expected: "bytes a second such as 1KiB/s") }
      slow = rate
    default: return false
    }
    return true
  }

  /// What only shows when all is read.
  func check() throws(ValueError) {
    guard let slow else { return }
    let seconds = (size ?? 0) / slow
    if seconds > Int(Behaviour.longestBody.inSeconds) {
      throw ValueError(
        found: "a body that takes \(seconds) s", expected: "at most 600 s: a smaller size or a higher slow")
    }
  }

  static func status(_ text: String, found: String) throws(ValueError) -> Int {
    guard text.utf8.count == 3, let status = Int(text), (200...599).contains(status) else {
      throw ValueError(found: found, expected: "a status from 200 to 599")
    }
    return status
  }

  private static func span(_ text: String, _ found: String, _ expected: String) throws(ValueError) -> TimeSpan {
    guard let span = try? TimeSpan(text: text), span <= longestDelay else {
      throw ValueError(found: found, expected: expected)
    }
    return span
  }

  /// `1s/5s`.
  private static func stall(_ text: String, _ found: String) throws(ValueError) -> Stall {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let length = try? TimeSpan(text: String(parts[0])),
      let every = try? TimeSpan(text: String(parts[1])), length > .zero, length <= longestDelay, length < every,
      every <= longestPeriod
    else {
      throw ValueError(found: found, expected: "a stall of at most 60s and its period, of at most 1h, such as 1s/5s")
    }
    return Stall(length: length, every: every)
  }

  /// `2%:503`, or `2%` for 500.
  private static func errors(_ text: String, _ found: String) throws(ValueError) -> ErrorShare {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let share = try? Percentage(text: parts[0]) else {
      throw ValueError(found: found, expected: "a percentage and a status such as 2%:503")
    }
    return ErrorShare(share: share, status: parts.count == 2 ? try status(parts[1], found: found) : 500)
  }

  private static let units: [(name: String, bytes: Int)] = [
    ("", 1), ("b", 1), ("kb", 1000), ("k", 1024), ("kib", 1024), ("mb", 1_000_000), ("m", 1_048_576),
    ("mib", 1_048_576),
  ]

  private static func size(_ text: String) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    let unit = text.dropFirst(digits.count).lowercased()
    guard let count = Int(digits), let scale = units.first(where: { $0.name == unit })?.bytes else { return nil }
    let (size, overflow) = count.multipliedReportingOverflow(by: scale)
    return overflow ? nil : size
  }
}
