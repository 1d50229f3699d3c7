import Glibc
public import Model

/// What a channel tells its owner, on the loop's thread.
public protocol ChannelDelegate: AnyObject {
  /// Ready for use: at once, or when the TLS handshake is done.
  func channelOpened(_ channel: Channel)
  /// Bytes came; they are valid during the call only.
  func channel(_ channel: Channel, received bytes: UnsafeRawBufferPointer)
  /// The peer will send nothing more. Said once and at once, even while reading is paused: bytes sent before may still
  /// follow when it is resumed.
  func channelPeerLeft(_ channel: Channel)
  /// All that the peer sent has been delivered and it will send nothing more.
  func channelEnded(_ channel: Channel)
  /// After `hasRoom` had turned false: it is true again.
  func channelDrained(_ channel: Channel)
  /// The deadline set on the channel has passed.
  func channelTimedOut(_ channel: Channel)
  /// The loop wants to end: finish what runs, then close.
  func channelShouldClose(_ channel: Channel)
  /// The last call: the channel is closed.
  func channelClosed(_ channel: Channel, _ end: Channel.End)
}

/// A stream connection of a loop: reads as it comes, buffers what is written, plain or TLS. Confined to its loop.
public final class Channel: Source {
  /// How it ended.
  public enum End: Equatable, Sendable {
    /// `close()` was called, everything was sent and the peer closed too or was given enough time to.
    case closed
    /// `abort()` was called, or the loop ended.
    case aborted
    /// The connection broke.
    case failed(SystemError)
    /// TLS refused or broke.
    case refused(TLSFault)
  }

  enum Phase: Equatable {
    case handshaking
    case open
    /// Sending what is left; what comes is thrown away.
    case flushing
    /// Our end is sent; waiting for the peer's.
    case lingering
    case closed
  }

  /// What is held back at most, more or less: beyond it `hasRoom` is false.
  public static let highWater = 131_072
  /// `channelDrained` is said when so little is left.
  public static let lowWater = 16_384
  /// How long a peer that has taken everything gets to close too, and, where `close` is given no deadline, to take it.
  public var closingTime = TimeSpan.seconds(5)

  /// The other side.
  public let peer: SocketAddress
  let session: TLSSession?
  var delegate: (any ChannelDelegate)?
  var phase: Phase
  var output = OutputBuffer()
  /// Bytes that were sent since the start, before TLS.
  public internal(set) var sent: UInt64 = 0
  var isReading = true
  var isWriteBlocked = false
  /// A TLS read that must wait until the descriptor is writable, or a write until it is readable.
  var crossed: (readWantsWrite: Bool, writeWantsRead: Bool) = (false, false)
  var isFlushDue = false
  var isReadDue = false
  var peerLeft: (isKnown: Bool, isDelivered: Bool) = (false, false)
  var wasFull = false
  private var deadline: Timer?

  /// Takes over a connected, non-blocking descriptor, of `Listener` or of `Connector`.
  ///
  /// The session's side, client or server, says who begins the handshake. The delegate is kept until `channelClosed`; `channelOpened` comes at once or after the handshake.
  /// - Throws: `SystemError` when the poller refuses it; the descriptor is closed then.
  @discardableResult
  public init(
    loop: Loop, descriptor: Int32, peer: SocketAddress, session: TLSSession? = nil, delegate: any ChannelDelegate
  ) throws(SystemError) {
    self.peer = peer
    self.session = session
    self.delegate = delegate
    phase = session == nil ? .open : .handshaking
    super.init(loop: loop, descriptor: descriptor)
    // A client speaks first: it begins when it can write.
    crossed.readWantsWrite = session?.isClient == true
    do { try register(crossed.readWantsWrite ? .writable : .readable) } catch {
      session?.free()
      Socket.close(descriptor)
      self.descriptor = -1
      phase = .closed
      self.delegate = nil
      throw error
    }
    if session == nil { delegate.channelOpened(self) }
  }

  // MARK: deadline

  /// Calls `channelTimedOut` at the moment; replaces an earlier one, nil turns it off. Costs a store in most cases.
  public func setDeadline(_ moment: Instant?) {
    if phase == .flushing || phase == .lingering || phase == .closed { return }
    setTimer(moment)
  }

  func setTimer(_ moment: Instant?) {
    guard let moment else {
      deadline?.rest()
      return
    }
    if deadline == nil { deadline = loop.timer { [unowned self] in timeIsUp() } }
    deadline?.set(moment)
  }

  private func timeIsUp() {
    switch phase {
    case .handshaking, .open: delegate?.channelTimedOut(self)
    case .flushing: finish(.aborted, byReset: true)
    case .lingering: finish(.closed, byReset: false)
    case .closed: break
    }
  }

  // MARK: what the poller says

  override func ready(_ readiness: Poller.Readiness) {
    let isOver = !readiness.isDisjoint(with: [.error, .hangUp])
    switch phase {
    case .handshaking:
      shakeHands()
    case .open, .flushing:
      if readiness.contains(.writable) || crossed.writeWantsRead {
        isWriteBlocked = false
        flush()
      }
      if phase == .flushing || phase == .lingering {
        if isOver || readiness.contains(.readable) { discard() }
        return
      }
      if phase != .open { return }
      if isOver, peerLeft.isDelivered {
        // The end was read before, so reading again would only say so again.
        fail(Socket.pendingError(descriptor))
      } else if isReading {
        if isOver || readiness.contains(.readable) || crossed.readWantsWrite { receive() }
      } else if isOver {
        fail(Socket.pendingError(descriptor))
      } else if readiness.contains(.peerClosed) {
        sayPeerLeft()
      }
    case .lingering:
      discard()
    case .closed:
      break
    }
    adjustInterest()
  }

  private func shakeHands() {
    guard let session else { return }
    switch session.handshake() {
    case .done:
      phase = .open
      crossed = (false, false)
      delegate?.channelOpened(self)
      // The client's first bytes may have come with the end of its handshake.
      if phase == .open, isReading, session.hasPending { receive() }
    case .wantsRead: crossed.readWantsWrite = false
    case .wantsWrite: crossed.readWantsWrite = true
    case .failed(let fault): finish(.refused(fault), byReset: false)
    }
  }

  /// Asks the poller for what the present state waits for.
  func adjustInterest() {
    if phase == .closed { return }
    var interest: Poller.Readiness = []
    switch phase {
    case .handshaking: interest = crossed.readWantsWrite ? .writable : .readable
    case .open:
      if isReading && !peerLeft.isDelivered {
        interest = .readable
      } else if !peerLeft.isKnown {
        interest = .peerClosed
      }
    case .flushing, .lingering: interest = peerLeft.isDelivered ? [] : .readable
    case .closed: break
    }
    if isWriteBlocked || crossed.readWantsWrite { interest.insert(.writable) }
    if crossed.writeWantsRead { interest.insert(.readable) }
    wait(for: interest)
  }

  // MARK: end

  override func windDown() {
    if phase == .open { delegate?.channelShouldClose(self) } else if phase == .handshaking { abort() }
  }

  /// Closes at once; what is not sent yet is thrown away and the peer sees a reset.
  public override func abort() {
    finish(.aborted, byReset: true)
  }

  func fail(_ code: Int32) {
    // A hang-up may come without an error of its own.
    finish(.failed(SystemError("connection with \(peer)", code: code == 0 ? ECONNRESET : code)), byReset: false)
  }

  func finish(_ end: End, byReset: Bool) {
    if phase == .closed { return }
    phase = .closed
    deadline?.cancel()
    deadline = nil
    output.clear(into: &loop.blocks)
    session?.free()
    let last = delegate
    delegate = nil
    release(byReset: byReset)
    last?.channelClosed(self, end)
  }
}
