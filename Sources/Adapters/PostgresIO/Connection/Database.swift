import CLibPQ
import Glibc

/// One connection to PostgreSQL, which lives as long as this object. Every call blocks its thread.
///
/// Confined to one thread at a time. A connection that broke stays broken: whoever owns it makes a new one.
public final class Database {
  let connection: OpaquePointer

  /// Connects by a URL or a `key=value` string, as libpq understands them; gives up after 5 s unless that says otherwise.
  ///
  /// - Parameter application: what the server's list of connections calls it.
  /// - Throws: `PostgresError` whose message never repeats the address or its password.
  public init(_ address: PostgresAddress, application: String) throws(PostgresError) {
    // What stands before `dbname` may be changed by the address, what stands behind it may not.
    let settings: KeyValuePairs = [
      "fallback_application_name": application, "connect_timeout": "5", "keepalives_idle": "5",
      "keepalives_interval": "2", "keepalives_count": "3", "tcp_user_timeout": "20000",
      "dbname": address.text, "client_encoding": "UTF8",
    ]
    let made = withCStrings(settings.map { $0.key }) { keys in
      withCStrings(settings.map { $0.value }) { values in PQconnectdbParams(keys, values, 1) }
    }
    guard let made else { throw PostgresError(action: "connect", message: "out of memory", isDisconnected: true) }
    connection = made
    if PQstatus(made) != CONNECTION_OK {
      throw PostgresError(
        action: "connect to \(address)", message: address.masked(Database.line(PQerrorMessage(made))),
        isDisconnected: true)
    }
    // Notices (a view dropped that did not exist) are no news.
    PQsetNoticeProcessor(connection, { @Sendable _, _ in }, nil)
    // What was reported as committed must be on disk, whatever the server's default; nothing may hang for ever.
    try script(
      """
      SET synchronous_commit = on; SET statement_timeout = '60s'; SET lock_timeout = '20s';
      SET idle_in_transaction_session_timeout = '60s'
      """, action: "set up the connection")
  }

  deinit { PQfinish(connection) }

  /// Rows of a result, as text.
  public struct Rows: Sendable {
    public let columns: [String]
    public let rows: [[String?]]
    /// Rows changed by an INSERT, UPDATE or DELETE.
    public let changed: Int
    /// What the server says it did: `COMMIT`, `UPDATE 1`.
    let tag: String

    /// The only value of the only row; nil where there is none, or where it is NULL.
    public var value: String? { rows.first?.first ?? nil }
  }

  /// Runs one statement with parameters `$1`, `$2` ….
  ///
  /// - Parameter action: what it does, for the error's message.
  @discardableResult
  public func run(_ statement: String, _ values: [PostgresValue] = [], action: String) throws(PostgresError) -> Rows {
    let result = try execute(statement, values, binary: false, action)
    defer { PQclear(result) }
    let (height, width) = (PQntuples(result), PQnfields(result))
    return Rows(
      columns: (0..<width).map { String(cString: PQfname(result, $0)) },
      rows: (0..<height).map { row in
        (0..<width).map { column in
          PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
        }
      },
      changed: Int(String(cString: PQcmdTuples(result))) ?? 0,
      tag: String(cString: PQcmdStatus(result)))
  }

  /// The same, with the result's values in PostgreSQL's binary form; nil is NULL.
  func binaryRows(
    _ statement: String, _ values: [PostgresValue], action: String
  ) throws(PostgresError) -> [[[UInt8]?]] {
    let result = try execute(statement, values, binary: true, action)
    defer { PQclear(result) }
    let width = PQnfields(result)
    return (0..<PQntuples(result)).map { row in
      (0..<width).map { column in
        if PQgetisnull(result, row, column) == 1 { return nil }
        let bytes = UnsafeRawBufferPointer(
          start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        return Array(bytes)
      }
    }
  }

  /// Runs several statements without parameters, separated by semicolons.
  public func script(_ text: String, action: String) throws(PostgresError) {
    PQclear(try checked(PQexec(connection, text), action))
  }

  /// Sends rows by COPY … FROM STDIN in binary form.
  ///
  /// - Parameter target: table and columns, `name (a, b)`.
  func copy(_ rows: CopyRows, into target: String, action: String) throws(PostgresError) {
    if let place = rows.misfit {
      throw PostgresError(action: action, state: "22003", message: "\(place) is beyond 64 bits with a sign")
    }
    if rows.isEmpty { return }
    let begun = PQexec(connection, "COPY \(target) FROM STDIN (FORMAT binary)")
    if PQresultStatus(begun) != PGRES_COPY_IN {
      PQclear(try checked(begun, action))
      throw PostgresError(action: action, message: "COPY did not begin")
    }
    PQclear(begun)
    var sent: Int32 = 1
    let bytes = rows.finished()
    bytes.withUnsafeBytes { bytes in
      // In pieces: libpq keeps what the socket does not take.
      var rest = bytes[...]
      while sent == 1, !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
        sent = PQputCopyData(
          connection, piece.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: piece.count))
        rest = rest.dropFirst(piece.count)
      }
    }
    let ended = PQputCopyEnd(connection, sent == 1 ? nil : "sending failed")
    if sent != 1 || ended != 1 { throw failure(action, nil) }
    let last = PQgetResult(connection)
    while let more = PQgetResult(connection) { PQclear(more) }
    PQclear(try checked(last, action))
  }

  /// Whether the connection is of any use still, as far as the last call saw.
  public var isConnected: Bool { PQstatus(connection) == CONNECTION_OK }

  /// The process id of the server's end.
  public var backend: Int32 { PQbackendPID(connection) }

  /// Whether a transaction is open, or failed and not yet rolled back.
  var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }

  private func execute(
    _ statement: String, _ values: [PostgresValue], binary: Bool, _ action: String
  ) throws(PostgresError) -> OpaquePointer {
    // A C string would end there, and something else than what was meant would be stored.
    if values.contains(where: { $0.text?.utf8.contains(0) ?? false }) {
      throw PostgresError(action: action, state: "22021", message: "a text holds the character NUL")
    }
    let result = withCStrings(values.map(\.text)) { pointers in
      PQexecParams(connection, statement, Int32(values.count), nil, pointers, nil, nil, binary ? 1 : 0)
    }
    return try checked(result, action)
  }

  /// The result; it is the caller's to clear, unless this throws.
  private func checked(_ result: OpaquePointer?, _ action: String) throws(PostgresError) -> OpaquePointer {
    guard let result else { throw failure(action, nil) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return result
    default:
      defer { PQclear(result) }
      throw failure(action, result)
    }
  }

  private func failure(_ action: String, _ result: OpaquePointer?) -> PostgresError {
    let disconnected = PQstatus(connection) != CONNECTION_OK
    guard let result else {
      return PostgresError(
        action: action, message: Database.line(PQerrorMessage(connection)), isDisconnected: disconnected)
    }
    func field(_ code: Int32) -> String { PQresultErrorField(result, code).map { String(cString: $0) } ?? "" }
    let primary = field(stampede_pg_primary())
    let detail = field(stampede_pg_detail())
    let message = primary.isEmpty ? Database.line(PQresultErrorMessage(result)) : primary
    return PostgresError(
      action: action, state: field(stampede_pg_sqlstate()), message: detail.isEmpty ? message : "\(message); \(detail)",
      isDisconnected: disconnected)
  }

  private static func line(_ text: UnsafePointer<CChar>?) -> String {
    let whole = text.map { String(cString: $0) } ?? "unknown error"
    return whole.split(separator: "\n").joined(separator: "; ")
  }
}

/// Calls with an array of C strings, ended by a null pointer; nil strings are null pointers.
func withCStrings<Result>(
  _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  let copies = strings.map { $0.flatMap { strdup($0) } }
  defer { for copy in copies { free(copy) } }
  let pointers: [UnsafePointer<CChar>?] = copies.map { $0.map { UnsafePointer($0) } } + [nil]
  return pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("an array with a last null has a base") }
    return body(base)
  }
}
