/// A worker's connection as the master knows it. Numbers are never used twice in the life of a process, so a message
/// to a worker that came back under another number reaches nobody.
public struct Peer: Sendable, Hashable, CustomStringConvertible {
  public let number: UInt64

  public init(number: UInt64) {
    self.number = number
  }

  public var description: String { "peer \(number)" }
}
