import Glibc

/// Something with a descriptor that a loop waits for. Confined to its loop's thread.
public class Source {
  /// The loop that keeps it alive until it is closed.
  public unowned let loop: Loop
  /// −1 once closed.
  public internal(set) var descriptor: Int32
  /// Slot and generation in the loop's table: an event of an earlier owner of the slot has another token.
  var token: UInt64 = 0
  private(set) var interest: Poller.Readiness = []

  init(loop: Loop, descriptor: Int32) {
    self.loop = loop
    self.descriptor = descriptor
  }

  /// The poller saw something; called once a batch at most.
  func ready(_ readiness: Poller.Readiness) {}

  /// The loop wants to end: finish what runs, take up nothing new, then close.
  func windDown() {}

  /// The loop ends now: let go of the descriptor.
  func abort() {}

  /// Registers with the loop for the first time.
  final func register(_ interest: Poller.Readiness) throws(SystemError) {
    token = loop.adopt(self)
    self.interest = interest
    do { try loop.poller.add(descriptor, interest, token: token) } catch {
      loop.disown(self)
      throw error
    }
  }

  /// Changes what to wait for; no system call when nothing changes.
  final func wait(for interest: Poller.Readiness) {
    if interest == self.interest || descriptor < 0 { return }
    self.interest = interest
    // A registered, open descriptor can always be modified; memory is not needed for it.
    try? loop.poller.modify(descriptor, interest, token: token)
  }

  /// Leaves the loop with its descriptor open, which belongs to the caller from now on.
  final func surrender() -> Int32 {
    let left = descriptor
    loop.poller.remove(left)
    descriptor = -1
    loop.disown(self)
    return left
  }

  /// Closes the descriptor and leaves the loop, which may free the object.
  final func release(byReset: Bool = false) {
    if descriptor < 0 { return }
    if byReset { Socket.closeByReset(descriptor) } else { Socket.close(descriptor) }
    descriptor = -1
    loop.disown(self)
  }
}
