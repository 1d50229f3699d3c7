import Digests

/// A secret that tokens are signed with, by HMAC with SHA-256 and nothing else.
public struct SigningKey: Sendable, Equatable {
  static let leastBytes = 32
  static let mostBytes = 1_024

  let bytes: [UInt8]
  /// Names the key in a token's head (`kid`): 16 hexadecimal digits of a digest of it, the same on every master.
  public let id: String

  /// - Throws: `KeyError` for a key that is short, known from a manual, or of a few bytes over and over.
  public init(_ text: String) throws(KeyError) {
    let bytes = Array(text.utf8)
    if bytes.isEmpty { throw .missing }
    let small = text.lowercased()
    if Self.samples.contains(where: { small.contains($0) }) { throw .sample }
    if bytes.count < Self.leastBytes { throw .short(bytes: bytes.count) }
    if bytes.count > Self.mostBytes { throw .long(bytes: bytes.count) }
    if Self.isGuessable(bytes) { throw .guessable }
    self.bytes = bytes
    id = Hexadecimal.text(SHA256.digest(Array("stampede key id ".utf8) + bytes).prefix(8))
  }

  /// Keys that stand in manuals, and what people write where a key is to go.
  private static let samples = [
    "my-secure-jwt-key", "your-256-bit-secret", "a-string-secret-at-least-256-bits-long",
    "your-super-secret-jwt-token", "change-me", "changeme", "change_me", "changethis", "replace-me", "replaceme",
    "your-secret", "your_secret", "your-jwt-secret", "your_jwt_secret", "supersecret", "super-secret", "example-key",
  ]

  private static func isGuessable(_ bytes: [UInt8]) -> Bool {
    if Set(bytes).count < 8 { return true }
    // It has a period: its end repeats its beginning.
    for period in 1...bytes.count * 3 / 4 where bytes.dropFirst(period).elementsEqual(bytes.dropLast(period)) {
      return true
    }
    let neighbours = zip(bytes, bytes.dropFirst()).filter { abs(Int($0) - Int($1)) <= 1 }.count
    return neighbours > bytes.count / 2
  }
}

/// The keys of a master: the first signs, every one verifies, so that a key can be replaced without signing users out.
public struct SigningKeys: Sendable, Equatable {
  static let most = 8

  let first: SigningKey
  let all: [SigningKey]

  /// - Parameter texts: the newest first.
  public init(_ texts: [String]) throws(KeyError) {
    if texts.count > Self.most { throw .tooMany(texts.count) }
    var keys: [SigningKey] = []
    for text in texts {
      let key = try SigningKey(text)
      if keys.contains(key) { throw .repeated }
      keys.append(key)
    }
    guard let first = keys.first else { throw .missing }
    self.first = first
    all = keys
  }

  /// Reads a file's text: one key a line, the newest first; empty lines and blanks around a key don't count.
  public init(file text: String) throws(KeyError) {
    try self.init(
      text.split(whereSeparator: \.isNewline).map { line in
        var line = line.drop(while: \.isWhitespace)
        while line.last?.isWhitespace == true { line.removeLast() }
        return String(line)
      }.filter { !$0.isEmpty })
  }

  func key(id: String) -> SigningKey? { all.first { $0.id == id } }
}
