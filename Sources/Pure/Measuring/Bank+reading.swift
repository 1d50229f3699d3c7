import Model

extension Bank {
  /// Values put into another bucket than their own for want of a block.
  public var folded: UInt64 { unsafe header.pointee.folded }

  /// One of the loop's histograms, copied out.
  public func histogram(_ worker: Worker) -> Histogram { unsafe histogram(at: cell(worker)) }

  /// Adds a name's figures to an interval's; false where the name has none.
  @discardableResult
  public func add(_ name: Int, to interval: inout NameInterval) -> Bool {
    let counters = unsafe row(name).assumingMemoryBound(to: UInt64.self)
    var any = false
    func value(_ counter: Counter) -> UInt64 {
      let value = unsafe counters[counter.rawValue]
      if value > 0 { any = true }
      return value
    }
    interval.counts.started += value(.started)
    interval.counts.written += value(.written)
    interval.counts.answered += value(.answered)
    interval.counts.completed += value(.completed)
    interval.counts.accepted += value(.accepted)
    interval.counts.resent += value(.resent)
    interval.counts.bytesOut += value(.bytesOut)
    interval.counts.bytesIn += value(.bytesIn)
    interval.counts.redirected += value(.redirected)
    interval.counts.retried += value(.retried)
    for kind in Kind.allCases where unsafe cell(name, kind).assumingMemoryBound(to: UInt64.self)[Bank.countAt] > 0 {
      any = true
    }
    if !any { return false }
    addStatuses(name, to: &interval)
    addErrors(name, to: &interval)
    unsafe interval.histograms.response.merge(histogram(at: cell(name, .response)))
    unsafe interval.histograms.service.merge(histogram(at: cell(name, .service)))
    unsafe interval.histograms.failed.merge(histogram(at: cell(name, .failed)))
    unsafe interval.histograms.censored.merge(histogram(at: cell(name, .censored)))
    unsafe interval.histograms.censoredService.merge(histogram(at: cell(name, .censoredService)))
    unsafe interval.histograms.firstByte.merge(histogram(at: cell(name, .firstByte)))
    unsafe interval.histograms.connect.merge(histogram(at: cell(name, .connect)))
    return true
  }

  private func addStatuses(_ name: Int, to interval: inout NameInterval) {
    let slots = unsafe (row(name) + Bank.statusesAt).assumingMemoryBound(to: UInt64.self)
    for index in 0..<Bank.statusSlots {
      let slot = unsafe slots[index]
      if slot == 0 { continue }
      let status = index == 0 ? 0 : UInt16(slot >> 48)
      let count = slot & 0xFFFF_FFFF_FFFF
      let place = interval.statuses.firstIndex { $0.status >= status } ?? interval.statuses.count
      if place < interval.statuses.count, interval.statuses[place].status == status {
        interval.statuses[place].count += count
      } else {
        interval.statuses.insert(StatusCount(status: status, count: count), at: place)
      }
    }
  }

  private func addErrors(_ name: Int, to interval: inout NameInterval) {
    let errors = unsafe (row(name) + Bank.errorsAt).assumingMemoryBound(to: UInt32.self)
    for kind in ErrorKind.allCases {
      let count = unsafe UInt64(errors[Int(kind.rawValue & 31)])
      if count == 0 { continue }
      let place = interval.errors.firstIndex { $0.kind.rawValue >= kind.rawValue } ?? interval.errors.count
      if place < interval.errors.count, interval.errors[place].kind == kind {
        interval.errors[place].count += count
      } else {
        interval.errors.insert(ErrorCount(kind: kind, count: count), at: place)
      }
    }
  }

  func histogram(at cell: UnsafeMutableRawPointer) -> Histogram {
    let words = unsafe cell.assumingMemoryBound(to: UInt32.self)
    let wide = unsafe cell.assumingMemoryBound(to: UInt64.self)
    if unsafe wide[Bank.countAt] == 0 { return Histogram() }
    let (least, greatest, sum) = unsafe (~words[Bank.leastAt], words[Bank.greatestAt], wide[Bank.sumAt])
    guard let highest = (0..<Bucket.blocks).last(where: { unsafe words[$0] != 0 }) else {
      return unsafe Histogram(count: wide[Bank.countAt], sum: sum, min: least, max: greatest)
    }
    var counts = [UInt64](repeating: 0, count: (highest + 1) * Bucket.perBlock)
    for octave in 0...highest {
      let number = unsafe words[octave]
      if number == 0 { continue }
      let from = unsafe block(number)
      for index in 0..<Bucket.perBlock { counts[octave * Bucket.perBlock + index] = unsafe UInt64(from[index]) }
    }
    if let whole = Histogram(counts: counts, sum: sum, min: least, max: greatest) { return whole }
    return Histogram(folded: counts, sum: sum)
  }
}
