import COpenSSL

/// SHA-256 by OpenSSL.
public enum SHA256 {
  /// The 32 bytes of the digest. Any thread.
  public static func digest(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = Array(repeating: 0, count: 32)
    let input = Array(bytes)
    // Fails only where the library itself is broken: it then leaves the context null, and nothing could be trusted.
    guard COpenSSL.SHA256(input, input.count, &result) != nil else {
      preconditionFailure("OpenSSL gives no SHA-256")
    }
    return result
  }
}
