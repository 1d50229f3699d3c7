import Measuring
import Model

/// JSON as Python's json.dumps writes it with sorted keys, no blanks and ensure_ascii off.
indirect enum JSONText {
  case number(any BinaryInteger)
  case text(String)
  case bool(Bool)
  case list([JSONText])
  case object([String: JSONText?])

  var rendered: String {
    switch self {
    case .number(let number): return "\(number)"
    case .text(let text): return JSONText.quoted(text)
    case .bool(let value): return value ? "true" : "false"
    case .list(let elements): return "[" + elements.map(\.rendered).joined(separator: ",") + "]"
    case .object(let members):
      let present = members.compactMapValues { $0 }.sorted { $0.key < $1.key }
      return "{" + present.map { JSONText.quoted($0.key) + ":" + $0.value.rendered }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{C}": quoted += "\\f"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension Interval {
  /// Written out by hand, field by field, so that it shares no table with the codec.
  var asJSON: JSONText {
    .object([
      "run": .text(key.run.description), "incarnation": .text(key.incarnation.description),
      "sequence": .number(key.sequence), "epoch": .number(epoch), "second": .number(second),
      "from": .number(from.nanoseconds), "to": .number(to.nanoseconds),
      "phase": .object([
        "index": .number(phase.index), "name": .text(phase.name), "isWarmUp": .bool(phase.isWarmUp),
      ]),
      "final": final.map {
        .object([
          "records": .number($0.records), "reason": .text($0.reason.word),
          "completed": $0.completed.map { .number($0) },
        ])
      },
      "loops": .list(loops.map(\.asJSON)),
      "host": .object([
        "cpus": .number(host.cpus), "steal": .number(host.steal.nanoseconds),
        "throttled": .number(host.throttled.nanoseconds), "cpu": .number(host.cpu.nanoseconds),
        "memory": .number(host.memory),
      ]),
      "schedule": .object([
        "planned": .number(schedule.planned), "started": .number(schedule.started),
        "unsent": .number(schedule.unsent), "gap": .number(schedule.gap),
      ]),
      "worker": .object([
        "lateness": worker.lateness.asJSON, "fromWoke": worker.fromWoke.asJSON, "response": worker.response.asJSON,
      ]),
      "names": .list(names.map(\.asJSON)),
      "iterations": iterations.isEmpty ? nil : .list(iterations.map(\.asJSON)),
    ])
  }
}

extension LoopSecond {
  fileprivate var asJSON: JSONText {
    .object([
      "loop": .number(loop), "busy": .number(busy.nanoseconds), "spinning": .number(spinning.nanoseconds),
      "longestTurn": .number(longestTurn.nanoseconds), "late": .number(late), "takenUpTo": .number(takenUpTo),
      "inFlight": .number(inFlight), "connections": .number(connections), "waiting": .number(waiting),
      "users": .number(users), "opened": .number(opened), "folded": .number(folded),
      "leniencies": .number(leniencies), "capped": capped == 0 ? nil : .number(capped),
      "lastEnd": lastEnd == .zero ? nil : .number(lastEnd.nanoseconds),
      "http2": http2 == 0 ? nil : .number(http2),
    ])
  }
}

extension IterationInterval {
  fileprivate var asJSON: JSONText {
    .object([
      "name": .text(name), "started": .number(started), "completed": .number(completed), "failed": .number(failed),
      "cut": .number(cut), "duration": duration.asJSON,
    ])
  }
}

extension NameInterval {
  fileprivate var asJSON: JSONText {
    .object([
      "name": .text(name), "tenant": .text(tenant),
      "counts": .object([
        "started": .number(counts.started), "written": .number(counts.written), "answered": .number(counts.answered),
        "completed": .number(counts.completed), "accepted": .number(counts.accepted), "resent": .number(counts.resent),
        "bytesOut": .number(counts.bytesOut), "bytesIn": .number(counts.bytesIn),
      ]),
      "statuses": list(statuses) { .object(["status": .number($0.status), "count": .number($0.count)]) },
      "errors": list(errors) { .object(["kind": .text($0.kind.word), "count": .number($0.count)]) },
      "response": histograms.response.asJSON, "service": histograms.service.asJSON,
      "failed": histograms.failed.asJSON, "censored": histograms.censored.asJSON,
      "censoredService": histograms.censoredService.asJSON, "connect": histograms.connect.asJSON,
      "firstByte": histograms.firstByte.asJSON,
      "custom": list(custom) { .object(["key": .number($0.key), "value": .number($0.value)]) },
      "redirected": counts.redirected == 0 ? nil : .number(counts.redirected),
      "retried": counts.retried == 0 ? nil : .number(counts.retried),
      "checks": list(checks) {
        .object(["name": .text($0.name), "passed": .number($0.passed), "failed": .number($0.failed)])
      },
      "causes": list(causes) {
        .object(["kind": .text($0.kind.word), "text": .text($0.text), "count": .number($0.count)])
      },
      "topUsers": list(topUsers) {
        .object(["user": .number($0.user), "failures": .number($0.failures), "cost": .number($0.cost)])
      },
    ])
  }

  private func list<Element>(_ elements: [Element], _ transform: (Element) -> JSONText) -> JSONText? {
    elements.isEmpty ? nil : .list(elements.map(transform))
  }
}

extension Histogram {
  fileprivate var asJSON: JSONText? {
    if count == 0 { return nil }
    let buckets = counts.enumerated().filter { $0.element > 0 }
    return .object([
      "buckets": .list(buckets.map { .list([.number($0.offset), .number($0.element)]) }),
      "sum": .number(sum), "min": .number(min), "max": .number(max),
    ])
  }
}
