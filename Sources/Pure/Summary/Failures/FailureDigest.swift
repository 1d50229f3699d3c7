import JSONScan
import Model

/// What a report says of the failing exchanges that were kept: how many, and the first one of each kind.
public struct FailureDigest: Sendable, Hashable {
  public private(set) var count = 0
  /// In the order in which the kinds came.
  public private(set) var first: [First] = []

  /// The first exchange of a kind, in short.
  public struct First: Sendable, Hashable {
    public var kind: String
    public var name: String
    public var cause: String
    /// Since the run's start.
    public var end: TimeSpan
    /// Of the reply; nil where there was none.
    public var status: UInt64?
  }

  public init() {}

  /// Reads a whole file. Lines that are none of this form (of a kill, of a later version) are passed over.
  public init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0A) { add(Array(line)) }
  }

  private mutating func add(_ line: [UInt8]) {
    guard let root = try? JSONReader.document(line).root, root["schema"]?.text == FailureText.schema,
      let kind = root["kind"]?.text, let name = root["name"]?.text
    else { return }
    count += 1
    if first.contains(where: { $0.kind == kind }) { return }
    let end = TimeSpan.microseconds(root["endUs"]?.number.flatMap { Int64($0) } ?? 0)
    first.append(
      First(
        kind: kind, name: name, cause: root["cause"]?.text ?? "", end: end, status: root["reply"]?["status"]?.unsigned))
  }
}
