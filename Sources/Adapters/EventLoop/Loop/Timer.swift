import Model

/// Calls its action once when its moment has come, on the loop's thread. Confined to that thread.
///
/// Moving the moment later costs a store: the heap learns of it when the earlier moment comes. So a connection that
/// sets a deadline for every request costs no heap work per request.
public final class Timer {
  private unowned let loop: Loop
  private let action: () -> Void
  /// When to fire; nil while it is off.
  public private(set) var due: Instant?
  /// Its place in the heap, −1 outside; and the moment it stands there for, never later than `due`.
  var place = -1
  var key: Int64 = 0

  init(loop: Loop, action: @escaping () -> Void) {
    self.loop = loop
    self.action = action
  }

  /// Fires at the moment, or at the loop's next turn if it has passed; replaces an earlier setting.
  public func set(_ moment: Instant) {
    due = moment
    if place < 0 || moment.nanoseconds < key { loop.timers.insert(self, at: moment.nanoseconds) }
  }

  /// Turns it off and keeps its place, for one that will soon be set again.
  public func rest() {
    due = nil
  }

  /// Turns it off and takes it out of the heap.
  public func cancel() {
    due = nil
    loop.timers.remove(self)
  }

  /// Its place in the heap came up: fires, or says for which later moment to stand there again.
  func comeUp(now: Instant) -> Instant? {
    guard let due else { return nil }
    if now < due { return due }
    self.due = nil
    action()
    return nil
  }
}

/// The timers that are set, earliest first: a binary heap in which each timer knows its place.
struct TimerHeap {
  private var timers: [Timer] = []

  var earliest: Int64? { timers.first?.key }
  var count: Int { timers.count }

  /// Puts a timer in, or moves one forward. O(log n)
  mutating func insert(_ timer: Timer, at key: Int64) {
    if timer.place >= 0 { remove(timer) }
    timer.key = key
    timer.place = timers.count
    timers.append(timer)
    rise(timer.place)
  }

  /// O(log n); nothing happens when it is not in.
  mutating func remove(_ timer: Timer) {
    let place = timer.place
    if place < 0 { return }
    timer.place = -1
    let last = timers.removeLast()
    if last === timer { return }
    timers[place] = last
    last.place = place
    rise(place)
    sink(last.place)
  }

  /// Takes out the earliest timer if its key is not later than `now`.
  mutating func takeDue(now: Int64) -> Timer? {
    guard let first = timers.first, first.key <= now else { return nil }
    remove(first)
    return first
  }

  private mutating func rise(_ start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      if timers[parent].key <= timers[place].key { return }
      swap(parent, place)
      place = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < timers.count && timers[child].key < timers[least].key {
        least = child
      }
      if least == place { return }
      swap(least, place)
      place = least
    }
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    timers.swapAt(a, b)
    timers[a].place = a
    timers[b].place = b
  }
}
