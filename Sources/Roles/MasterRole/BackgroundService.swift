import Lifecycle
import Threads

/// A service on a thread of its own, started within another one.
final class BackgroundService: Sendable {
  private let service: any Service
  private let hasEnded = Monitor(false)

  init(_ service: any Service) throws(SystemError) {
    self.service = service
    try OwnThread(name: service.name) { [service, hasEnded] in
      // What goes wrong in it is its own to tell.
      try? service.run()
      hasEnded.change { $0 = true }
    }.detach()
  }

  /// Stops it and waits for its end, for a while at most.
  func stop() {
    service.stop()
    _ = hasEnded.wait(within: .seconds(10)) { $0 ? true : nil }
  }
}
