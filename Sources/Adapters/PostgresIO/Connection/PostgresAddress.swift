import CLibPQ

/// Where a database is: a URL or a `key=value` string. Its description leaves the password out.
public struct PostgresAddress: Sendable, CustomStringConvertible {
  let text: String
  private let password: String
  /// `host:port/database`, as far as the address says.
  public let description: String
  /// Hosts and ports as far as the address says; none where it is a local socket.
  public let servers: [(host: String, port: UInt16)]

  /// Reads the address.
  ///
  /// - Throws: `PostgresError` for what libpq can't read; the message does not repeat it, since it may hold a password.
  public init(_ text: String) throws(PostgresError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else {
      PQfreemem(message)
      throw PostgresError(
        action: "read the database's address",
        message: "found something else than a URL such as postgresql://user:password@host:5432/database")
    }
    defer { PQconninfoFree(options) }
    var values: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    self.text = text
    let password = values["password"] ?? ""
    self.password = password
    let host = values["host"] ?? values["hostaddr"] ?? "the local socket"
    servers = Self.servers(values["hostaddr"] ?? values["host"] ?? "", ports: values["port"] ?? "")
    description = Self.masked(
      host + (values["port"].map { ":\($0)" } ?? "") + (values["dbname"].map { "/\($0)" } ?? ""), password)
  }

  /// Several hosts are separated by commas, and have a port each or one for all. A path is a local socket.
  private static func servers(_ hosts: String, ports: String) -> [(host: String, port: UInt16)] {
    let ports = ports.split(separator: ",", omittingEmptySubsequences: false).map { UInt16($0) ?? 5_432 }
    let hosts = hosts.split(separator: ",", omittingEmptySubsequences: false)
    return hosts.enumerated().compactMap { place, host in
      if host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") { return nil }
      return (String(host), ports.indices.contains(place) ? ports[place] : ports.first ?? 5_432)
    }
  }

  /// The text with the password taken out, wherever it stands.
  func masked(_ text: String) -> String { Self.masked(text, password) }

  private static func masked(_ text: String, _ password: String) -> String {
    if password.isEmpty { return text }
    var result = ""
    var rest = text[...]
    while !rest.isEmpty {
      if rest.hasPrefix(password) {
        result += "***"
        rest = rest.dropFirst(password.count)
      } else if let next = rest.first {
        result.append(next)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
