/// Why a text is no key to sign tokens with. Never repeats the key.
public enum KeyError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing
  case short(bytes: Int)
  case long(bytes: Int)
  case tooMany(Int)
  /// It stands in a manual, so everybody knows it.
  case sample
  /// A few bytes over and over, or in the order of the alphabet.
  case guessable
  case repeated

  public var description: String {
    let cure = "make one with: openssl rand -hex 32"
    switch self {
    case .missing: return "there is no key to sign tokens with; \(cure)"
    case .short(let bytes): return "the key has \(bytes) bytes, expected at least \(SigningKey.leastBytes); \(cure)"
    case .long(let bytes): return "the key has \(bytes) bytes, expected at most \(SigningKey.mostBytes)"
    case .tooMany(let count): return "there are \(count) keys, expected at most \(SigningKeys.most)"
    case .sample: return "the key is a sample that everybody can read in a manual; \(cure)"
    case .guessable: return "the key can be guessed: it repeats itself or follows the alphabet; \(cure)"
    case .repeated: return "the same key is given twice"
    }
  }
}
