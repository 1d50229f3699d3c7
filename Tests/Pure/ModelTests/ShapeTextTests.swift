import Testing

@testable import Model

@Suite struct ShapeTextTests {
  typealias Part = Shape.Part

  static func level(_ count: Int64, _ seconds: Int64 = 1) -> Shape.Level {
    Shape.Level(count: count, per: .seconds(seconds))
  }

  @Test func readsPartsOneAfterTheOther() throws {
    let shape = try Shape(text: "0..500/30s, 500/5m,500..0/10s", of: .arrivals)
    #expect(
      shape.parts == [
        Part(.line(from: .zero, to: Self.level(500)), for: .seconds(30)),
        Part(.constant(Self.level(500)), for: .seconds(300)),
        Part(.line(from: Self.level(500), to: .zero), for: .seconds(10)),
      ])
    #expect(shape.duration == .seconds(340) && shape.peak == Self.level(500))
    #expect(shape.description == "0..500/30s,500/5m,500..0/10s")
  }

  @Test(
    arguments: [
      ("500/5m", "500/5m"), ("500", "500/s"), ("30000/m", "30000/m"), ("0..30000/m/5m", "0..30000/m/5m"),
      ("10/s..30000/m/5m", "10/s..30000/m/5m"), ("0..500/30s,500", "0..500/30s,500"),
      ("warm up=50/10", "warm up=50/10s"),
      ("0..7/2s/30s,7/2s/end", "0..7/2s/30s,7/2s/end"), ("500~300@10m/1h", "500~300@10m/1h"),
      ("0.5~0.25@1d", "0.5~0.25@24h"),
      ("60~1/m@1h/m/2h", "60~1@1h/m/2h"), ("500/2s/30s", "500/2s/30s"), ("500/30s,", "500/30s,"), ("x=5,,", nil),
      ("0..5", nil),
      ("0/1s,0/2s", nil),
      ("5,5/1s", nil), ("3~4@1m/1m", nil), ("3~4/1m", nil), ("1..2..3/1s", nil), ("1e3..2/1s", nil), ("", nil),
      (",", nil),
      ("0..200000000/s/1s", nil), ("1/1s/1s/1s,2", nil), ("-1..5/1s", nil), ("=5,4", nil), ("a/b=5/1s,1", nil),
      ("1/11000d,2", nil),
      ("1/5000d,2/0s", nil),
    ] as [(String, String?)])
  func ratesAreReadAndWritten(_ text: String, _ written: String?) throws {
    guard let written else {
      #expect(throws: ValueError.self) { try Shape(text: text, of: .arrivals) }
      return
    }
    let shape = try Shape(text: text, of: .arrivals)
    #expect(shape.text(of: .arrivals) == written)
    #expect(try Shape(text: written, of: .arrivals) == shape)
  }

  @Test(
    arguments: [
      ("50", "50"), ("0..100/30s,100/1m,0/10s", "0..100/30s,100/1m,0/10s"), ("100/1m", "100/1m"),
      ("5~5@1m/2m", "5~5@1m/2m"),
      ("0", nil), ("1.5", nil), ("5/s/3s", nil), ("2000000", nil), ("ten", nil), ("50/s", nil),
    ] as [(String, String?)])
  func usersAreReadAndWritten(_ text: String, _ written: String?) throws {
    guard let written else {
      #expect(throws: ValueError.self) { try Shape(text: text, of: .users) }
      return
    }
    let shape = try Shape(text: text, of: .users)
    #expect(shape.text(of: .users) == written)
    #expect(try Shape(text: written, of: .users) == shape)
  }

  @Test func messagesNameWhatIsMissing() {
    func message(_ text: String) -> String {
      do throws(ValueError) {
        _ = try Shape(text: text, of: .arrivals)
        return ""
      } catch { return error.description }
    }
    #expect(message("0..500") == "found '0..500', expected how long it takes, such as 0..500/30s")
    #expect(message("5,6/1s").contains("expected a time for each part but the last, such as 5/30s"))
    #expect(message("3~4@1m").contains("a swing of at most 3"))
  }

  /// Any shape that can be said reads back as itself.
  @Test func everyShapeReadsBack() throws {
    let seed = UInt64.random(in: 0...999_999)
    print("seed \(seed)")
    var random = SplitMix(seed: seed)
    for _ in 0..<2_000 {
      func level(_ from: Int64 = 0) -> Shape.Level {
        let per: Int64 = [1, 10, 100, 60, 7, 3600].randomElement(using: &random) ?? 1
        return Self.level(.random(in: from...Int64(9_999), using: &random), per)
      }
      let count = Int.random(in: 1...4, using: &random)
      let parts = (0..<count).map { index in
        let length = TimeSpan(nanoseconds: .random(in: 1...90_000_000_000, using: &random))
        let name = Bool.random(using: &random) ? "part \(index)" : ""
        switch Int.random(in: 0...2, using: &random) {
        case 0:
          let isLast = index == count - 1 && Bool.random(using: &random)
          return Part(name: name, .constant(level(1)), for: isLast ? nil : length)
        case 1: return Part(name: name, .line(from: level(), to: level(1)), for: length)
        case _:
          return Part(name: name, .sine(mean: Self.level(9_999), amplitude: level(), period: length), for: length)
        }
      }
      let shape = Shape(parts: parts)
      let text = shape.text(of: .arrivals)
      // A single level alone is named, or is a rate.
      if parts.count == 1, case .constant = parts[0].curve { continue }
      #expect(try Shape(text: text, of: .arrivals) == shape, "\(text)")
    }
  }
}
