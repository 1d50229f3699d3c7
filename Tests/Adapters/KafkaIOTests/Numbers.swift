extension UInt64 {
  /// Eight bytes, and back.
  var bytes: [UInt8] { withUnsafeBytes(of: bigEndian, Array.init) }

  init?(bytes: [UInt8]?) {
    guard let bytes, bytes.count == 8 else { return nil }
    self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
