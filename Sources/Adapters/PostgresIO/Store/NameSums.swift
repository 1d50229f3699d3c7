import Digests
import Measuring
import Model
import Summary

/// What a row of `record_rollup` sums up. Names are told apart by their bytes, as PostgreSQL does; Swift's strings
/// would be equal in several forms.
struct RollupKey: Hashable {
  /// 10, or 0 for the whole run.
  let span: Int16
  let run: Identifier
  /// The first second of the span; 0 for the whole run.
  let second: Int64
  let isWarmUp: Bool
  /// Stands for name and tenant in the primary key: names may be longer than an index takes.
  let nameKey: Identifier
  let name: String
  let tenant: String

  /// The spans that are kept, each with what it makes of a second.
  static let spans: [Int16] = [10, 0]

  init(span: Int16, run: Identifier, second: UInt32, isWarmUp: Bool, name: String, tenant: String) {
    self.span = span
    self.run = run
    self.second = span == 0 ? 0 : Int64(second) / Int64(span) * Int64(span)
    self.isWarmUp = isWarmUp
    self.name = name
    self.tenant = tenant
    let digest = SHA256.digest(Array(name.utf8) + [0xFF] + Array(tenant.utf8))
    nameKey = Identifier(
      high: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
      low: digest.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  static func == (a: RollupKey, b: RollupKey) -> Bool {
    a.nameKey == b.nameKey && a.span == b.span && a.run == b.run && a.second == b.second && a.isWarmUp == b.isWarmUp
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(nameKey)
    hasher.combine(span)
    hasher.combine(run)
    hasher.combine(second)
    hasher.combine(isWarmUp)
  }
}

/// Everything that is counted of a name, as it adds up over seconds and workers.
struct NameSums {
  var counts = RequestCounts()
  var statuses: [UInt16: UInt64] = [:]
  var errors: [ErrorKind: UInt64] = [:]
  var custom: [UInt16: Int64] = [:]
  var histograms = NameHistograms()
  /// In the order in which they came.
  var checks: [CheckCount] = []
  /// As bounded as a result's.
  var causes = CauseTally()

  mutating func add(_ name: NameInterval) {
    counts.add(name.counts)
    for one in name.statuses { statuses[one.status, default: 0].add(one.count) }
    for one in name.errors { errors[one.kind, default: 0].add(one.count) }
    for one in name.custom { addCustom(one.key, one.value) }
    for one in name.checks { add(one) }
    for one in name.causes { causes.add(one) }
    histograms.merge(name.histograms)
  }

  /// Adds sums of earlier records: what they tell apart stays told apart.
  mutating func add(earlier other: NameSums) {
    counts.add(other.counts)
    for (status, count) in other.statuses { statuses[status, default: 0].add(count) }
    for (kind, count) in other.errors { errors[kind, default: 0].add(count) }
    for (key, value) in other.custom { addCustom(key, value) }
    for one in other.checks { add(one) }
    let later = causes
    causes = other.causes
    for one in later.sorted { causes.add(one) }
    histograms.merge(other.histograms)
  }

  private mutating func add(_ check: CheckCount) {
    guard let place = checks.firstIndex(where: { $0.name == check.name }) else { return checks.append(check) }
    checks[place].passed.add(check.passed)
    checks[place].failed.add(check.failed)
  }

  private mutating func addCustom(_ key: UInt16, _ value: Int64) {
    let (sum, overflow) = custom[key, default: 0].addingReportingOverflow(value)
    custom[key] = overflow ? (value < 0 ? .min : .max) : sum
  }

  func write(into rows: inout CopyRows) {
    rows.counts(counts)
    rows.tallies(statusCounts, errorCounts, customCounts)
    rows.histograms(histograms)
    rows.steps(counts, checks)
    rows.causes(causes.sorted)
  }

  /// The tallies in their order.
  var statusCounts: [StatusCount] {
    statuses.sorted { $0.key < $1.key }.map { StatusCount(status: $0.key, count: $0.value) }
  }
  var errorCounts: [ErrorCount] {
    errors.sorted { $0.key.rawValue < $1.key.rawValue }.map { ErrorCount(kind: $0.key, count: $0.value) }
  }
  var customCounts: [CustomCount] {
    custom.sorted { $0.key < $1.key }.map { CustomCount(key: $0.key, value: $0.value) }
  }

  /// Reads the columns of `NameColumns.all` in binary form; nil for anything else.
  init?(postgres row: ArraySlice<[UInt8]?>) {
    guard row.count == NameColumns.width, let reasons = Self.causes(postgres: row) else { return nil }
    for one in reasons { causes.add(one) }
    let row = Array(row)
    func number(_ place: Int) -> UInt64? {
      guard let bytes = row[place], bytes.count == 8 else { return nil }
      return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let started = number(0), let written = number(1), let answered = number(2), let completed = number(3),
      let accepted = number(4), let resent = number(5), let bytesOut = number(6), let bytesIn = number(7)
    else { return nil }
    counts.started = started
    counts.written = written
    counts.answered = answered
    counts.completed = completed
    counts.accepted = accepted
    counts.resent = resent
    counts.bytesOut = bytesOut
    counts.bytesIn = bytesIn

    func numbers(_ place: Int) -> [Int64]? {
      row[place].flatMap { BinaryReader.array($0) { $0.number(Int64.self) } }
    }
    func keys(_ place: Int) -> [Int32]? {
      row[place].flatMap { BinaryReader.array($0) { $0.number(Int32.self) } }
    }
    guard let codes = keys(8), let codeCounts = numbers(9), let words = row[10], let wordCounts = numbers(11),
      let customKeys = keys(12), let customValues = numbers(13),
      let kinds = BinaryReader.array(words, { $0.value().map { String(decoding: $0, as: UTF8.self) } })
    else { return nil }
    for (code, count) in zip(codes, codeCounts) { statuses[UInt16(clamping: code)] = UInt64(clamping: count) }
    for (word, count) in zip(kinds, wordCounts) {
      guard let kind = ErrorKind.allCases.first(where: { $0.word == word }) else { return nil }
      errors[kind] = UInt64(clamping: count)
    }
    for (key, value) in zip(customKeys, customValues) { custom[UInt16(clamping: key)] = value }

    guard let redirected = number(21), let retried = number(22), let checkWords = row[23],
      let checkNames = BinaryReader.array(
        checkWords, { $0.value().map { String(decoding: $0, as: UTF8.self) } }),
      let passed = numbers(24), let failed = numbers(25), passed.count == checkNames.count,
      failed.count == checkNames.count
    else { return nil }
    counts.redirected = redirected
    counts.retried = retried
    for (place, name) in checkNames.enumerated() {
      checks.append(
        CheckCount(name: name, passed: UInt64(clamping: passed[place]), failed: UInt64(clamping: failed[place])))
    }

    let places: [WritableKeyPath<NameHistograms, Histogram>] = [
      \.response, \.service, \.failed, \.censored, \.censoredService, \.connect, \.firstByte,
    ]
    for (index, place) in places.enumerated() {
      guard let bytes = row[14 + index] else { continue }
      guard let histogram = Histogram(postgres: bytes) else { return nil }
      histograms[keyPath: place] = histogram
    }
  }

  /// The reasons alone, as they stand in the last columns of `NameColumns.all`; nil for anything else.
  static func causes(postgres row: ArraySlice<[UInt8]?>) -> [CauseCount]? {
    func words(_ bytes: [UInt8]) -> [String]? {
      BinaryReader.array(bytes) { $0.value().map { String(decoding: $0, as: UTF8.self) } }
    }
    let cells = row.suffix(3).compactMap { $0 }
    guard cells.count == 3, let kinds = words(cells[0]), let texts = words(cells[1]),
      let counts = BinaryReader.array(cells[2], { $0.number(Int64.self) }), kinds.count == texts.count,
      kinds.count == counts.count
    else { return nil }
    var causes: [CauseCount] = []
    for (place, word) in kinds.enumerated() {
      guard let kind = ErrorKind.allCases.first(where: { $0.word == word }) else { return nil }
      causes.append(CauseCount(kind: kind, text: texts[place], count: UInt64(clamping: counts[place])))
    }
    return causes
  }

  init() {}
}

extension UInt64 {
  fileprivate mutating func add(_ other: UInt64) { self = addingClamped(other) }
}
