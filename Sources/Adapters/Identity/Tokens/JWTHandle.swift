import CJWT
import Glibc

/// A token of libjwt 1.10, made or verified. Freed with the object; confined to one thread.
///
/// The library takes the algorithm from the token, takes a key without bytes for "no check", and looks at no claim:
/// nothing here may be used past `TokenSigner` and `TokenVerifier`, which check all of that.
final class JWTHandle {
  private let handle: OpaquePointer

  /// An empty one; nil where there is no memory.
  init?() {
    var made: OpaquePointer?
    guard jwt_new(&made) == 0, let made else { return nil }
    handle = made
  }

  /// One whose signature is right, made by HMAC with SHA-256 and this key; nil for every other.
  init?(_ token: String, key: SigningKey) {
    var made: OpaquePointer?
    guard !key.bytes.isEmpty, jwt_decode(&made, token, key.bytes, Int32(key.bytes.count)) == 0, let made else {
      return nil
    }
    if jwt_get_alg(made) != JWT_ALG_HS256 {
      jwt_free(made)
      return nil
    }
    handle = made
  }

  deinit { jwt_free(handle) }

  func add(header name: String, _ value: String) -> Bool { jwt_add_header(handle, name, value) == 0 }
  func add(_ claim: String, _ value: String) -> Bool { jwt_add_grant(handle, claim, value) == 0 }
  func add(_ claim: String, _ value: Int64) -> Bool { jwt_add_grant_int(handle, claim, Int(value)) == 0 }

  /// The signed text; nil where the library fails.
  func signed(key: SigningKey) -> String? {
    guard jwt_set_alg(handle, JWT_ALG_HS256, key.bytes, Int32(key.bytes.count)) == 0 else { return nil }
    return take(jwt_encode_str(handle))
  }

  /// All claims as a JSON object.
  var claims: String? { take(jwt_get_grants_json(handle, nil)) }

  private func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
    guard let text else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}
