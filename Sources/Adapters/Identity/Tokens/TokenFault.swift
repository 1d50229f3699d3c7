/// Why a token does not count.
public enum TokenFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// It is no token at all: its form, its length, its characters.
  case malformed
  /// Its head names another algorithm, another type or a key that nobody has.
  case foreign
  case forged
  /// A claim is missing, is of another type, or says what it must not.
  case claim(String)
  case expired
  case early

  public var description: String {
    switch self {
    case .malformed: "this is no token"
    case .foreign: "the token was not made by this master or its keys were replaced; sign in again"
    case .forged: "the token's signature is wrong"
    case .claim(let name): "the token's '\(name)' is missing or not what it must be"
    case .expired: "the token has expired; sign in again"
    case .early: "the token does not hold yet; are the masters' clocks right?"
    }
  }
}
