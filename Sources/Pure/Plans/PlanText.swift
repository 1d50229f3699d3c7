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
      PlanText.writeData(plan, to: &writer)
      if plan.scenarios.isEmpty {
        writer.key("scenarios")
        writer.array(of: plan.targets) { writer, target in
          writer.object { writer in
            StepText.write(target, TemplateNames(plan), to: &writer)
            writer.key("weight")
            writer.integer(target.weight)
          }
        }
      } else {
        PlanText.writeJourney(plan, to: &writer)
      }
      if plan.thresholds.isEmpty { return }
      writer.key("thresholds")
      writer.array(of: plan.thresholds) { $0.string(Interpolation.escape($1.text)) }
    }
    return writer.bytes + [0x0A]
  }

  private static func writeData(_ plan: Plan, to writer: inout JSONWriter) {
    if !plan.lists.isEmpty {
      writer.key("lists")
      writer.object { writer in
        for list in plan.lists {
          writer.key(list.name)
          writer.array(of: list.values) { $0.string(Interpolation.escape($1)) }
        }
      }
    }
    if plan.feeds.isEmpty { return }
    writer.key("feeds")
    writer.array(of: plan.feeds) { writer, feed in
      writer.object { writer in
        writer.text("name", feed.name)
        writer.text("mode", feed.mode.rawValue)
        writer.text("on_exhausted", feed.exhausted.rawValue)
        writer.key("columns")
        writer.array(of: feed.columns) { $0.string(Interpolation.escape($1)) }
        writer.key("rows")
        writer.array(of: feed.rows) { writer, row in
          writer.array(of: row) { $0.string(Interpolation.escape($1)) }
        }
      }
    }
  }

  private static func writeJourney(_ plan: Plan, to writer: inout JSONWriter) {
    let text = StepText(plan)
    func write(_ word: String, _ steps: [Step], to writer: inout JSONWriter) {
      if steps.isEmpty { return }
      writer.key(word)
      writer.array(of: steps) { writer, step in text.write(step, to: &writer) }
    }
    write("setup", plan.setup, to: &writer)
    writer.key("scenarios")
    writer.array(of: plan.scenarios) { writer, scenario in
      writer.object { writer in
        writer.text("name", scenario.name)
        writer.key("weight")
        writer.integer(scenario.weight)
        write("steps", scenario.steps, to: &writer)
      }
    }
    write("teardown", plan.teardown, to: &writer)
  }

  private static func writeLoad(_ load: Load, to writer: inout JSONWriter) {
    switch load.model {
    case .arrivals(let shape): writer.text("rate", shape.text(of: .arrivals))
    case .users(let shape):
      if let count = shape.constantUsers {
        writer.key("users")
        writer.integer(count)
      } else {
        writer.text("users", shape.text(of: .users))
      }
    }
    if load.spacing != .even { writer.text("spacing", load.spacing.rawValue) }
    if let duration = load.duration { writer.text("duration", "\(duration)") }
    if let requests = load.requests {
      writer.key("requests")
      writer.integer(requests)
    }
    if let iterations = load.iterations {
      writer.key("iterations")
      writer.integer(iterations)
    }
    if let rate = load.userLimit { writer.text("rps", "\(rate)") }
    if let rate = load.limit { writer.text("max_rate", "\(rate)") }
    if load.warmUp > .zero { writer.text("warmup", "\(load.warmUp)") }
  }

  private static func writeOptions(_ options: AttackOptions, to writer: inout JSONWriter) {
    writer.text("timeout", "\(options.timeout)")
    writer.text("connect_timeout", "\(options.connectTimeout)")
    if let grace = options.grace { writer.text("grace", "\(grace)") }
    writer.key("keep_alive")
    writer.bool(options.keepAlive)
    let most = options.connections.map { "\($0)" }
    if options.sharedConnections {
      writer.text("connections", (["shared"] + (most.map { [$0] } ?? [])).joined(separator: " "))
    } else if let most {
      writer.key("connections")
      writer.number(text: most)
    }
    writeManners(options, to: &writer)
    writer.key("insecure_tls")
    writer.bool(options.insecureTLS)
    write(options.transport, to: &writer)
    if options.policy.allowed.isEmpty { return }
    writer.key("allow_target")
    writer.array(of: options.policy.allowed) { writer, block in writer.string("\(block)") }
  }

  private static func write(_ keeping: FailureKeeping, to writer: inout JSONWriter) {
    if keeping.most != FailureKeeping().most {
      writer.key("keep_failures")
      writer.integer(keeping.most)
    }
    for (word, texts) in [("mask_headers", keeping.headers), ("mask_values", keeping.values)] where !texts.isEmpty {
      writer.key(word)
      writer.array(of: texts) { $0.string(Interpolation.escape($1)) }
    }
  }

  /// How users behave: pauses, redirects, cookies, further tries.
  private static func writeManners(_ options: AttackOptions, to writer: inout JSONWriter) {
    if let think = options.think { writer.text("think_time", ThinkText.text(think)) }
    writer.key("redirects")
    writer.integer(options.redirects)
    writer.key("cookies")
    writer.bool(options.cookies)
    if let retries = options.retries {
      writer.key("retries")
      writer.object { writer in
        writer.key("most")
        writer.integer(retries.most)
        writer.text("pause", "\(retries.pause)")
        writer.text("longest", "\(retries.longest)")
      }
    }
    write(options.failures, to: &writer)
    if options.samples.oneIn != 0 { writer.text("samples", options.samples.text) }
    if options.samples.bound != SampleKeeping().bound {
      writer.key("samples_bound")
      writer.integer(options.samples.bound)
    }
    guard let breaker = options.breaker else { return }
    writer.key("breaker")
    writer.object { writer in
      writer.key("failures")
      writer.integer(breaker.failures)
      writer.text("rest", "\(breaker.rest)")
    }
  }
}

extension JSONWriter {
  /// Writes a member whose text is read back as it is, whatever it holds.
  mutating func text(_ name: String, _ value: String) {
    key(name)
    string(Interpolation.escape(value))
  }
}
