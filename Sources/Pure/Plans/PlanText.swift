import JSONScan
import Model

/// A plan as JSON that reads back as the same plan: what a run's folder keeps.
public enum PlanText {
  /// One field a line, everything said, nothing left to defaults. What looks like a variable or a template is escaped;
  /// bodies that are no text are base64. Headers are kept as they are, secrets included.
  public static func encode(_ plan: Plan) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.text("name", plan.name)
      writer.key("seed")
      writer.integer(plan.seed)
      writeLoad(plan.load, to: &writer)
      writeOptions(plan.options, to: &writer)
      writer.key("scenarios")
      writer.array(of: plan.targets) { writer, target in
        writer.object { writer in write(target, to: &writer) }
      }
    }
    return writer.bytes + [0x0A]
  }

  private static func writeLoad(_ load: Load, to writer: inout JSONWriter) {
    switch load.model {
    case .arrivals(let shape): writer.text("rate", "\(shape.constantRate ?? LoadChoice.defaultRate)")
    case .users(let shape):
      writer.key("users")
      writer.integer(shape.peakUsers)
    }
    if let duration = load.duration { writer.text("duration", "\(duration)") }
    if let requests = load.requests {
      writer.key("requests")
      writer.integer(requests)
    }
  }

  private static func writeOptions(_ options: AttackOptions, to writer: inout JSONWriter) {
    writer.text("timeout", "\(options.timeout)")
    writer.text("connect_timeout", "\(options.connectTimeout)")
    if let grace = options.grace { writer.text("grace", "\(grace)") }
    writer.key("keep_alive")
    writer.bool(options.keepAlive)
    if let connections = options.connections {
      writer.key("connections")
      writer.integer(connections)
    }
    writer.key("insecure_tls")
    writer.bool(options.insecureTLS)
    if options.policy.allowed.isEmpty { return }
    writer.key("allow_target")
    writer.array(of: options.policy.allowed) { writer, block in writer.string("\(block)") }
  }

  private static func write(_ target: Target, to writer: inout JSONWriter) {
    writer.text("name", target.name)
    writer.text("method", target.method)
    writer.text("url", target.url.description)
    writer.key("weight")
    writer.integer(target.weight)
    writer.text("expect_status", StatusRange.text(target.expectedStatus))
    if let timeout = target.timeout { writer.text("timeout", "\(timeout)") }
    if !target.headers.isEmpty {
      // A list of mappings with one header each keeps the order, and names that stand there twice.
      writer.key("headers")
      writer.array(of: target.headers) { writer, header in
        writer.object { $0.text(header.name, header.value) }
      }
    }
    if target.body.isEmpty { return }
    if UTF8Text.firstInvalid(in: target.body[...]) == nil {
      writer.text("body", String(decoding: target.body, as: UTF8.self))
    } else {
      writer.text("body_base64", Base64.encode(target.body))
    }
  }
}

extension JSONWriter {
  /// Writes a member whose text is read back as it is, whatever it holds.
  fileprivate mutating func text(_ name: String, _ value: String) {
    key(name)
    string(Interpolation.escape(value))
  }
}
