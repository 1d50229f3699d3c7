/// The slots s of 0 to 1,023 with s mod `stride` = `offset`.
public struct SlotShare: Sendable, Hashable {
  /// Below `stride`.
  public var offset: UInt16
  /// 1 to 1,024.
  public var stride: UInt16

  public init(offset: UInt16, stride: UInt16) {
    self.offset = offset
    self.stride = stride
  }

  package static let table = Table(
    "SlotShare", .plain, initial: { SlotShare(offset: 0, stride: 1) },
    fields: [
      Field(1, "offset", \SlotShare.offset, .fixed),
      Field(2, "stride", \.stride, .fixed),
    ],
    check: { (share: SlotShare) throws(WireError) in
      if share.offset >= share.stride || share.stride > 1_024 {
        throw WireError(
          place: "offset", found: "\(share.offset) of \(share.stride)",
          expected: "a stride of 1 to 1024 and an offset below it")
      }
    })
}

/// The users `first`, `first + stride`, … , `count` of them.
public struct UserShare: Sendable, Hashable {
  public var first: UInt32
  /// 1 or more.
  public var stride: UInt32
  public var count: UInt32

  public init(first: UInt32 = 0, stride: UInt32 = 1, count: UInt32 = 0) {
    self.first = first
    self.stride = stride
    self.count = count
  }

  package static let table = Table(
    "UserShare", .plain, initial: { UserShare() },
    fields: [
      Field(1, "first", \UserShare.first, .fixed),
      Field(2, "stride", \.stride, .fixed),
      Field(3, "count", \.count, .fixed),
    ],
    check: { (share: UserShare) throws(WireError) in
      if share.stride == 0 { throw WireError(place: "stride", found: "0", expected: "1 or more") }
      let last = UInt64(share.first) + UInt64(max(share.count, 1) - 1) * UInt64(share.stride)
      if last > UInt64(UInt32.max) {
        throw WireError(place: "count", found: "users up to number \(last)", expected: "at most \(UInt32.max)")
      }
    })
}
