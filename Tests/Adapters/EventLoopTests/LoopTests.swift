import EventLoop
import Glibc
import Model
import Synchronization
import Testing

@Suite struct LoopTests {
  /// Waits for one value from a loop's thread.
  final class Promise<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let signal: UnsafeSemaphore = UnsafeSemaphore()

    func keep(_ value: Value) {
      self.value.withLock { $0 = value }
      signal.post()
    }

    func wait() -> Value? {
      signal.wait()
      return value.withLock { $0 }
    }
  }

  @Test func workOfManyThreadsIsRunOnceAndInOrder() throws {
    let handle = try LoopHandle.start(name: "test-loop")
    let seen = Mutex([[Int]](repeating: [], count: 4))
    withExtendedLifetime(handle) {
      let threads = (0..<4).map { thread in
        ThreadBox(
          try! OwnThread(name: "poster") {
            for number in 0..<1000 {
              handle.inbox.post { _ in seen.withLock { $0[thread].append(number) } }
            }
          })
      }
      for thread in threads { thread.join() }
    }
    let done = Promise<Bool>()
    handle.inbox.post { _ in done.keep(true) }
    #expect(done.wait() == true)
    #expect(seen.withLock { $0 } == [[Int]](repeating: Array(0..<1000), count: 4))
    handle.stop(within: .zero)
    handle.join()
    #expect(!handle.inbox.post { _ in })
  }

  @Test func timersFireInTheirOrderAndCancelledOnesDoNot() throws {
    let handle = try LoopHandle.start(name: "test-loop")
    let fired = Promise<[String]>()
    handle.inbox.post { loop in
      // Confined to the loop's thread by the closures that use it.
      nonisolated(unsafe) var order: [String] = []
      loop.after(.milliseconds(30)) { order.append("30") }
      loop.after(.milliseconds(10)) { order.append("10") }
      let cancelled = loop.after(.milliseconds(15)) { order.append("cancelled") }
      let moved = loop.after(.milliseconds(5)) { order.append("moved") }
      moved.set(loop.now + .milliseconds(40))
      let forward = loop.after(.seconds(60)) { order.append("forward") }
      forward.set(loop.now + .milliseconds(20))
      cancelled.cancel()
      loop.after(.milliseconds(50)) { fired.keep(order) }
    }
    #expect(fired.wait() == ["10", "forward", "30", "moved"])
    handle.stop(within: .zero)
    handle.join()
  }

  @Test func anEndedLoopLetsGoOfWhatTimersAndWorkHold() throws {
    final class Held: Sendable {}
    weak var byTimer: Held?
    weak var byWork: Held?
    do {
      let held = (Held(), Held())
      (byTimer, byWork) = held
      let handle = try LoopHandle.start(name: "test-loop")
      handle.inbox.post { [held = held.0] loop in
        // The timer holds the loop that holds the timer.
        loop.after(.seconds(3600)) { withExtendedLifetime((held, loop)) {} }
        loop.inbox.post { _ in usleep(1000) }
      }
      handle.stop(within: .zero)
      handle.inbox.post { [held = held.1] _ in withExtendedLifetime(held) {} }
      handle.join()
    }
    #expect(byTimer == nil && byWork == nil)
  }

  @Test func aLoopWithNothingLeftEndsWithoutWaitingForItsDeadline() throws {
    let handle = try LoopHandle.start(name: "test-loop")
    let start = MonotonicClock.now()
    handle.stop(within: .seconds(60))
    handle.join()
    #expect(MonotonicClock.now() - start < .seconds(30))
  }
}

/// A counting semaphore; blocks its thread.
final class UnsafeSemaphore: @unchecked Sendable {
  // The kernel's semaphore is made for use by several threads.
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }

  func post() { sem_post(semaphore) }

  /// Gives up after 20 s, so that a broken test fails and does not hang.
  func wait() {
    var limit = timespec()
    clock_gettime(CLOCK_REALTIME, &limit)
    limit.tv_sec += 20
    sem_timedwait(semaphore, &limit)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }
}

final class ThreadBox {
  private var thread: OwnThread?
  init(_ thread: consuming OwnThread) { self.thread = consume thread }
  func join() { thread.take()?.join() }
}
