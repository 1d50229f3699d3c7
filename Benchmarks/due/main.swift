import Glibc
import Model
import Pacing

// What it costs to find out when an arrival is due, by shape: the loop's own step, from one arrival of its share to the
// next, in nanoseconds of this thread's CPU time; the least of some rounds.

func cpuTime() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// As a loop holds them: in memory, one step a call.
struct Walk {
  var cursor: ArrivalCursor
  var pace: Pace
  let schedule: Schedule
  let bound: UInt64
  let isScattered: Bool
  var next: Int64 = 0

  init(_ schedule: Schedule, _ slots: SlotRange) {
    self.schedule = schedule
    cursor = ArrivalCursor(slots, in: schedule)
    pace = Pace(schedule)
    bound = schedule.bound
    isScattered = schedule.isScattered
  }

  @inline(never)
  mutating func step() {
    cursor.advance()
    if isScattered { return stepScattered() }
    next = cursor.arrival < bound ? pace.due(cursor.arrival) ?? nextInOtherPart() : .max
  }

  @inline(never)
  private mutating func stepScattered() {
    next = cursor.arrival < bound ? pace.due(at: cursor) ?? nextInOtherPart() : .max
  }

  @inline(never)
  private mutating func nextInOtherPart() -> Int64 { pace.due(at: cursor, movingIn: schedule) }
}

/// Nanoseconds an arrival; where `isJumping`, of `Schedule.due` for any arrival.
func cost(_ text: String, _ spacing: Spacing, shares: Int, isJumping: Bool = false) throws -> Double {
  let schedule = try Schedule(shape: Shape(text: text, of: .arrivals), spacing: spacing, seed: 1, duration: nil)
  let arrivals: UInt64 = 200_000
  var least = Int64.max
  var sum: Int64 = 0
  for _ in 0..<7 {
    var walk = Walk(schedule, SlotRange(share: 0, of: shares))
    let begin = cpuTime()
    if isJumping {
      for n in 0..<arrivals { sum &+= schedule.due(Draw.mix(n) % 1_000_000) }
    } else {
      for _ in 0..<arrivals {
        walk.step()
        sum &+= walk.next
      }
    }
    least = min(least, cpuTime() - begin)
  }
  if sum == 42 { print("") }
  return Double(least) / Double(arrivals)
}

func column(_ value: Double) -> String {
  let text = String((value * 10).rounded() / 10)
  return String(repeating: " ", count: max(0, 9 - text.count)) + text
}

let shapes = [
  ("constant", "50000/1m,"), ("ramp", "0..50000/1m,50000/10m"), ("ramp down", "50000..0/10m,"),
  ("wave", "50000~50000@1m/10m,"), ("ten parts", (1...10).map { "\($0)0000..50000/10s" }.joined(separator: ",")),
]
print("ns an arrival     even  any even  Poisson  of 8 loops' Poisson")
for (name, text) in shapes {
  let even = try cost(text, .even, shares: 1)
  let any = try cost(text, .even, shares: 1, isJumping: true)
  let poisson = try cost(text, .poisson, shares: 1)
  let shared = try cost(text, .poisson, shares: 8)
  print(name + String(repeating: " ", count: 13 - name.count) + [even, any, poisson, shared].map(column).joined())
}
