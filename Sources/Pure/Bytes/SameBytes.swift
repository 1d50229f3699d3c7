public import Glibc

/// Whether so many bytes are the same in both places. Reads nothing beyond them.
@inlinable
public func areSameBytes(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int) -> Bool {
  unsafe memcmp(one, other, count) == 0
}
