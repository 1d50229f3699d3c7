import Digests
import Identity
import PostgresIO

/// The admin that a master makes where there is none who may sign in.
struct FirstAdmin: Sendable {
  /// A password that must not be given: too short, too easy.
  struct Complaint: Error, CustomStringConvertible {
    let description: String
  }

  static let name = "admin"

  /// nil where one is to be made up.
  private let password: String?
  /// Tells the operator, once, what only he may know.
  private let tell: @Sendable (String) -> Void

  /// - Parameters:
  ///   - password: STAMPEDE_ADMIN_PASSWORD; nil or empty has one made up.
  ///   - tell: writes a line to where only the operator reads; the log is not such a place.
  init(password: String?, tell: @escaping @Sendable (String) -> Void) throws(Complaint) {
    self.tell = tell
    self.password = password?.isEmpty == false ? password : nil
    if let password = self.password, let complaint = PasswordRule.complaint(password, name: Self.name) {
      throw Complaint(description: "STAMPEDE_ADMIN_PASSWORD: \(complaint)")
    }
  }

  /// Makes him if he is needed; blocks.
  ///
  /// - Returns: whether he was made by this call.
  func make(in store: UserStore) throws -> Bool {
    let chosen = password ?? SecureRandom.readableSecret()
    return try store.makeFirstAdmin(Self.name) { () throws(PostgresError) in
      do throws(DigestError) { return try PasswordHash(of: chosen).stored } catch {
        throw PostgresError(action: "make the first admin", message: "\(error)")
      }
    } announce: {
      if password == nil { tell("admin password (shown this once): \(chosen)") }
    }
  }
}
