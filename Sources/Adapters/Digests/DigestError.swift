/// Why OpenSSL did not do what it was asked.
public struct DigestError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
