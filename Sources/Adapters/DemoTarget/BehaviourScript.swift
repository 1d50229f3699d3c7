public import JSONScan
import Model

/// What a target does by path and by time, read from a file:
///
/// ```yaml
/// /checkout: {delay: 20ms, errors: 2%:503}
/// /search*:
///   - {until: 10s, delay: 5ms}
///   - {from: 10s, until: 20s, status: 503}
///   - {delay: 50ms, jitter: 20ms}
/// ```
///
/// Of a list the first whose time it is counts; times are from the target's first request. A path that ends in `*` is
/// any that begins so; the exact path goes before it, a longer one before a shorter.
public struct BehaviourScript: Sendable {
  static let mostPaths = 1_000
  static let mostPhases = 1_000

  struct Phase: Equatable, Sendable {
    var from = TimeSpan.zero
    /// Nil has no end.
    var until: TimeSpan?
    var behaviour = Behaviour()
  }

  private struct Entry: Sendable {
    let path: String
    let isPrefix: Bool
    let phases: [Phase]
  }

  /// Where a script is wrong, and how.
  public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    public let place: Place
    /// `/checkout: delay`; empty for the whole.
    public let field: String
    public let message: String

    public var description: String { "\(place): \(field.isEmpty ? "" : field + ": ")\(message)" }
  }

  /// Exact paths first, then the longest beginnings.
  private let entries: [Entry]

  public init(_ root: Node) throws(Fault) {
    guard let members = root.members, !members.isEmpty, members.count <= BehaviourScript.mostPaths else {
      throw Fault(
        place: root.place, field: "", message: "found \(root.kind), expected 1 to 1000 paths, each with its behaviour")
    }
    var entries: [Entry] = []
    var seen: Set<String> = []
    for member in members {
      guard member.key.hasPrefix("/") || member.key == "*" else {
        throw Fault(
          place: member.keyPlace, field: "",
          message: "found '\(Node.cut(member.key))', expected a path such as /a or /a*")
      }
      if !seen.insert(member.key).inserted {
        throw Fault(place: member.keyPlace, field: Node.cut(member.key), message: "found a second time, expected once")
      }
      let isPrefix = member.key.hasSuffix("*")
      let nodes = member.node.items ?? [member.node]
      if nodes.isEmpty || nodes.count > BehaviourScript.mostPhases {
        throw Fault(
          place: member.node.place, field: Node.cut(member.key),
          message: "found \(nodes.count) of them, expected 1 to 1000")
      }
      var phases: [Phase] = []
      for node in nodes { phases.append(try BehaviourScript.phase(node, path: member.key)) }
      entries.append(
        Entry(path: isPrefix ? String(member.key.dropLast()) : member.key, isPrefix: isPrefix, phases: phases))
    }
    self.entries = entries.sorted { a, b in
      a.isPrefix != b.isPrefix ? !a.isPrefix : a.path.utf8.count > b.path.utf8.count
    }
  }

  private static func phase(_ node: Node, path: String) throws(Fault) -> Phase {
    let path = Node.cut(path)
    guard let members = node.members else {
      throw Fault(
        place: node.place, field: path, message: "found \(node.kind), expected names such as delay and errors")
    }
    var phase = Phase()
    for member in members {
      let (name, field) = (member.key, "\(path): \(Node.cut(member.key))")
      guard let text = member.node.text ?? member.node.number ?? member.node.bool.map({ "\($0)" }) else {
        throw Fault(
          place: member.node.place, field: field, message: "found \(member.node.kind), expected text or a number")
      }
      do throws(ValueError) {
        switch name {
        case "from": phase.from = try TimeSpan(text: text)
        case "until": phase.until = try TimeSpan(text: text)
        default: if try phase.behaviour.set(name, text) { continue }
        }
      } catch { throw Fault(place: member.node.place, field: field, message: error.description) }
      if name == "from" || name == "until" { continue }
      let known = (["from", "until"] + Behaviour.names).joined(separator: ", ")
      throw Fault(place: member.keyPlace, field: path, message: "found '\(Node.cut(name))', expected one of \(known)")
    }
    do { try phase.behaviour.check() } catch { throw Fault(place: node.place, field: path, message: error.description) }
    if let until = phase.until, until <= phase.from {
      throw Fault(
        place: node.place, field: path, message: "found until \(until), expected later than from \(phase.from)")
    }
    return phase
  }

  /// What it says of a path at a time; nil where it says nothing.
  func behaviour(of path: String, elapsed: TimeSpan) -> Behaviour? {
    guard let entry = entries.first(where: { $0.isPrefix ? path.hasPrefix($0.path) : path == $0.path }) else {
      return nil
    }
    return entry.phases.first { $0.from <= elapsed && $0.until.map { elapsed < $0 } ?? true }?.behaviour
  }
}
