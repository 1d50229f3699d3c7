import COpenSSL

/// Comparison of secrets that takes the same time wherever they differ.
public enum ConstantTime {
  /// Whether both have the same bytes. The time depends on their lengths only, which are no secret. Any thread.
  public static func equal(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
    let (one, other) = (Array(one), Array(other))
    return one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }
}
