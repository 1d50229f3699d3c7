/// For whom a request is written.
@safe
public struct RenderContext {
  /// The user's number; in the open model the arrival's.
  public let user: UInt64
  public let iteration: UInt64
  let key: DrawKey
  /// Milliseconds since 1970, taken when the request is written first, so that a second try is the same.
  public var epochms: Int64
  /// nil where the plan has neither feeds nor captures.
  public var memory: UserMemory?
  /// nil without cookies.
  public var jar: CookieJar?
  /// Of a redirect.
  public var location: Location?

  /// - Parameter stepRun: how many requests the user has begun in this iteration before; setup and teardown count on
  ///   as iterations of their own (`ScriptTable.setupIteration`).
  public init(
    _ table: ScriptTable, user: UInt64, iteration: UInt64, stepRun: UInt64, epochms: Int64, memory: UserMemory? = nil,
    jar: CookieJar? = nil, location: Location? = nil
  ) {
    self.user = user
    self.iteration = iteration
    key = table.key.of(user).of(iteration).of(stepRun)
    self.epochms = epochms
    self.memory = memory
    self.jar = jar
    self.location = location
  }
}

extension ScriptTable {
  /// The iteration that draws of setup and teardown are made for, so that they meet those of no other.
  public static let setupIteration = UInt64.max
  public static let teardownIteration = UInt64.max - 1

  /// Writes the whole request, head and body. Where it does not fit, the sink says what is needed; with cookies that
  /// may be more the second time.
  public func render(
    _ target: Int, _ form: RequestForm = .planned, _ context: RenderContext, into sink: inout ByteSink
  ) {
    let request = request(target)
    let ops =
      switch form.number {
      case 0: request.forms.0
      case 1: request.forms.1
      case 2: request.forms.2
      case 3: request.forms.3
      default: request.forms.4
      }
    run(ops, request, context, &sink)
  }

  /// Writes path and query alone.
  public func renderPath(_ target: Int, _ context: RenderContext, into sink: inout ByteSink) {
    let request = request(target)
    run(request.path, request, context, &sink)
  }

  /// Writes the value of one of the target's headers, in the plan's order.
  public func renderHeader(_ target: Int, _ header: Int, _ context: RenderContext, into sink: inout ByteSink) {
    let request = request(target)
    guard header >= 0, header < Int(request.headerCount) else { return }
    unsafe run(headers[Int(request.headersAt) + header], request, context, &sink)
  }

  public func renderBody(_ target: Int, _ context: RenderContext, into sink: inout ByteSink) {
    let request = request(target)
    run(request.body, request, context, &sink)
  }

  private func run(_ range: OpRange, _ request: CompiledRequest, _ context: RenderContext, _ sink: inout ByteSink) {
    var path = 0..<0
    for place in Int(range.at)..<Int(range.at) + Int(range.count) {
      switch unsafe ops[place] {
      case .text(let slice): sink.append(view(slice))
      case .randInt(let low, let count, let site):
        sink.append(decimal: low &+ Int64(bitPattern: context.key.of(UInt64(site)).below(count)))
      case .pick(let list, let site, let escaping):
        let list = unsafe lists[Int(list)]
        let chosen = Int(context.key.of(UInt64(site)).below(UInt64(list.count)))
        unsafe sink.append(view(values[list.at + chosen]), escaping)
      case .epochms: sink.append(decimal: context.epochms)
      case .userId: sink.append(decimal: context.user)
      case .uuid(let site): ScriptTable.uuid(context.key.of(UInt64(site)), &sink)
      case .iteration:
        // Set-up and tear-down are no iterations.
        sink.append(decimal: context.iteration < ScriptTable.teardownIteration ? context.iteration : 0)
      case .column(let feed, let column, let escaping):
        guard let memory = context.memory else { break }
        sink.append(cell(Int(feed), row: memory[row: Int(feed)], column: Int(column)), escaping)
      case .variable(let variable, let escaping):
        if let value = context.memory?.value(Int(variable)) { sink.append(value, escaping) }
      case .contentLength:
        // Written once into nothing: draws are the same again.
        var length = ByteSink.counting
        runBody(request, context, &length)
        sink.append(decimal: UInt64(length.needed))
      case .body: runBody(request, context, &sink)
      case .pathBegins: path = sink.needed..<sink.needed
      case .pathEnds: path = path.lowerBound..<sink.needed
      case .cookieLine, .moreCookies:
        guard let jar = context.jar else { break }
        var isLine = false
        if case .cookieLine = unsafe ops[place] { isLine = true }
        let before = sink.needed
        sink.append(isLine ? "Cookie: " : "; ")
        let from = sink.needed
        if let location = context.location {
          jar.write(
            host: location.host, path: location.path, isTLS: location.isTLS, now: context.epochms, into: &sink)
        } else {
          jar.write(
            host: view(request.host), path: sink.bytes[path].withoutQuery, isTLS: request.isTLS, now: context.epochms,
            into: &sink)
        }
        if sink.needed == from { sink.cut(to: before) } else if isLine { sink.append("\r\n") }
      case .locationTarget: if let location = context.location { sink.append(location.target) }
      case .locationAuthority: if let location = context.location { sink.append(location.authority) }
      }
    }
  }

  /// A body is ops that have no body in them.
  private func runBody(_ request: CompiledRequest, _ context: RenderContext, _ sink: inout ByteSink) {
    run(request.body, request, context, &sink)
  }

  /// A random UUID: version 4, variant 1 (RFC 9562, 5.4).
  private static func uuid(_ key: DrawKey, _ sink: inout ByteSink) {
    let high = key.word(0) & ~0xF000 | 0x4000
    let low = key.word(1) & (1 << 62 - 1) | 1 << 63
    for digit in 0..<32 {
      if digit == 8 || digit == 12 || digit == 16 || digit == 20 { sink.append(0x2D) }
      let word = digit < 16 ? high : low
      let nibble = UInt8(truncatingIfNeeded: word &>> UInt64(60 &- 4 &* (digit & 15))) & 15
      sink.append(ByteSink.hexadecimal(nibble, letters: 0x61))
    }
  }

  func cell(_ feed: Int, row: Int, column: Int) -> ByteView {
    let feed = unsafe feeds[feed]
    guard row < feed.rows, column < feed.columns else { return .empty }
    return unsafe view(values[feed.at + row * feed.columns + column])
  }
}
