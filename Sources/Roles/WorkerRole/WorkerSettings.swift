import Model
import RPC
import RunSession

/// What a worker needs to know.
public struct WorkerSettings: Sendable {
  /// How it reaches its master, and who it says it is.
  public var link: LinkSettings
  /// How runs are carried out on this machine.
  public var run: RunSettings
  public var publishing: PublishSettings
  /// The unix sockets that tests may send to, by their whole path.
  public var sockets: Set<String> = []

  public init(link: LinkSettings, run: RunSettings, publishing: PublishSettings) {
    self.link = link
    self.run = run
    self.publishing = publishing
  }
}
