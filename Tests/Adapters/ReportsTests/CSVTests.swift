import Measuring
import Model
import Reports
import Summary
import Testing

@Suite struct CSVTests {
  /// Reads what RFC 4180 says, on its own terms.
  static func cells(_ bytes: [UInt8]) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte != 0x22 {
          cell.append(byte)
        } else if index < bytes.count, bytes[index] == 0x22 {
          cell.append(0x22)
          index += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case 0x22:
        try #require(cell.isEmpty, "a quote inside a bare cell")
        isQuoted = true
      case 0x2C, 0x0D:
        row.append(String(decoding: cell, as: UTF8.self))
        cell = []
        if byte == 0x2C { continue }
        try #require(index < bytes.count && bytes[index] == 0x0A, "a CR without LF")
        index += 1
        rows.append(row)
        row = []
      default: cell.append(byte)
      }
    }
    try #require(!isQuoted && cell.isEmpty && row.isEmpty, "the last line has no end")
    return rows
  }

  @Test func theTableOfNames() throws {
    let rows = try Self.cells(NamesCSV.encode(SampleRun.mixed()))
    #expect(rows[0] == NamesCSV.columns)
    #expect(rows.allSatisfy { $0.count == NamesCSV.columns.count })
    #expect(rows.dropFirst().map { $0[0] } == ["name", "name", "total"])
    let pay = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[2]))
    #expect(pay["name"] == "pay")
    #expect(pay["ok"] == "35")
    #expect(pay["err"] == "5")
    #expect(pay["success"] == "0.875")
    #expect(pay["statuses"] == "200=35 503=2")
    #expect(pay["errors"] == "timeout=1 reset=2 status=2")
    #expect(pay["response_times"] == "36")
    #expect(pay["response_given_up"] == "1")
    #expect(pay["response_p99_us"] == "1200000")
    #expect(pay["response_stdev_us"] == "")
    #expect(pay["response_at_least"] == "mean p99 p999 max")
    #expect(pay["connect_p50_us"] == "350")
    let total = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[3]))
    #expect(total["ok"] == "195")
    #expect(total["rps"] == "100.0")
  }

  @Test func theRowsOfSeconds() throws {
    let summary = try SampleRun.mixed()
    let rows = try Self.cells(IntervalsCSV.encode(summary))
    #expect(rows[0] == IntervalsCSV.columns)
    #expect(rows.allSatisfy { $0.count == IntervalsCSV.columns.count })
    #expect(
      rows.dropFirst().map { [$0[0], $0[4], $0[5]] } == [
        ["0", "total", ""], ["0", "name", "browse"], ["0", "name", "pay"], ["1", "total", ""], ["1", "name", "browse"],
        ["1", "name", "pay"],
      ])
    let total = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[4]))
    #expect(total["from_us"] == "1000000")
    #expect(total["completed"] == "100")
    #expect(total["err"] == "3")
    #expect(total["p99_us"] == "1200000")
    #expect(total["at_least"] == "p99 max")
    #expect(total["errors"] == "timeout=1 reset=2")
    #expect(total["connections"] == "4")
    // What the names counted adds up to the second's total.
    for column in ["started", "completed", "ok", "err", "bytes_in"] {
      let place = try #require(rows[0].firstIndex(of: column))
      #expect(Int(rows[4][place]) == [5, 6].compactMap { Int(rows[$0][place]) }.reduce(0, +), "\(column)")
    }
  }

  @Test func cellsThatASpreadsheetWouldRunAreDefused() throws {
    let names = [
      "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "a,\"b\"\r\nc", "\u{1B}[2J\u{7}", "plain", "'quoted",
    ]
    let load = Load(model: .arrivals(try Rate(text: "10/s")), duration: .seconds(1))
    let description = try SampleRun.description(load, targets: names.map { ($0, "http://127.0.0.1/") })
    let second = SampleRun.interval(0, names.map { SampleRun.name($0, count: 1, step: 5) })
    let summary = SampleRun.summary(description, [second])
    let replaced = names.map { name in
      String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 ? "\u{FFFD}" : $0 }))
    }
    let expected = replaced.enumerated().map { place, name in place < 7 ? "'" + name : name }
    let table = try Self.cells(NamesCSV.encode(summary))
    #expect(table.dropFirst().dropLast().map { $0[1] } == expected)
    let seconds = try Self.cells(IntervalsCSV.encode(summary))
    #expect(seconds.dropFirst(2).map { $0[5] } == expected)
  }
}
