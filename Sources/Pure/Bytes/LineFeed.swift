public import Glibc

/// The offset of the first line feed in so many bytes; `count` where there is none. Reads nothing beyond them.
@inlinable
public func firstLineFeed(_ start: UnsafeRawPointer, _ count: Int) -> Int {
  guard let found = unsafe memchr(start, 0x0A, count) else { return count }
  return unsafe UnsafeRawPointer(found) - start
}
