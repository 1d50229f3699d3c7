public import Engine

/// How a run is carried out on this machine; what is sent is the plan's.
public struct RunSettings: Sendable {
  /// Event loops; nil = as many as the load needs and the machine has.
  public var cores: Int?
  public var spin = SpinMode.automatic
  /// The run directory to make; nil = a new one in `runsFolder`.
  public var directory: String?
  public var runsFolder = "runs"
  /// The product's version, written into the result.
  public var version = ""
  /// Sent as User-Agent unless the plan gives one.
  public var userAgent = "stampede"
  /// Where records go besides the run directory; nil = nowhere.
  public var publishing: PublishSettings?

  public init() {}
}
