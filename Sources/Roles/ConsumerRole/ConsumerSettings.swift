import PostgresIO

/// What a consumer needs to know.
public struct ConsumerSettings: Sendable {
  /// `host:port`, several separated by commas.
  public var servers: String
  public var topic = "stampede.results"
  public var group = "stampede"
  /// A name of its own in the group, kept over restarts.
  public var instance: String?
  public var database: PostgresAddress
  /// Whether the schema is brought up to date, rather than waited for.
  public var migrates = false
  /// How long PostgreSQL may be away before the partitions are left to others.
  public var patience: Duration = .seconds(10)

  public init(servers: String, database: PostgresAddress) {
    self.servers = servers
    self.database = database
  }
}
