import CLinux
import EventLoop
import Glibc
import Model
import TestSupport
import Testing

@Suite struct ListenerTests {
  /// In a process of its own, which lowers its limit of descriptors.
  @Test func withoutDescriptorsItRestsAndThenGoesOn() async {
    await #expect(processExitsWith: .success) {
      let handle = try LoopHandle.start(name: "test-loop")
      let listening = try Socket.listen(on: SocketAddress(.v4(0x7F00_0001), port: 0))
      let port = try #require(Socket.localAddress(listening)).port
      let journal = ChannelTests.Journal()
      handle.inbox.post { loop in
        _ = try? Listener(
          loop: loop, descriptor: listening,
          accepted: { descriptor, _ in
            Socket.close(descriptor)
            journal.note("accepted")
          },
          troubled: { journal.note("rest: \($0)") })
      }
      let client = try RawClient(port: port)
      journal.wait(for: "accepted")
      client.close()

      // Several, since the runtime may take one at any moment.
      let spare = (0..<8).map { _ in dup(0) }
      let late = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var limit = rlimit(rlim_cur: rlim_t(late) + 1, rlim_max: rlim_t(late) + 1)
      setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let status = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(late, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      #expect(status == 0)
      let before = MonotonicClock.threadTime()
      let lines = journal.wait(for: "rest")
      #expect(lines.last == "rest: accept on 127.0.0.1:\(port): Too many open files")
      #expect(lines.filter { $0 == "accepted" }.count == 1)
      // Free numbers: the connection that waits is taken after the rest.
      for descriptor in spare { close(descriptor) }
      var byte: UInt8 = 0
      #expect(recv(late, &byte, 1, 0) == 0)
      #expect(MonotonicClock.threadTime() - before < .milliseconds(50))
      handle.stop(within: .zero)
      handle.join()
      exit(0)
    }
  }

  @Test func anIPv6ListenerTakesNoIPv4() throws {
    let descriptor = try Socket.listen(on: SocketAddress(.v6(0, 1), port: 0))
    defer { Socket.close(descriptor) }
    let address = try #require(Socket.localAddress(descriptor))
    #expect("\(address)".hasPrefix("[::1]:"))
    #expect(throws: RawClient.Failure.self) { try RawClient(port: address.port) }
  }
}
