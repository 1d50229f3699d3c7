/// Which requests of a run are kept one by one, and how much room they may take.
public struct SampleKeeping: Sendable, Hashable {
  /// One in so many, drawn by the request's number: 1 keeps all, 0 none.
  public var oneIn: UInt64
  /// Most of the file, in MiB.
  public var bound: Int

  /// The rarest share.
  public static let rarest: UInt64 = 1_000_000_000
  /// What `bound` may be.
  public static let bounds = 1...1_048_576

  public init(oneIn: UInt64 = 0, bound: Int = 1_024) {
    self.oneIn = oneIn
    self.bound = bound
  }

  /// Reads `all`, `1/100` or `off`.
  ///
  /// - Throws: `ValueError` for anything else, and for a share rarer than one in a billion.
  public static func share(_ text: String) throws(ValueError) -> UInt64 {
    switch text {
    case "all": return 1
    case "off": return 0
    default:
      if text.hasPrefix("1/"), text.dropFirst(2).allSatisfy({ $0.isASCII && $0.isNumber }),
        let count = UInt64(text.dropFirst(2)), 1...rarest ~= count
      {
        return count
      }
      throw ValueError(found: "'\(text)'", expected: "all, off, or one in so many, up to a billion: 1/100")
    }
  }

  /// The share as `share` reads it.
  public var text: String { oneIn == 0 ? "off" : oneIn == 1 ? "all" : "1/\(oneIn)" }
}
