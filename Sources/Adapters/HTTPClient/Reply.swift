public import Model

/// What a server answered.
public struct Reply: Sendable, Hashable {
  public let status: Int
  /// In their order; names as the server wrote them, values without blanks around them.
  public let headers: [Header]
  /// Empty where it was given away in pieces while it came (`Client.stream`).
  public let body: [UInt8]

  public init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public var isSuccess: Bool { 200...299 ~= status }

  /// The first value of a header, its name in any case of letters.
  public subscript(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }
}
