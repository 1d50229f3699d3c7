import Model

/// What a request asks the demo target to answer with: `?status=503&delay=20ms&size=10KiB`.
struct DemoAnswer: Equatable, Sendable {
  /// 200…599.
  var status: Int
  /// Up to `longestDelay`.
  var delay: TimeSpan
  /// Bytes of the body, up to `largest`; nil sends the usual short text.
  var size: Int?

  static let longestDelay = TimeSpan.seconds(60)
  static let largest = 104_857_600

  init(status: Int = 200, delay: TimeSpan = .zero, size: Int? = nil) {
    self.status = status
    self.delay = delay
    self.size = size
  }

  /// Reads the names it knows and passes over the others.
  ///
  /// - Throws: `ValueError` with the name in what was found.
  init(query: [(name: String, value: String)]) throws(ValueError) {
    self.init()
    for (name, value) in query {
      switch name {
      case "status":
        status = try DemoAnswer.status(value, found: "\(name)=\(value)")
      case "delay":
        guard let span = try? TimeSpan(text: value), span <= DemoAnswer.longestDelay else {
          throw ValueError(found: "\(name)=\(value)", expected: "a delay such as 20ms or 1.5s, at most 60s")
        }
        delay = span
      case "size", "bytes":
        guard let size = DemoAnswer.size(value), size <= DemoAnswer.largest else {
          throw ValueError(found: "\(name)=\(value)", expected: "a size such as 500, 10KiB or 1MiB, at most 100MiB")
        }
        self.size = size
      default: break
      }
    }
  }

  static func status(_ text: String, found: String) throws(ValueError) -> Int {
    guard text.utf8.count == 3, let status = Int(text), (200...599).contains(status) else {
      throw ValueError(found: found, expected: "a status from 200 to 599")
    }
    return status
  }

  private static let units: [(name: String, bytes: Int)] = [
    ("", 1), ("b", 1), ("kb", 1000), ("k", 1024), ("kib", 1024), ("mb", 1_000_000), ("m", 1_048_576),
    ("mib", 1_048_576),
  ]

  private static func size(_ text: String) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    let unit = text.dropFirst(digits.count).lowercased()
    guard let count = Int(digits), let scale = units.first(where: { $0.name == unit })?.bytes else { return nil }
    let (size, overflow) = count.multipliedReportingOverflow(by: scale)
    return overflow ? nil : size
  }
}
