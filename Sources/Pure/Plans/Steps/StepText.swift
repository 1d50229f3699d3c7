import JSONScan
import Model

/// Steps and requests as they are written in a plan's text.
struct StepText {
  private let plan: Plan
  private let names: TemplateNames

  init(_ plan: Plan) {
    self.plan = plan
    names = TemplateNames(plan)
  }

  func write(_ step: Step, to writer: inout JSONWriter) {
    writer.object { writer in
      guard plan.targets.indices.contains(step.target) else { return }
      let target = plan.targets[step.target]
      StepText.write(target, names, to: &writer)
      if step.repeats > 1 {
        writer.key("repeat")
        writer.integer(step.repeats)
      }
      if let condition = step.condition { writer.text("if", ConditionText.text(condition, names)) }
      if let think = step.think { writer.text("think_time", ThinkText.text(think)) }
    }
  }

  /// The request's own fields.
  static func write(_ target: Target, _ names: TemplateNames, to writer: inout JSONWriter) {
    writer.text("name", target.name)
    writer.text("method", target.method)
    writer.key("url")
    writer.string(url(target, names))
    writer.text("expect_status", StatusRange.text(target.expectedStatus))
    if let timeout = target.timeout { writer.text("timeout", "\(timeout)") }
    if !target.headers.isEmpty {
      // A list of mappings with one header each keeps the order, and names that stand there twice.
      let templates = target.template?.headers ?? target.headers.map { Template(fixed: Array($0.value.utf8)) }
      writer.key("headers")
      writer.array(of: zip(target.headers, templates)) { writer, header in
        writer.object { writer in
          writer.key(header.0.name)
          writer.string(names.text(header.1))
        }
      }
    }
    writeBody(target, names, to: &writer)
    writeChecks(target.checks, to: &writer)
    if target.captures.isEmpty { return }
    writer.key("capture")
    writer.object { writer in
      for capture in target.captures where names.variables.indices.contains(capture.variable) {
        writer.key(names.variables[capture.variable])
        write(capture, to: &writer)
      }
    }
  }

  private static func url(_ target: Target, _ names: TemplateNames) -> String {
    guard let path = target.template?.path, path.hasValues else { return Interpolation.escape(target.url.description) }
    return target.url.origin.description + names.text(path)
  }

  private static func writeBody(_ target: Target, _ names: TemplateNames, to writer: inout JSONWriter) {
    if let body = target.template?.body, body.hasValues {
      writer.key("body")
      writer.string(names.text(body))
      writer.text("body_escape", body.position.rawValue)
      return
    }
    if target.body.isEmpty { return }
    if UTF8Text.firstInvalid(in: target.body[...]) == nil {
      writer.text("body", String(decoding: target.body, as: UTF8.self))
    } else {
      writer.text("body_base64", Base64.encode(target.body))
    }
  }

  private static func writeChecks(_ checks: [Check], to writer: inout JSONWriter) {
    if checks.isEmpty { return }
    writer.key("checks")
    writer.array(of: checks) { writer, check in
      writer.object { writer in
        writer.text("name", check.name)
        switch check.rule {
        case .status(let range): writer.text("status", StatusRange.text(range))
        case .size(let range): writer.text("size", "\(range.lowerBound)..\(range.upperBound)")
        case .time(let span): writer.text("time", "<= \(span)")
        case .header(let name, let match):
          writer.text("header", name)
          write(match, to: &writer)
        case .json(let path, let match):
          writer.text("json", path.text)
          write(match, to: &writer)
        case .body(let match):
          writer.text("body", "")
          write(match, to: &writer)
        }
      }
    }
  }

  private static func write(_ match: Check.Match, to writer: inout JSONWriter) {
    switch match {
    case .exists, .missing:
      writer.key(match == .exists ? "exists" : "missing")
      writer.bool(true)
    case .equals(let text): writer.text("equals", text)
    case .contains(let text): writer.text("contains", text)
    case .matches(let text): writer.text("matches", text)
    }
  }

  private static func write(_ capture: Capture, to writer: inout JSONWriter) {
    writer.object { writer in
      switch capture.source {
      case .json(let path): writer.text("json", path.text)
      case .header(let name): writer.text("header", name)
      case .cookie(let name): writer.text("cookie", name)
      case .regex(let expression, let group):
        writer.text("regex", expression)
        writer.key("group")
        writer.integer(group)
      }
      if let fallback = capture.fallback { writer.text("default", fallback) }
    }
  }
}

extension Template {
  /// How its values are written, as a plan's word.
  fileprivate var position: TemplateCompiler.Position {
    for part in parts {
      switch part {
      case .value(_, .json): return .json
      case .value(_, .url): return .url
      case .value(_, .header), .value(_, .plain), .text: continue
      }
    }
    return .plain
  }
}
