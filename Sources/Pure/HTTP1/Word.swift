/// Eight bytes compared at once; the first byte is the lowest.
enum Word {
  /// `HTTP/1.1` and `HTTP/1.0`.
  static var http11: UInt64 { 0x312E_312F_5054_5448 }
  static var http10: UInt64 { 0x302E_312F_5054_5448 }

  @inline(__always)
  static func load(_ start: UnsafeRawPointer, _ offset: Int = 0) -> UInt64 {
    unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  // Two overlapping words cover a name. The bit that tells small letters from capitals is set where a letter must
  // stand and nowhere else, so that no other byte can pass for one.

  /// Whether `content-length` is at the front of at least 14 bytes.
  @inline(__always)
  static func isContentLength(_ start: UnsafeRawPointer) -> Bool {
    unsafe load(start) | 0x0020_2020_2020_2020 == 0x2D74_6E65_746E_6F63
      && load(start, 6) | 0x2020_2020_2020_0020 == 0x6874_676E_656C_2D74
  }

  /// Whether `connection` is at the front of at least 10 bytes.
  @inline(__always)
  static func isConnection(_ start: UnsafeRawPointer) -> Bool {
    unsafe load(start) | 0x2020_2020_2020_2020 == 0x6974_6365_6E6E_6F63
      && load(start, 2) | 0x2020_2020_2020_2020 == 0x6E6F_6974_6365_6E6E
  }

  /// Whether `transfer-encoding` is at the front of at least 17 bytes.
  @inline(__always)
  static func isTransferEncoding(_ start: UnsafeRawPointer) -> Bool {
    unsafe load(start) | 0x2020_2020_2020_2020 == 0x7265_6673_6E61_7274
      && load(start, 8) | 0x2020_2020_2020_2000 == 0x6E69_646F_636E_652D
      && load(start, 9) | 0x2020_2020_2020_2020 == 0x676E_6964_6F63_6E65
  }

  /// Whether ` keep-alive` is at the front of at least 11 bytes.
  @inline(__always)
  static func isKeepAlive(_ start: UnsafeRawPointer) -> Bool {
    unsafe start.load(as: UInt8.self) == 0x20 && load(start, 1) | 0x2020_2000_2020_2020 == 0x696C_612D_7065_656B
      && load(start, 3) | 0x2020_2020_2000_2020 == 0x6576_696C_612D_7065
  }
}
