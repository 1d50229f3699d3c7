import Foundation

/// What a target of scripts/targets says that it did, by word and path: the last of its lines.
public struct Tally {
  private let counts: [String: Any]

  public init(_ lines: [String]) throws {
    let object = try? JSONSerialization.jsonObject(with: Data((lines.last ?? "").utf8))
    guard let counts = object as? [String: Any] else {
      throw TestError("the target's last line is no JSON object: \(lines.last ?? "none")")
    }
    self.counts = counts
  }

  /// The count of a word for a path; 0 where it never happened.
  public subscript(_ word: String, _ path: String = "") -> Int {
    (counts[word] as? [String: Int])?[path] ?? 0
  }

  /// The count of a word over all paths.
  public func sum(_ word: String) -> Int {
    (counts[word] as? [String: Int])?.values.reduce(0, +) ?? 0
  }

  /// A single number beside the counts; nil where there is none.
  public func number(_ word: String) -> Int? { counts[word] as? Int }
}
