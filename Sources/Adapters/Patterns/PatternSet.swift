import CPCRE2

/// Regular expressions compiled once, for any thread to search with: each needs a `Matcher` of its own.
///
/// PCRE2 with JIT, UTF-8 wherever the text is UTF-8; bytes that are not are matched by nothing but never an error.
public final class PatternSet: @unchecked Sendable {
  // Sendable because compiled code is read only, as pcre2api(3) says under "Multithreading".
  let codes: [OpaquePointer]

  /// - Throws: `PatternError` for the first expression that can't be compiled.
  public init(_ texts: [String]) throws(PatternError) {
    var codes: [OpaquePointer] = []
    do throws(PatternError) {
      for text in texts { codes.append(try PatternSet.compile(text)) }
    } catch {
      for code in codes { pcre2_code_free_8(code) }
      throw error
    }
    self.codes = codes
  }

  deinit { for code in codes { pcre2_code_free_8(code) } }

  /// Whether an expression can be compiled and has that group.
  public static func check(_ text: String, group: Int = 0) throws(PatternError) {
    let code = try compile(text)
    defer { pcre2_code_free_8(code) }
    var groups: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    if group < 0 || group > Int(groups) {
      throw PatternError(
        text: text, place: text.utf8.count, found: "group \(group)",
        expected: groups == 0 ? "group 0, for it has no other" : "a group from 0 to \(groups)")
    }
  }

  private static func compile(_ text: String) throws(PatternError) -> OpaquePointer {
    var number: Int32 = 0
    var place = 0
    let bytes = Array(text.utf8)
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF)
    guard let code = pcre2_compile_8(bytes, bytes.count, options, &number, &place, nil) else {
      var message = [UInt8](repeating: 0, count: 256)
      let count = pcre2_get_error_message_8(number, &message, message.count)
      throw PatternError(
        text: text, place: place, found: String(decoding: message.prefix(max(0, Int(count))), as: UTF8.self),
        expected: "a regular expression as PCRE2 has them")
    }
    // Without it the same code is interpreted: slower, not wrong.
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    return code
  }
}

/// Why an expression can't be used.
public struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The expression.
  public let text: String
  /// The byte of it at which it went wrong, from 0.
  public let place: Int
  public let found: String
  public let expected: String

  public var description: String { "'\(text)' at byte \(place + 1): found \(found), expected \(expected)" }
}
