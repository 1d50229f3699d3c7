import Model
import Scripting

/// Small plans and what comes of them, for tests.
enum Rendering {
  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  static func withView<R>(_ text: String, _ body: (ByteView) throws -> R) rethrows -> R {
    try Array(text.utf8).withUnsafeBytes { try body(ByteView($0)) }
  }

  static func string(_ view: ByteView) -> String { String(decoding: view.buffer, as: UTF8.self) }

  /// What a sink of that capacity holds after the writing, and how much it needed.
  static func sunk(capacity: Int = 65_536, _ body: (inout ByteSink) -> Void) -> (bytes: [UInt8], needed: Int) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 1) + 8, alignment: 8)
    defer { memory.deallocate() }
    memory.storeBytes(of: 0x5AA5_5AA5_5AA5_5AA5, toByteOffset: capacity / 8 * 8, as: UInt64.self)
    var sink = ByteSink(memory, capacity: capacity)
    body(&sink)
    return (Array(sink.bytes.buffer), sink.needed)
  }

  static func plan(
    path: [Template.Part] = [], method: String = "GET", headers: [(String, [Template.Part])] = [],
    body: [Template.Part] = [], url: String = "http://127.0.0.1:8080/fixed?q=1"
  ) throws -> Plan {
    var target = Target(name: "t", method: method, url: try TargetURL(text: url))
    target.headers = headers.map { Header($0.0, "") }
    target.template = RequestTemplate(
      path: path.isEmpty ? Template(fixed: Array(target.url.target.utf8)) : Template(parts: path),
      headers: headers.map { Template(parts: $0.1) }, body: Template(parts: body))
    return Plan(name: "p", targets: [target], load: Load(model: .users(1), duration: .seconds(1)))
  }

  /// Everything that belongs to one user in a test.
  final class User {
    let script: Script
    var memory: UserMemory
    private var room: UnsafeMutableRawPointer

    init(_ script: Script, values: Int = 256) {
      self.script = script
      let size = script.table.userMemorySize(values: values)
      room = .allocate(byteCount: size, alignment: 8)
      memory = UserMemory(
        preparing: room, capacity: size, feeds: script.table.feedCount, variables: script.table.variableCount)
    }

    deinit { room.deallocate() }

    func grow(to bytes: Int) {
      let more = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 8)
      memory = memory.moved(to: more, capacity: bytes)
      room.deallocate()
      room = more
    }

    func set(_ variable: Int, _ text: String) -> UserMemory.Stored {
      withView(text) { memory.set(variable, $0) }
    }

    func request(
      _ target: Int = 0, user: UInt64 = 0, iteration: UInt64 = 0, stepRun: UInt64 = 0, epochms: Int64 = 1_234,
      form: RequestForm = .planned, jar: CookieJar? = nil
    ) -> String {
      let context = RenderContext(
        script.table, user: user, iteration: iteration, stepRun: stepRun, epochms: epochms, memory: memory, jar: jar)
      return text(sunk { script.table.render(target, form, context, into: &$0) }.bytes)
    }
  }
}
