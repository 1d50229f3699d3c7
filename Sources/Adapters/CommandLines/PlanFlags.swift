import Model
public import Options
import PlanFiles
public import Plans

/// What the flags of `attack` and `run` say about the plan.
public struct PlanFlags {
  let line: Invocation

  public init(_ line: Invocation) {
    self.line = line
  }

  /// - Throws: `Failure` naming the flag whose value can't be, or the two that contradict each other.
  public func overrides() throws(Failure) -> (overrides: PlanOverrides, warnings: [Diagnostic]) {
    var flags = PlanOverrides()
    flags.name = line.text(.runName)
    flags.load = try load()
    flags.timeout = try positive(.timeout)
    flags.connectTimeout = try positive(.connectTimeout)
    flags.grace = line.timeSpan(.grace)
    flags.keepAlive = line.flag(.keepAlive)
    try connections(into: &flags)
    flags.insecureTLS = line.flag(.insecure)
    flags.transport = try transport()
    flags.seed = line.count(.seed).map(UInt64.init)
    if let given = line.given(.method) {
      flags.method = try value(given) { (text) throws(ValueError) in try MethodText.read(text) }
    }
    for given in line.all(.allowTarget) {
      flags.allowedTargets.append(
        try value(given) { (text) throws(ValueError) in try TargetPolicy.Block(text: text) })
    }
    flags.headers = try headers()
    flags.body = try body()
    flags.isBodyFixed = line.given(.bodyFile) != nil || line.given(.body)?.text.hasPrefix("@") == true
    try UserFlags(line).read(into: &flags)
    guard let options = line.given(.vegetaOptions) else { return (flags, []) }
    do throws(PlanError) {
      let vegeta = try PlanSource.vegetaOptions(argument: options.text)
      return (flags.merged(over: vegeta.overrides), vegeta.warnings)
    } catch { throw Failure(error) }
  }

  /// Of a rate and users, one typed and one from the environment, the typed one counts.
  private func load() throws(Failure) -> LoadChoice {
    var load = LoadChoice(duration: try positive(.duration), requests: line.count(.requests).map(UInt64.init))
    load.rate = line.shape(.rate)
    load.users = line.shape(.users)
    load.spacing = line.text(.spacing).flatMap(Spacing.init)
    load.pattern.kind = line.text(.shape).flatMap(PatternChoice.Kind.init)
    load.pattern.rampTo = line.text(.rampTo)
    load.pattern.stepSize = line.text(.stepSize)
    load.pattern.stepDuration = try positive(.stepDuration)
    load.pattern.peak = line.text(.peak)
    load.pattern.period = try positive(.period)
    if let rate = line.given(.rate), let users = line.given(.users) {
      if isVariable(rate), !isVariable(users) { load.rate = nil }
      if isVariable(users), !isVariable(rate) { load.users = nil }
      if load.rate != nil, load.users != nil {
        throw Failure(
          "\(rate.place) and \(users.place) can't be combined: a rate sends by the clock whatever the target does, users "
            + "wait for replies; give one of them")
      }
    }
    return load
  }

  private func isVariable(_ given: Invocation.Given) -> Bool {
    switch given.source {
    case .flag: false
    case .variable: true
    }
  }

  private func positive(_ option: Option) throws(Failure) -> TimeSpan? {
    guard let given = line.given(option), let span = line.timeSpan(option) else { return nil }
    if span > .zero { return span }
    throw Failure("\(given.place): found '\(given.text)', expected a duration above zero such as 10s or 1h")
  }

  private func headers() throws(Failure) -> [Header] {
    var headers: [Header] = []
    for (option, name) in [(Option.contentType, "Content-Type"), (.accept, "Accept"), (.host, "Host")] {
      guard let given = line.given(option) else { continue }
      headers.append(
        try value(given) { (text) throws(ValueError) in try HeaderText.header(name: name, value: text) })
    }
    if let given = line.given(.basicAuth) {
      guard given.text.contains(":") else {
        throw Failure("\(given.place): found no colon, expected USER:PASSWORD")
      }
      headers.append(Header("Authorization", "Basic " + Base64.encode(given.text.utf8)))
    }
    for given in line.all(.header) {
      headers.append(try value(given) { (text) throws(ValueError) in try HeaderText.line(text) })
    }
    return headers
  }

  private func body() throws(Failure) -> [UInt8]? {
    switch (line.given(.body), line.given(.bodyFile)) {
    case (let text?, let file?):
      throw Failure("\(text.place) and \(file.place) can't be combined: give one body")
    case (let text?, nil): return try read(text.text, text.place)
    case (nil, let file?): return try read("@" + file.text, file.place)
    case (nil, nil): return nil
    }
  }

  private func read(_ argument: String, _ place: String) throws(Failure) -> [UInt8] {
    do throws(PlanError) { return try PlanSource.body(argument: argument, flag: place) } catch { throw Failure(error) }
  }

  /// `100`, `shared`, or `shared 100`.
  private func connections(into flags: inout PlanOverrides) throws(Failure) {
    guard let given = line.given(.connections) else { return }
    var words = given.text.split { $0 == " " || $0 == "," }
    if words.first == "shared" {
      flags.sharedConnections = true
      words.removeFirst()
      if words.isEmpty { return }
    }
    guard words.count == 1, let most = Int(words[0]), 1...1_000_000 ~= most else {
      throw Failure(
        "\(given.place): found '\(given.text)', expected a whole number from 1 to 1000000, shared, or both: 'shared 100'"
      )
    }
    flags.connections = most
  }

  func value<Result>(
    _ given: Invocation.Given, _ read: (String) throws(ValueError) -> Result
  ) throws(Failure) -> Result {
    do throws(ValueError) { return try read(given.text) } catch { throw Failure("\(given.place): \(error)") }
  }
}
