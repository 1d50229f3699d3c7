import EventLoop
import Measuring
import Model
import Pacing

// The open model: arrivals fall due by the clock and wait, first come first served, for a connection.
extension AttackLoop {
  /// Takes up what is due, up to a bound, so that replies are looked at between.
  mutating func takeUpDue() {
    if !isOpen { return }
    var most = 64
    while nextDue <= now, nextDue < endedAt, most > 0 {
      if now >= takesUpTo {
        switch askForNext() {
        case .send: break
        case .hold:
          nextLook = .max
          return
        case .skip:
          leaveNextUnsent()
          most -= 1
          continue
        }
      }
      let arrival = cursor
      let intended = nextDue
      advance()
      noteLateness(now - intended, intended: intended)
      if isPlain {
        countArrival(intended: intended, isPlanned: true)
        takeUp(arrival.arrival, at: arrival, intended: intended)
      } else {
        takeUpVisit(arrival, intended: intended)
      }
      now = MonotonicClock.now().nanoseconds
      most -= 1
    }
    nextLook = nextDue
  }

  /// Moves on to this loop's next arrival.
  @inline(__always)
  mutating func advance() {
    cursor.advance()
    if isScattered { return lookAtScattered() }
    nextDue = cursor.arrival < planned ? start + (pace.due(cursor.arrival) ?? dueInNextPart()) : .max
  }

  @inline(never)
  private mutating func lookAtScattered() {
    nextDue = cursor.arrival < planned ? start + (pace.due(at: cursor) ?? dueInNextPart()) : .max
    endScattered()
  }

  /// Poisson arrivals end with their time, or with their number: only where the last one lies tells which.
  mutating func endScattered() {
    if nextDue < planEnd { return }
    isPastBound = nextDue == .max
    nextDue = .max
  }

  /// The next arrival is in another part of the shape.
  @inline(never)
  private mutating func dueInNextPart() -> Int64 {
    // Far beyond any end, and still a time that may be added to another.
    min(load.schedule.map { pace.due(at: cursor, movingIn: $0) } ?? .max, .max / 4)
  }

  /// When an arrival that waits was due.
  @inline(__always)
  mutating func dueWaiting(_ place: ArrivalCursor) -> Int64 {
    start + (waitingPace.due(at: place) ?? load.schedule.map { waitingPace.due(at: place, movingIn: $0) } ?? 0)
  }

  @inline(__always)
  mutating func noteLateness(_ lateness: Int64, intended: Int64) {
    bank(at: intended).record(.lateness, BucketedTime(nanoseconds: lateness))
    if lateness > 1_000_000 { facts.late += 1 }
  }

  private mutating func takeUp(_ arrival: UInt64, at place: ArrivalCursor, intended: Int64) {
    let target = drawChoice(arrival)
    let origin = Int(targets[target].origin)
    countStarted(target, intended: intended)
    if origins[origin].waiting == 0, origins[origin].parked == 0, let slot = popIdle(origin) {
      connections[slot].request = Request(
        target: UInt32(target), intended: intended, woke: now, arrival: UInt32(truncatingIfNeeded: arrival))
      send(slot)
      return
    }
    if origins[origin].waiting == 0 { origins[origin].cursor = place }
    origins[origin].waiting += 1
    waiting += 1
    ring.note(arrival, woke: now)
    openConnections(for: origin)
    if isShort { facts.capped += 1 }
  }

  mutating func countStarted(_ target: Int, intended: Int64) {
    let name = Int(targets[target].name)
    bank(at: intended).count(name, .started)
    if name == foldedName { facts.folded += 1 }
  }

  /// The target that arrival n sends, or the scenario that it goes through: drawn from (seed, n), the same on whatever
  /// machine that is.
  mutating func drawChoice(_ index: UInt64, stream: UInt64 = 0) -> Int {
    if choiceCount == 1 { return 0 }
    let place = draw.place(of: index, stream: stream)
    var low = 0
    var high = choiceCount - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > place { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The request that has waited longest for this origin: one that lost its connection, else the next arrival.
  mutating func popWaiting(_ origin: Int) -> Request? {
    if origins[origin].parked > 0 {
      origins[origin].parked -= 1
      let targets = targets
      return parked.removeFirst {
        Int($0.chain >= 0 ? $0.origin : targets[Int($0.target)].origin) == origin
      }
    }
    if !isPlain { return popWaitingUser(origin) }
    if origins[origin].waiting == 0 { return nil }
    while true {
      let place = origins[origin].cursor
      let arrival = place.arrival
      let target = drawChoice(arrival)
      origins[origin].cursor.advance()
      if Int(targets[target].origin) != origin { continue }
      origins[origin].waiting -= 1
      waiting -= 1
      let intended = dueWaiting(place)
      let request = Request(
        target: UInt32(target), intended: intended, woke: ring.woke(arrival, intended: intended),
        arrival: UInt32(truncatingIfNeeded: arrival))
      if waiting == 0 { ring.clear() }
      return request
    }
  }

  /// Sends what lost its connection on those that are idle.
  mutating func sendParked() {
    for origin in 0..<originCount where origins[origin].parked > 0 {
      while origins[origin].parked > 0, let slot = popIdle(origin) {
        guard let request = popWaiting(origin) else { return pushIdle(slot) }
        connections[slot].request = request
        send(slot)
      }
      openConnections(for: origin)
    }
  }

  /// Opens connections while more arrivals wait than connections are on their way, as far as the cap reaches.
  mutating func openConnections(for origin: Int) {
    // A connection that fails at once comes back here: this loop goes on with it, whatever the number.
    if isOpening { return }
    isOpening = true
    defer { isOpening = false }
    while origins[origin].connecting < origins[origin].unserved {
      if !openConnection(to: origin, user: -1) {
        isShort = true
        return
      }
    }
  }

  /// A place for a connection came free at this origin: for it, unless others are short of one.
  mutating func useRoom(for origin: Int) {
    if isShort { relieveShortage() } else { openConnections(for: origin) }
  }

  /// At the cap on connections: places that came free, and those of connections that idle elsewhere, go to origins
  /// whose requests wait; first to those that have no connection at all.
  mutating func relieveShortage() {
    if isOpening { return }
    isOpening = true
    defer { isOpening = false }
    isShort = false
    starved = 0
    firstShort = (firstShort + 1) % originCount
    for step in 0..<originCount {
      let origin = (firstShort + step) % originCount
      while origins[origin].open == 0, origins[origin].unserved > 0 {
        if !makeRoom() || !openConnection(to: origin, user: -1) {
          starved += 1
          break
        }
      }
    }
    isShort = starved > 0
    for step in 0..<originCount where !isShort {
      let origin = (firstShort + step) % originCount
      while !isShort, origins[origin].connecting < origins[origin].unserved {
        isShort = !makeRoom() || !openConnection(to: origin, user: -1)
      }
    }
  }

  /// Whether there is a place for a connection, if need be that of one that idles.
  private mutating func makeRoom() -> Bool {
    if freeSlots >= 0 || usedSlots < capacity { return true }
    for origin in 0..<originCount {
      if let slot = popIdle(origin) {
        release(slot, byReset: true)
        return true
      }
    }
    return false
  }
}
