import JSONScan
import Model

/// Vegeta's text form of targets: a request line, header lines, perhaps `@file` with the body; blank lines between.
public enum VegetaText {
  /// Reads a body's file; the path is as it was written, without the `@`.
  public typealias Load = (String) throws(ValueError) -> [UInt8]

  /// Reads targets. Lines beginning with `#` are comments.
  ///
  /// - Parameter load: called for each `@file`; its error gets the line's place.
  /// - Throws: `PlanError` with everything wrong.
  public static func read(_ bytes: [UInt8], file: String, name: String, load: Load) throws(PlanError) -> PlanDocument {
    var reading = Reading(file: file)
    if let bad = UTF8Text.firstInvalid(in: bytes[...]) {
      var locator = Locator(start: 0)
      let place = locator.place(of: bad, in: bytes[...])
      throw PlanError(file: file, place: place, "found a byte that is not UTF-8, expected text")
    }
    var targets: [Target] = []
    var block: Block?
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if reading.errors.count > PlanError.shown { break }
      let text = String(decoding: line, as: UTF8.self)
      let trimmed = trim(text)
      let column = text.unicodeScalars.prefix { $0 == " " || $0 == "\t" }.count + 1
      let place = Place(line: index + 1, column: column)
      if trimmed.hasPrefix("#") { continue }
      if trimmed.isEmpty || isRequestLine(trimmed) || block == nil || block?.isClosed == true {
        finish(&block, &targets)
        if !trimmed.isEmpty { block = Block.begin(trimmed, place, &reading) }
      } else if trimmed.hasPrefix("@") {
        do throws(ValueError) { block?.body = try load(String(trimmed.dropFirst())) } catch {
          reading.wrong(place, "", error.description)
        }
        block?.isClosed = true
      } else {
        do throws(ValueError) { block?.headers.append(try HeaderText.line(trimmed)) } catch {
          reading.wrong(place, "", error.description)
        }
      }
    }
    finish(&block, &targets)
    try reading.finish()
    targets = try reading.named(targets, example: "lines such as 'GET http://localhost:8080/'")
    return PlanDocument(format: .vegetaText, name: TargetText.runName(name), targets: targets)
  }

  /// Whether a line begins a target: capitals, then a blank.
  static func isRequestLine(_ line: some StringProtocol) -> Bool {
    let method = line.utf8.prefix { 0x41...0x5A ~= $0 }
    guard !method.isEmpty, let next = line.utf8.dropFirst(method.count).first else { return false }
    return next == 0x20 || next == 0x09
  }

  /// A target on its way.
  private struct Block {
    var method = ""
    var url: (url: TargetURL, authorization: Header?)?
    var headers: [Header] = []
    var body: [UInt8] = []
    /// After the body's line nothing more belongs to it.
    var isClosed = false

    static func begin(_ line: String, _ place: Place, _ reading: inout Reading) -> Block {
      var block = Block()
      let parts = line.split(maxSplits: 1, omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" }
      guard parts.count == 2, VegetaText.isRequestLine(line) else {
        let shown = Node.cut(line.hasPrefix("http") ? String(line.prefix { $0 != "?" }) : "")
        let found = shown.isEmpty ? "other text" : "'\(shown)'"
        let expected =
          shown.isEmpty ? "a line such as 'GET http://localhost:8080/'" : "a method before it: 'GET \(shown)'"
        reading.wrong(place, "", "found \(found), expected \(expected)")
        return block
      }
      do throws(ValueError) {
        block.method = try MethodText.read(String(parts[0]))
        block.url = try URLText.read(VegetaText.trim(String(parts[1])))
      } catch {
        reading.wrong(place, "", error.description)
      }
      return block
    }
  }

  private static func finish(_ block: inout Block?, _ targets: inout [Target]) {
    guard let done = block else { return }
    block = nil
    guard let address = done.url else { return }
    var headers = done.headers
    if let authorization = address.authorization, !headers.has("authorization") { headers.append(authorization) }
    targets.append(Target(name: "", method: done.method, url: address.url, headers: headers, body: done.body))
  }

  private static func trim(_ line: String) -> String {
    HeaderText.trim(line.utf8.last == 0x0D ? String(decoding: line.utf8.dropLast(), as: UTF8.self) : line)
  }
}
