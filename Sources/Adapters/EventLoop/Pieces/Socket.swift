public import CLinux
public import Glibc

/// Calls on non-blocking TCP sockets. Each answers with a count or descriptor, or with the negated errno.
///
/// No call throws or allocates, so that the request path can use them; EINTR is retried inside.
public enum Socket {
  /// A non-blocking, close-on-exec TCP socket with Nagle's delay off.
  public static func open(family: Int32) -> Int32 {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { return -errno }
    setNoDelay(descriptor)
    return descriptor
  }

  /// 0 when connected at once, −EINPROGRESS when readiness to write will tell.
  public static func connect(_ descriptor: Int32, to address: SocketAddress) -> Int32 {
    address.withC { pointer, length in
      while true {
        if Glibc.connect(descriptor, pointer, length) == 0 { return 0 }
        if errno != EINTR { return -errno }
      }
    }
  }

  /// Bytes written, or −EAGAIN when the kernel's buffer is full. Never raises SIGPIPE.
  @inlinable
  public static func send(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    while true {
      let sent = stampede_send(descriptor, bytes, count)
      if sent >= 0 { return sent }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Bytes read, 0 at the peer's end, or −EAGAIN when nothing is there.
  @inlinable
  public static func receive(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
    while true {
      let got = stampede_recv(descriptor, bytes, capacity, 0)
      if got >= 0 { return got }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Throws away up to so many bytes without copying them out of the kernel (MSG_TRUNC, Linux TCP only).
  @inlinable
  public static func discard(_ descriptor: Int32, _ most: Int) -> Int {
    while true {
      let got = stampede_recv(descriptor, nil, most, Int32(MSG_TRUNC))
      if got >= 0 { return got }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Whether it can be written to at this moment, or has failed.
  public static func isWritable(_ descriptor: Int32) -> Bool {
    var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&question, 1, 0) > 0
  }

  /// The pending error of a socket as a positive errno, 0 if none; asking clears it.
  public static func pendingError(_ descriptor: Int32) -> Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
  }

  @discardableResult
  public static func setNoDelay(_ descriptor: Int32) -> Int32 {
    set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  }

  /// Sets an integer option; 0 or the negated errno.
  @discardableResult
  public static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) -> Int32 {
    var value = value
    return setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 ? 0 : -errno
  }

  /// Closes with a FIN after what is buffered.
  @inlinable
  public static func close(_ descriptor: Int32) {
    _ = Glibc.close(descriptor)
  }

  /// Closes with a reset, so that no TIME_WAIT keeps the local port; what is unsent is thrown away.
  public static func closeByReset(_ descriptor: Int32) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    _ = Glibc.close(descriptor)
  }

  /// Sends the FIN and goes on reading.
  public static func shutdownWriting(_ descriptor: Int32) {
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }
}
