import Model

/// A compiled script as loops read it: pointers into memory that its `Script` owns, and numbers.
///
/// Copying it counts no reference; no member allocates.
@safe
public struct ScriptTable: @unchecked Sendable {
  // Sendable because what the pointers lead to is never changed after it was filled.
  let text: UnsafeMutableRawPointer
  let ops: UnsafeMutablePointer<Op>
  let requests: UnsafeMutablePointer<CompiledRequest>
  let headers: UnsafeMutablePointer<OpRange>
  let values: UnsafeMutablePointer<TextSlice>
  let lists: UnsafeMutablePointer<CompiledList>
  let feeds: UnsafeMutablePointer<CompiledFeed>
  let checks: UnsafeMutablePointer<CompiledCheck>
  let captures: UnsafeMutablePointer<CompiledCapture>
  let elements: UnsafeMutablePointer<CompiledElement>
  let steps: UnsafeMutablePointer<CompiledStep>
  let scenarios: UnsafeMutablePointer<CompiledScenario>

  public let targetCount: Int
  public let variableCount: Int
  public let feedCount: Int
  public let scenarioCount: Int
  let stepCount: Int
  /// Steps of setup and of teardown; `CompiledScenario.steps` tells those of scenarios.
  public let setup: Range<Int>
  public let teardown: Range<Int>
  /// The users that a unique feed's rows are dealt out to; 0 in the open model, where arrivals have them.
  public let users: UInt64
  let key: DrawKey

  init(_ compiler: ScriptCompiler) throws(ScriptError) {
    guard compiler.texts.bytes.count < Int(UInt32.max) else {
      throw ScriptError(
        place: "the plan", found: "\(compiler.texts.bytes.count) bytes of texts and feeds", expected: "less than 4 GiB")
    }
    unsafe text = UnsafeMutableRawPointer(ScriptTable.laid(compiler.texts.bytes))
    unsafe ops = ScriptTable.laid(compiler.ops)
    unsafe requests = ScriptTable.laid(compiler.requests)
    unsafe headers = ScriptTable.laid(compiler.headers)
    unsafe values = ScriptTable.laid(compiler.values)
    unsafe lists = ScriptTable.laid(compiler.lists)
    unsafe feeds = ScriptTable.laid(compiler.feeds)
    unsafe checks = ScriptTable.laid(compiler.checks)
    unsafe captures = ScriptTable.laid(compiler.captures)
    unsafe elements = ScriptTable.laid(compiler.elements)
    unsafe steps = ScriptTable.laid(compiler.steps)
    unsafe scenarios = ScriptTable.laid(compiler.scenarios)
    targetCount = compiler.requests.count
    variableCount = compiler.plan.variables.count
    feedCount = compiler.feeds.count
    scenarioCount = compiler.scenarios.count
    stepCount = compiler.steps.count
    setup = compiler.setup
    teardown = compiler.teardown
    users = compiler.users
    key = DrawKey(seed: compiler.plan.seed)
  }

  private static func laid<T>(_ array: [T]) -> UnsafeMutablePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: max(array.count, 1))
    unsafe array.withUnsafeBufferPointer { from in
      if let base = from.baseAddress { unsafe memory.initialize(from: base, count: from.count) }
    }
    return unsafe memory
  }

  /// Everything in it is trivial: nothing but the memory has to be given back.
  func free() {
    unsafe text.deallocate()
    unsafe ops.deallocate()
    unsafe requests.deallocate()
    unsafe headers.deallocate()
    unsafe values.deallocate()
    unsafe lists.deallocate()
    unsafe feeds.deallocate()
    unsafe checks.deallocate()
    unsafe captures.deallocate()
    unsafe elements.deallocate()
    unsafe steps.deallocate()
    unsafe scenarios.deallocate()
  }

  func view(_ slice: TextSlice) -> ByteView { unsafe ByteView(text + Int(slice.at), count: Int(slice.count)) }

  func request(_ target: Int) -> CompiledRequest {
    precondition(target >= 0 && target < targetCount)
    return unsafe requests[target]
  }

  /// Whether the target is the same bytes each time, so that those can be kept and sent as they are.
  public func isFixed(_ target: Int) -> Bool { request(target).isFixed }

  /// What has to be kept of the target's reply.
  public func needs(_ target: Int) -> ReplyNeeds { request(target).needs }

  /// Bytes of a user's memory, with room for so many bytes of values.
  public func userMemorySize(values: Int) -> Int {
    UserMemory.size(feeds: feedCount, variables: variableCount, values: variableCount == 0 ? 0 : values)
  }
}
