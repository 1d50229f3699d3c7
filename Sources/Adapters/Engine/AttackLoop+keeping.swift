import HTTP1
import Measuring
import Model
import Scripting

// Replies of which more is needed than how long they are: kept as they come, unless they come in one piece.
extension AttackLoop {
  /// Whether a reply of that status is followed to another place: a redirect, unless it is what the target expects.
  @inline(__always)
  func isFollowed(_ status: UInt16, target: UInt32) -> Bool {
    // 301 … 308 in one comparison; what of them is a redirect is asked only then.
    status &- 301 < 8 && followsRedirects && ScriptTable.isRedirect(Int(status))
      && targets[Int(target)].expectedLow < 300
  }

  /// The decoder has used so many bytes of the buffer, and more are to come.
  mutating func keepPiece(_ slot: Int, _ count: Int) {
    let connection = connections + slot
    if !connection.pointee.keeps {
      // A redirect shows only once its status is read.
      if !isFollowed(connection.pointee.decoder.status, target: connection.pointee.request.target), !isWatched(slot) {
        return
      }
      connection.pointee.keeps = true
    }
    let isWanted = targets[Int(connection.pointee.request.target)].keeps
    spare.append(
      buffer, count, to: &connection.pointee.kept,
      atMost: isWanted ? SpareBuffers.most : ReplyDecoder.maxHead + FailedExchange.longest)
  }

  /// A reply as it was kept.
  struct Kept {
    /// With the status line, and with those of status 1xx before it.
    var head: ByteView
    /// Without chunk sizes.
    var body: ByteView
    /// False where the body was too long to be kept in full.
    var isWhole: Bool
    /// Bytes that framed the body's chunks.
    var framing = 0
  }

  /// The reply that has just come to its end; valid until the next read or write. Empty where nothing was kept.
  mutating func keptReply(_ slot: Int) -> Kept {
    if isForeign { return keptForeign(slot) }
    let connection = connections + slot
    var start = buffer
    var count = lastPiece
    if let kept = connection.pointee.kept.start {
      spare.append(buffer, lastPiece, to: &connection.pointee.kept)
      start = connection.pointee.kept.start ?? kept
      count = connection.pointee.kept.count
    }
    let end = HeadFields.end(of: ByteView(start, count: count))
    let head = ByteView(start, count: end)
    var length = count - end
    if HeadFields.isChunked(head) {
      length = ChunkedBody.compact(UnsafeMutableRawBufferPointer(start: start + end, count: length))
    }
    return Kept(
      head: head, body: ByteView(start + end, count: length), isWhole: !connection.pointee.kept.isCut,
      framing: Int(connection.pointee.decoder.framing))
  }
}
