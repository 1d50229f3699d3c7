import HTTP1
import Testing

/// What a memo of the head shortens must not change: the outcome is the plain decoder's, always.
@Suite struct ReplyMemoTests {
  private func withMemo<Result>(_ body: (inout ReplyMemo) throws -> Result) rethrows -> Result {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: ReplyMemo.size, alignment: 8)
    defer { memory.deallocate() }
    var memo = ReplyMemo(in: memory)
    return try body(&memo)
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(arguments: ReplySeed.all.map(\.bytes), [false, true])
  func theSecondTimeIsAsTheFirst(_ seed: [UInt8], isHEAD: Bool) {
    withMemo { memo in
      let plain = ReplyReader.read(seed, isHEAD: isHEAD)
      for _ in 0..<3 { #expect(ReplyReader.read(seed, &memo, isHEAD: isHEAD) == plain) }
      // What is known of an answer to a GET says nothing of one to a HEAD.
      #expect(ReplyReader.read(seed, &memo, isHEAD: !isHEAD) == ReplyReader.read(seed, isHEAD: !isHEAD))
      for end in 0...seed.count {
        let cut = ReplyReader.read(seed, &memo, isHEAD: isHEAD, cuts: [end])
        if cut != plain { Issue.record("cut at \(end): \(cut), expected \(plain)") }
      }
    }
  }

  @Test func aHeadThatDiffersInOneByteIsRead() {
    withMemo { memo in
      let one = "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 15:41:57 GMT\r\nContent-Length: 3\r\n\r\nok\n"
      #expect(ReplyReader.read(bytes(one), &memo).consumed == one.utf8.count)
      let other = one.replacing("200 OK", with: "404 OK").replacing("Length: 3", with: "Length: 2")
      let found = ReplyReader.read(bytes(other), &memo)
      #expect(found.status == 404)
      #expect(found.consumed == other.utf8.count - 1)
      #expect(ReplyReader.read(bytes(one), &memo).status == 200)
    }
  }

  @Test func aHeadLongerThanTheMemoIsReadEachTime() {
    withMemo { memo in
      let long = "HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 2_000))\r\nContent-Length: 3\r\n\r\nok\n"
      for _ in 0..<2 { #expect(ReplyReader.read(bytes(long), &memo) == ReplyReader.read(bytes(long))) }
    }
  }

  /// Mutations fill the memo; the same bytes come again, and others that begin alike.
  @Test func mutatedReplies() {
    print("memo: STAMPEDE_FUZZ_SEED=\(FuzzSetting.seed) STAMPEDE_FUZZ_COUNT=\(FuzzSetting.count)")
    var random = SplitMix(seed: FuzzSetting.seed)
    let seeds = ReplySeed.all.map(\.bytes)
    withMemo { memo in
      for number in 0..<FuzzSetting.count {
        let bytes = Mutation.next(of: seeds, &random)
        let isHEAD = random.below(16) == 0
        let closes = random.below(2) == 0
        let tail = bytes + [0x48, 0x54]
        for bytes in [bytes, bytes, tail] {
          let plain = ReplyReader.read(bytes, isHEAD: isHEAD, closes: closes)
          let known = ReplyReader.read(bytes, &memo, isHEAD: isHEAD, closes: closes)
          let cut = ReplyReader.read(
            bytes, &memo, isHEAD: isHEAD, closes: closes, cuts: Mutation.cuts(bytes.count, &random))
          if plain != known || plain != cut {
            Issue.record("mutation \(number), HEAD \(isHEAD): \(bytes)\n\(plain)\n\(known)\n\(cut)")
            return
          }
        }
      }
    }
  }
}
