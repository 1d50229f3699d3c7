import Model
public import Options
import PlanFiles
public import Plans

/// What flags say about users: their pauses, limits, data and sign-in, and what the result must hold.
public struct UserFlags {
  private let line: Invocation

  public init(_ line: Invocation) {
    self.line = line
  }

  func read(into flags: inout PlanOverrides) throws(Failure) {
    flags.load.limits.iterations = line.count(.iterations).map(UInt64.init)
    flags.load.limits.userLimit = line.rate(.usersRate)
    flags.load.limits.limit = line.rate(.maxRate)
    flags.load.limits.warmUp = line.timeSpan(.warmUp)
    if let given = line.given(.thinkTime) {
      flags.think = try value(given) { (text) throws(ValueError) in try ThinkText.read(text) }
    }
    flags.cookies = line.flag(.cookies)
    flags.redirects = try redirects()
    if let given = line.given(.retries) { flags.retries = try value(given, UserFlags.retries) }
    if let given = line.given(.breaker) { flags.breaker = try value(given, UserFlags.breaker) }
    for given in line.all(.threshold) {
      flags.thresholds.append(try value(given) { (text) throws(ValueError) in try ThresholdText.read(text) })
    }
    flags.keptFailures = line.count(.keepFailures)
    if let given = line.given(.samples) {
      flags.samples = try value(given) { (text) throws(ValueError) in try SampleKeeping.share(text) }
    }
    flags.samplesBound = line.count(.samplesBound)
    for given in line.all(.maskHeader) {
      guard FailureFields.isHeaderName(given.text) else {
        throw Failure("\(given.place): found '\(given.text)', expected a header's name: X-Tenant-Key")
      }
      flags.maskedHeaders.append(given.text)
    }
    flags.login.url = line.text(.loginURL)
    for given in line.all(.loginHeader) {
      flags.login.headers.append(try value(given) { (text) throws(ValueError) in try HeaderText.line(text) })
    }
  }

  /// The lists and feeds that flags name, read from their files.
  public func supplies() throws(Failure) -> PlanSupplies {
    var supplies = PlanSupplies()
    for given in line.all(.list) {
      supplies.lists.append(
        try value(given) { (text) throws(ValueError) in
          let (name, file) = try PlanData.named(text)
          return try UserFlags.naming(file) { () throws(ValueError) in
            try PlanData.list(name: name, try PlanSource.data(file: file))
          }
        })
    }
    for given in line.all(.feed) {
      supplies.feeds.append(
        try value(given) { (text) throws(ValueError) in
          let (name, rest) = try PlanData.named(text, expected: PlanData.feedExpected)
          let (file, mode, exhausted) = PlanData.mode(rest)
          // What stands behind a comma may have been meant for one of those words.
          return try UserFlags.naming(file, expected: file.contains(",") ? PlanData.feedExpected : nil) {
            () throws(ValueError) in
            try PlanData.feed(name: name, mode: mode, exhausted: exhausted, try PlanSource.data(file: file))
          }
        })
    }
    return supplies
  }

  /// Says in which file it was found.
  private static func naming<Result>(
    _ file: String, expected: String? = nil, _ read: () throws(ValueError) -> Result
  ) throws(ValueError) -> Result {
    do throws(ValueError) { return try read() } catch {
      throw ValueError(found: "\(error.found) for '\(file.harmless)'", expected: expected ?? error.expected)
    }
  }

  /// Vegeta's -1 (do not follow, and take it for a success) is 0 here.
  private func redirects() throws(Failure) -> Int? {
    guard let given = line.given(.redirects) else { return line.isOn(.noRedirects) ? 0 : nil }
    if given.text == "-1" { return 0 }
    guard let most = Int(given.text), 0...100 ~= most else {
      throw Failure("\(given.place): found '\(given.text)', expected a whole number from 0 to 100")
    }
    return most
  }

  private static func retries(_ text: String) throws(ValueError) -> RetryPolicy {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let most = Int(parts[0]), 0...100 ~= most else {
      throw ValueError(found: "'\(text)'", expected: "a number up to 100, and perhaps a pause: 3 or 3,200ms")
    }
    return parts.count == 2 ? RetryPolicy(most: most, pause: try TimeSpan(text: parts[1])) : RetryPolicy(most: most)
  }

  private static func breaker(_ text: String) throws(ValueError) -> CircuitBreaker {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let failures = Int(parts[0]), 1...1_000_000 ~= failures,
      let rest = try? TimeSpan(text: parts[1]), rest > .zero
    else { throw ValueError(found: "'\(text)'", expected: "failures in a row and a rest: 5,10s") }
    return CircuitBreaker(failures: failures, rest: rest)
  }

  private func value<Result>(
    _ given: Invocation.Given, _ read: (String) throws(ValueError) -> Result
  ) throws(Failure) -> Result {
    do throws(ValueError) { return try read(given.text) } catch { throw Failure("\(given.place): \(error)") }
  }
}
