public import Model

/// A worker's first frame: who it is, what it speaks, and the token that lets it in.
public struct Hello: Sendable, Hashable {
  /// The newest protocol version it speaks.
  public var `protocol`: UInt16
  /// The oldest one, from 1.
  public var oldest: UInt16
  /// The join token. Never shown: the description leaves it out.
  public var token: String
  /// Its id, see `isWorkerID`.
  public var worker: String
  /// This life of the process.
  public var process: Identifier
  /// Of the program.
  public var version: String
  public var host: String
  public var cpus: UInt32

  public init(
    protocol: UInt16 = Message.protocols.upperBound, oldest: UInt16 = Message.protocols.lowerBound, token: String,
    worker: String, process: Identifier, version: String = "", host: String = "", cpus: UInt32 = 0
  ) {
    self.protocol = `protocol`
    self.oldest = oldest
    self.token = token
    self.worker = worker
    self.process = process
    self.version = version
    self.host = host
    self.cpus = cpus
  }

  /// Whether the text may name a worker: 1 to 128 of `A-Z a-z 0-9 - _ . : @`. It stands in logs, tables and paths.
  public static func isWorkerID(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x3A, 0x40...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }

  package static let table = Table(
    "Hello", .message(0x0001), initial: { Hello(token: "", worker: "", process: .nobody) },
    fields: [
      Field(1, "protocol", \Hello.protocol, .fixed),
      Field(2, "oldest", \.oldest, .fixed),
      Field(3, "token", \.token, .string(atMost: 512)),
      Field(4, "worker", \.worker, .string(atMost: 128)),
      Field(5, "process", \.process, .uuid),
      Field(6, "version", \.version, .string(atMost: 64), in: .tail),
      Field(7, "host", \.host, .string(atMost: 255), in: .tail),
      Field(8, "cpus", \.cpus, .fixed, in: .tail),
    ],
    check: { (hello: Hello) throws(WireError) in
      if hello.oldest == 0 || hello.oldest > hello.protocol {
        throw WireError(
          place: "oldest", found: "\(hello.oldest)", expected: "1 to the newest protocol, \(hello.protocol)")
      }
      if !isWorkerID(hello.worker) {
        throw WireError(
          place: "worker", found: "'\(hello.worker.harmless)'", expected: "1 to 128 of A-Z a-z 0-9 - _ . : @")
      }
    })
}

extension Hello: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String {
    "Hello(worker \(worker), process \(process), protocol \(oldest) to \(self.protocol), version \(version.harmless))"
  }

  public var debugDescription: String { description }
}

extension Identifier {
  /// What a reader begins with.
  static let nobody = Identifier(high: 0, low: 0)
}
