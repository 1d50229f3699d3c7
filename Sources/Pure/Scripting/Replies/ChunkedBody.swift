/// A chunked body that was kept as it came.
public enum ChunkedBody {
  /// Moves the chunks' bytes together at the front and returns how many there are; sizes, extensions and the trailer are
  /// gone. What is no chunk, or cut short, ends it: the bytes before stay.
  public static func compact(_ body: UnsafeMutableRawBufferPointer) -> Int {
    guard let base = body.baseAddress else { return 0 }
    let view = unsafe ByteView(base, count: body.count)
    var from = 0
    var to = 0
    while let feed = view.first(0x0A, from: from) {
      let size = size(view[from..<feed])
      from = feed &+ 1
      let count = min(size, view.count &- from)
      if count <= 0 { break }
      unsafe (base + to).copyMemory(from: base + from, byteCount: count)
      to &+= count
      from &+= count
      // The line end behind the chunk.
      if from < view.count, view[from] == 0x0D { from &+= 1 }
      guard from < view.count, view[from] == 0x0A else { break }
      from &+= 1
    }
    return to
  }

  /// The chunk's size that a line begins with; 0 where it begins with none or one beyond 2⁶².
  private static func size(_ line: ByteView) -> Int {
    var size = 0
    for place in 0..<line.count {
      let byte = line[place]
      let digit: Int
      switch byte {
      case 0x30...0x39: digit = Int(byte) &- 0x30
      case 0x41...0x46, 0x61...0x66: digit = Int(byte | 0x20) &- 0x57
      default: return size
      }
      if size > Int.max &>> 5 { return 0 }
      size = size &<< 4 | digit
    }
    return size
  }
}
