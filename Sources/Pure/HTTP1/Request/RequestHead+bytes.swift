extension RequestHead {
  /// The bytes of `path`, without making text of them.
  public var pathBytes: ArraySlice<UInt8> { pathPlace.isEmpty ? [0x2F] : bytes[pathPlace] }

  /// The bytes of `query`; nil where there is none.
  public var queryBytes: ArraySlice<UInt8>? { queryPlace.map { bytes[$0] } }
}
