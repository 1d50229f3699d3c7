import COpenSSL

/// A password as it is stored: its scrypt key (RFC 7914), with the salt and the cost it was made with.
///
/// ```
/// scrypt$ln=15,r=8,p=3$<salt, hexadecimal>$<key, hexadecimal>
/// ```
public struct PasswordHash: Equatable, Sendable {
  /// What one hash costs: 128·r·2^ln bytes of memory, p times over.
  public struct Cost: Equatable, Sendable {
    public let logarithm: UInt64
    public let blocks: UInt64
    public let passes: UInt64

    /// 32 MiB and about 0.2 s of a core: what OWASP's notes on storing passwords ask of scrypt with this memory.
    public static let standard = Cost(logarithm: 15, blocks: 8, passes: 3)

    public init(logarithm: UInt64, blocks: UInt64, passes: UInt64) {
      self.logarithm = logarithm
      self.blocks = blocks
      self.passes = passes
    }

    /// What a row may ask of this process: at most 256 MiB and 16 passes.
    var isBearable: Bool {
      (1...20).contains(logarithm) && (1...32).contains(blocks) && (1...16).contains(passes) && memory <= 1 << 28
    }

    private var memory: UInt64 { 128 * blocks << logarithm }

    /// What OpenSSL counts: the table, the blocks of every pass, and some room.
    fileprivate var ceiling: UInt64 { memory + 128 * blocks * (passes + 2) + 4_096 }
  }

  public let cost: Cost
  private let salt: [UInt8]
  private let key: [UInt8]

  /// Hashes a password with a new salt. Blocks its thread for as long as the cost says.
  ///
  /// - Throws: `DigestError` where the memory is not to be had or the cost is unbearable.
  public init(of password: String, cost: Cost = .standard) throws(DigestError) {
    try self.init(of: password, cost: cost, salt: SecureRandom.bytes(16))
  }

  init(of password: String, cost: Cost, salt: [UInt8], length: Int = 32) throws(DigestError) {
    self.cost = cost
    self.salt = salt
    key = try Self.derive(password, cost, salt, length)
  }

  private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
    self.cost = cost
    self.salt = salt
    self.key = key
  }

  /// One that no password matches, at the same cost: for names that nobody has.
  public static func unmatchable(cost: Cost = .standard) -> PasswordHash {
    PasswordHash(cost: cost, salt: SecureRandom.bytes(16), key: SecureRandom.bytes(32))
  }

  /// Reads the stored form; nil for anything else, and for a cost beyond 256 MiB or 16 passes.
  public init?(stored: String) {
    let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "scrypt" else { return nil }
    let costs = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    guard costs.count == 3, let logarithm = Self.number(costs[0], "ln="), let blocks = Self.number(costs[1], "r="),
      let passes = Self.number(costs[2], "p="), let salt = Hexadecimal.bytes(parts[2]),
      let key = Hexadecimal.bytes(parts[3]), (8...64).contains(salt.count), (16...64).contains(key.count)
    else { return nil }
    cost = Cost(logarithm: logarithm, blocks: blocks, passes: passes)
    if !cost.isBearable { return nil }
    self.salt = salt
    self.key = key
  }

  private static func number(_ text: Substring, _ name: String) -> UInt64? {
    text.hasPrefix(name) && text.utf8.count <= name.utf8.count + 3 ? UInt64(text.dropFirst(name.count)) : nil
  }

  /// The form to store.
  public var stored: String {
    "scrypt$ln=\(cost.logarithm),r=\(cost.blocks),p=\(cost.passes)$\(Hexadecimal.text(salt))$\(Hexadecimal.text(key))"
  }

  /// Whether it is this password's. Blocks its thread for as long as the cost says.
  /// A NUL at a password's end makes no difference: HMAC, below scrypt, fills up with them.
  ///
  /// - Throws: `DigestError` where the memory is not to be had: that says nothing about the password.
  public func matches(_ password: String) throws(DigestError) -> Bool {
    ConstantTime.equal(try Self.derive(password, cost, salt, key.count), key)
  }

  private static func derive(
    _ password: String, _ cost: Cost, _ salt: [UInt8], _ length: Int
  ) throws(DigestError) -> [UInt8] {
    guard cost.isBearable else { throw DigestError("scrypt with \(cost) is beyond 256 MiB or 16 passes") }
    var key: [UInt8] = Array(repeating: 0, count: length)
    let bytes = password.utf8.map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(
      bytes, bytes.count, salt, salt.count, 1 << cost.logarithm, cost.blocks, cost.passes, cost.ceiling, &key, length)
    if done != 1 {
      ERR_clear_error()
      throw DigestError("scrypt found no memory for \(cost)")
    }
    return key
  }
}

extension PasswordHash.Cost: CustomStringConvertible {
  public var description: String { "ln=\(logarithm), r=\(blocks), p=\(passes)" }
}
