import Processes
import TestSupport

/// How h11, another reader of HTTP/1.1, frames messages.
enum H11 {
  struct Message: Equatable {
    /// The status, or `METHOD,TARGET`.
    let key: String
    let body: [UInt8]
    /// Where it ends, counted from the first byte.
    let end: Int
    let keepsAlive: Bool
  }

  struct Reading {
    var messages: [Message] = []
    /// `end`, `more`, or `refused` with the reason.
    var outcome = ""
  }

  enum Kind: String {
    case reply
    case replyToHEAD = "head-reply"
    case request
  }

  /// Reads each run of bytes as a connection of its own, which ends after them.
  static func read(_ runs: [(kind: Kind, bytes: [UInt8])]) throws -> [Reading] {
    var command = Command(Places.python, ["\(Places.root)/scripts/oracles/h11_frames.py"])
    var input: [UInt8] = []
    for run in runs {
      input += Array(run.kind.rawValue.utf8) + [0x20]
      for byte in run.bytes { input += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
      input.append(0x0A)
    }
    command.input = .bytes(input)
    command.captureLimit = 256 << 20
    let finished = try ChildProcess.run(command, within: .seconds(600))
    guard finished.exit.isSuccess else {
      throw TestError("\(Places.python): \(finished.exit): \(finished.errorText)")
    }
    let readings = try finished.text.split(separator: "\n").map { try reading(String($0)) }
    guard readings.count == runs.count else { throw TestError("\(readings.count) readings of \(runs.count) runs") }
    return readings
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func reading(_ line: String) throws -> Reading {
    var reading = Reading()
    // Neither a target nor a reason holds the mark.
    var parts = line.split(separator: "\u{1F}").map(String.init)
    reading.outcome = parts.popLast() ?? ""
    for part in parts {
      let words = part.split(separator: " ")
      guard words.count == 4, let end = Int(words[2]), let body = bytes(words[1]) else {
        throw TestError("h11_frames.py said '\(line)'")
      }
      reading.messages.append(
        Message(key: String(words[0]), body: body, end: end, keepsAlive: words[3] == "1"))
    }
    return reading
  }

  private static func bytes(_ hexadecimal: Substring) -> [UInt8]? {
    if hexadecimal == "-" { return [] }
    let digits = Array(hexadecimal.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
    }
  }
}
