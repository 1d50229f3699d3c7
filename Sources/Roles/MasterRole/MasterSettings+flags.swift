import Digests
import EventLoop
import Glibc
import Identity
import Model
import Options
import PlanFiles
import PostgresIO

extension MasterSettings {
  /// Reads the flags; asks no server.
  init(_ line: Invocation) throws(SettingsError) {
    keys = try Self.keys(line)
    http = try Self.address(line, .httpBind, port: line.count(.httpPort) ?? 8080)
    rpc = try Self.address(line, .rpcBind, port: line.count(.rpcPort) ?? 50_051)
    adminPassword = line.text(.adminPassword)
    guard let servers = line.text(.masterBroker) else {
      throw SettingsError("--kafka-broker: found nothing, expected HOST:PORT (or set KAFKA_BROKER)")
    }
    kafka = servers
    topic = line.text(.masterTopic) ?? "stampede.results"
    guard let url = line.text(.databaseURL) else {
      throw SettingsError(
        "--database-url: found nothing, expected postgresql://user:password@host/database (or set DATABASE_URL)")
    }
    do throws(PostgresError) { database = try PostgresAddress(url) } catch {
      throw SettingsError("--database-url: \(error.message)")
    }
    allowedTargets = []
    for text in line.texts(.clusterTarget) {
      do throws(ValueError) { allowedTargets.append(try TargetPolicy.Block(text: text)) } catch {
        throw SettingsError("--allow-target: \(error)")
      }
    }
    takesPlain = line.isOn(.rpcPlain)
    switch (line.text(.rpcCertificate), line.text(.rpcKey)) {
    case (nil, nil): tls = nil
    case (let certificate?, let key?): tls = TLSFiles(certificate: certificate, key: key)
    case (_, nil): throw SettingsError("--rpc-tls-key: found nothing, expected the certificate's key")
    case (nil, _): throw SettingsError("--rpc-tls-cert: found nothing, expected the key's certificate")
    }
    let token = try Self.secret(line, .joinToken, .joinTokenFile)
    if let token, !Self.isToken(token) {
      throw SettingsError(
        "--join-token: found \(token.utf8.count) characters, expected 22 to 512 of A-Z a-z 0-9 - _ . "
          + "(none: a new one is made and printed)")
    }
    isTokenMade = token == nil
    joinToken = token ?? SecureRandom.readableSecret()
  }

  private static func keys(_ line: Invocation) throws(SettingsError) -> SigningKeys {
    let flag = "--jwt-secret-key"
    if line.text(.jwtKey) != nil, line.text(.jwtKeyFile) != nil {
      throw SettingsError("\(flag) and \(flag)-file: found both, expected one of them")
    }
    let file = try line.text(.jwtKeyFile).map { (path) throws(SettingsError) in try text(path, "\(flag)-file") }
    do throws(KeyError) {
      if let file { return try SigningKeys(file: file) }
      return try SigningKeys(line.text(.jwtKey).map { [$0] } ?? [])
    } catch {
      throw SettingsError("\(file == nil ? flag : flag + "-file"): \(error) (or set JWT_SECRET_KEY)")
    }
  }

  private static func secret(_ line: Invocation, _ flag: Option, _ file: Option) throws(SettingsError) -> String? {
    switch (line.text(flag), line.text(file)) {
    case (let secret, nil): return secret
    case (nil, let path?): return try text(path, file.name)
    case (_?, _?): throw SettingsError("\(flag.name) and \(file.name): found both, expected one of them")
    }
  }

  /// A small file's text without the blanks around it.
  private static func text(_ path: String, _ flag: String) throws(SettingsError) -> String {
    do throws(ValueError) {
      var text = String(decoding: try InputFile.read(path: path), as: UTF8.self)[...]
      text = text.drop(while: \.isWhitespace)
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    } catch { throw SettingsError("\(flag) \(path): \(error)") }
  }

  private static func isToken(_ text: String) -> Bool {
    (22...512).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case _: "-_.".utf8.contains(byte)
        }
      }
  }

  private static func address(_ line: Invocation, _ flag: Option, port: Int) throws(SettingsError) -> SocketAddress {
    let text = line.text(flag) ?? "127.0.0.1"
    let host = text == "localhost" ? "127.0.0.1" : text
    guard let address = IPAddress(text: host) else {
      throw SettingsError("\(flag.name): found '\(text)', expected an address such as 127.0.0.1, 0.0.0.0 or ::")
    }
    return SocketAddress(address, port: UInt16(clamping: port))
  }
}
