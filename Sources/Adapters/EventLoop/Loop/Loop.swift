import CLinux
import Glibc
public import Model

/// An event loop on a thread of its own, with channels, listeners, timers and an inbox for other threads.
///
/// Everything but `LoopHandle` is confined to the loop's thread. Level-triggered; what channels write goes out at the
/// end of the batch of events that caused it.
public final class Loop {
  var poller: Poller
  var timers = TimerHeap()
  /// One buffer for all reads: bytes are handed out for the length of a callback only.
  let readBuffer: UnsafeMutableRawBufferPointer
  var blocks = BlockPool()
  /// The moment the current batch of events was taken up; times within a batch are this one.
  public private(set) var now: Instant
  /// How other threads reach it.
  public let inbox: Inbox

  private struct Slot {
    var source: Source?
    var generation: UInt32 = 0
  }

  private static let inboxToken = UInt64.max - 1
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private var unflushed: [Channel] = []
  private var flushing: [Channel] = []
  private var ending: (isWindingDown: Bool, isOver: Bool) = (false, false)

  init(inbox: Inbox) throws(SystemError) {
    poller = try Poller()
    self.inbox = inbox
    now = MonotonicClock.now()
    readBuffer = .allocate(byteCount: 65_536, alignment: 64)
    try poller.add(inbox.descriptor, .readable, token: Loop.inboxToken)
  }

  deinit {
    readBuffer.deallocate()
  }

  /// A timer that is off; set it to a moment.
  public func timer(_ action: @escaping () -> Void) -> Timer {
    Timer(loop: self, action: action)
  }

  /// Calls once after the span.
  @discardableResult
  public func after(_ span: TimeSpan, _ action: @escaping () -> Void) -> Timer {
    let timer = timer(action)
    timer.set(now + span)
    return timer
  }

  /// How many channels and listeners there are.
  private var sourceCount: Int { slots.count - freeSlots.count }

  // MARK: its thread

  /// Runs until it is stopped, then closes whatever is left.
  func run() {
    // A peer that went away must be an error of the write, never a signal.
    signal(SIGPIPE, SIG_IGN)
    while !ending.isOver {
      let count = poller.wait(nanoseconds: timeToWait())
      now = MonotonicClock.now()
      var hasMail = false
      for index in 0..<count {
        let token = poller.token(index)
        if token == Loop.inboxToken {
          hasMail = true
        } else if token != Poller.reservedToken {
          source(token)?.ready(poller.readiness(index))
        }
      }
      while let timer = timers.takeDue(now: now.nanoseconds) {
        if let later = timer.comeUp(now: now) { timer.set(later) }
      }
      if hasMail { for work in inbox.take() { work(self) } }
      flush()
      if ending.isWindingDown, sourceCount == 0 { ending.isOver = true }
    }
    abortAll()
  }

  private func timeToWait() -> Int64 {
    if !unflushed.isEmpty { return 0 }
    guard let earliest = timers.earliest else { return -1 }
    return max(0, earliest - MonotonicClock.now().nanoseconds)
  }

  private func abortAll() {
    for slot in slots { slot.source?.abort() }
    // What timers and work hold may hold the loop in turn.
    let last = (timers, unflushed, inbox.shut())
    timers = TimerHeap()
    unflushed = []
    withExtendedLifetime(last) {}
  }

  /// Sends what was written during the batch. What is written meanwhile goes out in the next turn, at once.
  private func flush() {
    if unflushed.isEmpty { return }
    swap(&unflushed, &flushing)
    for channel in flushing { channel.flushBatch() }
    flushing.removeAll(keepingCapacity: true)
  }

  func flushLater(_ channel: Channel) {
    unflushed.append(channel)
  }

  // MARK: sources

  func source(_ token: UInt64) -> Source? {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    guard index < slots.count, slots[index].generation == UInt32(truncatingIfNeeded: token >> 32) else { return nil }
    return slots[index].source
  }

  func adopt(_ source: Source) -> UInt64 {
    let index = freeSlots.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot()) }
    slots[index].source = source
    return UInt64(slots[index].generation) << 32 | UInt64(index)
  }

  func disown(_ source: Source) {
    guard self.source(source.token) === source else { return }
    let index = Int(truncatingIfNeeded: source.token & 0xFFFF_FFFF)
    slots[index].source = nil
    slots[index].generation &+= 1
    freeSlots.append(index)
  }

  // MARK: end

  /// Asks every source to finish, and ends when the last has, or after the span.
  func windDown(within span: TimeSpan) {
    if ending.isWindingDown, span > .zero { return }
    ending.isWindingDown = true
    if span <= .zero {
      ending.isOver = true
      return
    }
    for slot in slots { slot.source?.windDown() }
    after(span) { [unowned self] in ending.isOver = true }
  }
}
