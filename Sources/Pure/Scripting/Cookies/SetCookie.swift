/// A Set-Cookie line taken apart (RFC 6265, 5.2), its texts where they stand.
struct SetCookie {
  var name: ByteView
  var value: ByteView
  /// Without a dot in front; empty where none is given.
  var domain = ByteView.empty
  /// Empty where none is given, or one that does not begin with a slash.
  var path = ByteView.empty
  var isSecure = false
  /// Milliseconds since 1970; `Int64.max` for the session.
  var expiry = Int64.max

  /// nil for a line without a name.
  init?(_ line: ByteView, now: Int64) {
    let pairEnd = line.first(0x3B) ?? line.count
    let pair = line[0..<pairEnd]
    guard let equals = pair.first(0x3D) else { return nil }
    name = pair[0..<equals].trimmed
    value = pair.dropFirst(equals + 1).trimmed
    if name.isEmpty { return nil }
    var maxAge: Int64?
    var rest = line.dropFirst(pairEnd + 1)
    while !rest.isEmpty {
      let end = rest.first(0x3B) ?? rest.count
      let attribute = rest[0..<end]
      rest = rest.dropFirst(end + 1)
      let split = attribute.first(0x3D) ?? attribute.count
      let key = attribute[0..<split].trimmed
      let value = attribute.dropFirst(split + 1).trimmed
      if key.isWord("secure") {
        isSecure = true
      } else if key.isWord("path") {
        path = !value.isEmpty && value[0] == 0x2F ? value : .empty
      } else if key.isWord("domain") {
        if !value.isEmpty { domain = value[0] == 0x2E ? value.dropFirst(1) : value }
      } else if key.isWord("max-age") {
        maxAge = SetCookie.seconds(value) ?? maxAge
      } else if key.isWord("expires") {
        if maxAge == nil { expiry = CookieDate.milliseconds(value) ?? expiry }
      }
    }
    if let maxAge {
      let (span, over) = maxAge.multipliedReportingOverflow(by: 1_000)
      let (end, beyond) = now.addingReportingOverflow(span)
      expiry = maxAge <= 0 ? .min : over || beyond ? .max : end
    }
  }

  /// Digits, perhaps with a minus; nil for anything else, which is then as if it were not there.
  private static func seconds(_ text: ByteView) -> Int64? {
    if !text.isEmpty, text[0] == 0x2D { return text.count > 1 && digits(text.dropFirst(1)) ? -1 : nil }
    guard digits(text) else { return nil }
    return text.decimal.map { Int64($0) } ?? .max
  }

  private static func digits(_ text: ByteView) -> Bool {
    for place in 0..<text.count where !(0x30...0x39 ~= text[place]) { return false }
    return !text.isEmpty
  }

  /// The value that a head gives to a cookie of that name (case counts); the last one where there are several.
  static func value(of name: ByteView, in head: ByteView) -> ByteView? {
    var fields = HeadFields(head)
    var found: ByteView?
    while let line = fields.next(named: "set-cookie") {
      if let cookie = SetCookie(line, now: 0), cookie.name.equals(name) { found = cookie.value }
    }
    return found
  }
}

/// Dates as cookies have them, in any of the forms that browsers take (RFC 6265, 5.1.1).
enum CookieDate {
  /// Milliseconds since 1970; nil for what is no date.
  static func milliseconds(_ text: ByteView) -> Int64? {
    var time: Int64?
    var day: Int64?
    var month: Int64?
    var year: Int64?
    var place = 0
    while place < text.count {
      while place < text.count, isDelimiter(text[place]) { place += 1 }
      let start = place
      while place < text.count, !isDelimiter(text[place]) { place += 1 }
      let token = text[start..<place]
      if token.isEmpty { break }
      if time == nil, let found = clock(token) {
        time = found
      } else if day == nil, let found = number(token, digits: 1...2) {
        day = found
      } else if month == nil, let found = self.month(token) {
        month = found
      } else if year == nil, let found = number(token, digits: 2...4) {
        year = found < 70 ? found + 2_000 : found < 100 ? found + 1_900 : found
      }
    }
    guard let time, let day, let month, let year, 1...31 ~= day, year >= 1601 else { return nil }
    guard day <= length(of: month, year) else { return nil }
    return (days(year, month, day) * 86_400 + time) * 1_000
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09, 0x20...0x2F, 0x3B...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  /// A number of so many digits, behind which anything but a digit may stand.
  private static func number(_ token: ByteView, digits: ClosedRange<Int>) -> Int64? {
    var count = 0
    while count < token.count, 0x30...0x39 ~= token[count] { count += 1 }
    return digits ~= count ? token[0..<count].decimal.map { Int64($0) } : nil
  }

  /// `hh:mm:ss` in seconds.
  private static func clock(_ token: ByteView) -> Int64? {
    guard let first = token.first(0x3A), let second = token.first(0x3A, from: first + 1) else { return nil }
    let minutes = token[first + 1..<second]
    let hours = token[0..<first]
    guard let hour = number(hours, digits: hours.count...max(hours.count, 1)), hours.count <= 2,
      let minute = number(minutes, digits: minutes.count...max(minutes.count, 1)), minutes.count <= 2,
      let seconds = number(token.dropFirst(second + 1), digits: 1...2)
    else { return nil }
    return hour <= 23 && minute <= 59 && seconds <= 59 ? hour * 3_600 + minute * 60 + seconds : nil
  }

  /// 1 to 12, by the first three letters.
  private static func month(_ token: ByteView) -> Int64? {
    let word = token.prefix(3)
    let names: [12 of StaticString] = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    for number in 0..<12 where word.isWord(names[number]) { return Int64(number + 1) }
    return nil
  }

  private static func length(of month: Int64, _ year: Int64) -> Int64 {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  }

  /// Days since 1970 in the Gregorian calendar; years begin in March, so that the leap day is the last.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let years = month <= 2 ? year - 1 : year
    let cycle = years / 400
    let inCycle = years - cycle * 400
    let inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return cycle * 146_097 + inCycle * 365 + inCycle / 4 - inCycle / 100 + inYear - 719_468
  }
}
