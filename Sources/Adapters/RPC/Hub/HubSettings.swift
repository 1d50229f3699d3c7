public import EventLoop
public import Model

/// How a hub listens and what it grants a connection.
public struct HubSettings: Sendable {
  /// Port 0 takes a free one.
  public var address: SocketAddress
  /// What a worker must know to be let in; 16 to 512 bytes.
  public var token: String
  /// The master's, said in Welcome.
  public var term: UInt64
  /// This life of the master.
  public var master: Identifier
  /// Of the program.
  public var version: String
  /// nil speaks plain TCP.
  public var tls: Certificate?
  /// Whether tokens may come in plain over addresses that are not loopback.
  public var allowsPlain = false
  public var heartbeat = TimeSpan.seconds(1)
  public var lease = TimeSpan.seconds(5)
  public var margin = TimeSpan.seconds(1)
  /// Workers at once; further ones are refused as `busy`.
  public var mostPeers = 5_000
  /// Connections at once that are not let in yet, or are being turned away; further ones are closed unheard.
  public var mostStrangers = 1_024
  /// From a connection's start to its Hello, TLS included.
  public var helloTime = TimeSpan.seconds(10)
  /// Bytes that may wait for a worker to read them.
  public var mostUnread = 8_388_608
  /// Bytes a second that a worker may send for long, and at once.
  public var rate: (steady: Int64, burst: Int64) = (4_194_304, 16_777_216)
  /// How long a graceful stop lets workers take their last message.
  public var stoppingTime = TimeSpan.seconds(5)

  /// PEM files: the certificate with its chain, and its key.
  public struct Certificate: Sendable {
    public var chain: String
    public var key: String

    public init(chain: String, key: String) {
      self.chain = chain
      self.key = key
    }
  }

  public init(address: SocketAddress, token: String, term: UInt64, master: Identifier, version: String) {
    self.address = address
    self.token = token
    self.term = term
    self.master = master
    self.version = version
  }

  /// The longest frame before a worker is let in, and after: the longest it has to send is a record.
  static let longestFrame = (stranger: 65_536, peer: 1_114_112)

  func check() throws(HubFault) {
    guard (16...512).contains(token.utf8.count) else { throw .token(bytes: token.utf8.count) }
    if tls == nil, !allowsPlain, !address.address.isLoopback { throw .plain(address) }
  }
}

/// Why a hub can't start.
public enum HubFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The address is taken, or out of descriptors.
  case system(SystemError)
  /// A certificate or key can't be used.
  case tls(TLSFault)
  case token(bytes: Int)
  case plain(SocketAddress)

  public var description: String {
    switch self {
    case .system(let error): error.description
    case .tls(let fault): fault.description
    case .token(let bytes): "the join token: found \(bytes) bytes, expected 16 to 512"
    case .plain(let address):
      "\(address) is not a loopback address: workers would send the join token over it in plain; "
        + "give --rpc-tls-cert and --rpc-tls-key, or allow it with --rpc-plain"
    }
  }
}
