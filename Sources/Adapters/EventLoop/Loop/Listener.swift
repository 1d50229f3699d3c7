import CLinux
import Glibc
public import Model

/// Accepts connections on one address. Confined to its loop's thread.
///
/// Out of descriptors or memory it rests for 100 ms: the poller would report it ready for ever.
public final class Listener: Source {
  /// Where it listens, with the port it really has.
  public let address: SocketAddress
  private let accepted: (Int32, SocketAddress) -> Void
  private let troubled: (SystemError) -> Void
  private var resting: Timer?

  /// How long it rests when the process is out of descriptors or memory.
  public static let rest = TimeSpan.milliseconds(100)

  /// - Parameters:
  ///   - descriptor: a listening socket of `Socket.listen`, which it owns from now on, also when this throws.
  ///   - accepted: owns the non-blocking descriptor it is given.
  ///   - troubled: hears of every rest and why.
  @discardableResult
  public init(
    loop: Loop, descriptor: Int32, accepted: @escaping (Int32, SocketAddress) -> Void,
    troubled: @escaping (SystemError) -> Void = { _ in }
  ) throws(SystemError) {
    self.accepted = accepted
    self.troubled = troubled
    address = Socket.localAddress(descriptor) ?? SocketAddress(.v4(0), port: 0)
    super.init(loop: loop, descriptor: descriptor)
    do { try register(.readable) } catch {
      Socket.close(descriptor)
      self.descriptor = -1
      throw error
    }
  }

  override func ready(_ readiness: Poller.Readiness) {
    // Bounded, so that a flood of connections can't keep the others waiting; level-triggered, so that none is lost.
    for _ in 0..<64 where descriptor >= 0 {
      let (descriptor, peer) = Socket.accept(self.descriptor)
      if descriptor >= 0 {
        accepted(descriptor, peer ?? address)
        continue
      }
      switch -descriptor {
      case EAGAIN: return
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        takeRest(because: -descriptor)
        return
      default: continue  // that one connection failed before it was taken; the next may be good
      }
    }
  }

  private func takeRest(because code: Int32) {
    wait(for: [])
    if resting == nil { resting = loop.timer { [unowned self] in wait(for: .readable) } }
    resting?.set(loop.now + Listener.rest)
    troubled(SystemError("accept on \(address)", code: code))
  }

  /// Stops accepting; what waits in the backlog is reset.
  public func close() {
    resting?.cancel()
    resting = nil
    release()
  }

  override func windDown() { close() }
  override func abort() { close() }
}
