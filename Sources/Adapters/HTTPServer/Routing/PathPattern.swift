/// A route's path: `/tests/:id/results`, where `:id` is one segment, or `/files/*`, where `*` is all the rest.
struct PathPattern: Sendable {
  enum Segment: Sendable, Equatable {
    case literal([UInt8])
    case parameter(String)
    /// Any number of segments, none too; last only.
    case rest
  }

  let text: String
  let segments: [Segment]
  /// The whole path's bytes where the pattern has only literal segments.
  let literal: [UInt8]?

  init(_ text: String) {
    self.text = text
    segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
      if part.first == UInt8(ascii: ":") { return .parameter(String(decoding: part.dropFirst(), as: UTF8.self)) }
      return part.elementsEqual("*".utf8) ? .rest : .literal(Array(part))
    }
    let isLiteral = segments.allSatisfy { if case .literal = $0 { true } else { false } }
    literal = isLiteral ? Array(text.utf8) : nil
  }

  /// The parameters by name if the path's decoded segments are of this pattern.
  func match(_ path: [[UInt8]]) -> [(name: String, value: String)]? {
    var parameters: [(String, String)] = []
    for (place, segment) in segments.enumerated() {
      if segment == .rest { return parameters }
      if place >= path.count { return nil }
      switch segment {
      case .literal(let bytes): if path[place] != bytes { return nil }
      case .parameter(let name):
        if path[place].isEmpty { return nil }
        parameters.append((name, String(decoding: path[place], as: UTF8.self)))
      case .rest: return parameters
      }
    }
    return segments.count == path.count ? parameters : nil
  }
}
