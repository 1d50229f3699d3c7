import CommandLines
import Glibc
import JSONScan
import Records
import Summary

/// Where tokens are kept, by master: a file that only its owner can read, in a folder that only he can enter.
struct TokenFile {
  struct Session {
    var username: String
    var token: String
    var expiresAt: String
  }

  struct Content {
    var sessions: [String: Session] = [:]
    /// Where somebody signed in last; nil before anybody has.
    var last: String?
  }

  let path: String
  private let folder: String

  /// Below XDG_CONFIG_HOME, else below HOME.
  init(environment: [String: String]) throws(Failure) {
    func folder(_ name: String, _ below: String) -> String? {
      guard let path = environment[name], path.hasPrefix("/") else { return nil }
      return path + below
    }
    guard let base = folder("XDG_CONFIG_HOME", "") ?? folder("HOME", "/.config") else {
      throw Failure("neither XDG_CONFIG_HOME nor HOME names a folder to keep the token in; set one of them")
    }
    self.folder = base + "/stampede"
    path = self.folder + "/tokens.json"
  }

  /// What is kept; nothing where there is no file yet.
  func read() throws(Failure) -> Content {
    var status = stat()
    if lstat(path, &status) != 0 {
      if errno == ENOENT { return Content() }
      throw Failure("\(path): \(String(cString: strerror(errno)).lowercased())")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("\(path): found no plain file; move it away") }
    if status.st_mode & 0o077 != 0 {
      Console.say("warning: \(path) can be read by others: a token in it is theirs, too; type: chmod 600 '\(path)'")
    }
    let bytes: [UInt8]
    do throws(RecordsError) { bytes = try WholeFile.read(path, atMost: 1 << 20) } catch { throw Failure("\(error)") }
    let broken = "no file of tokens; remove it and type: stampede login"
    guard let root = (try? JSONReader.document(bytes))?.root, let masters = root["masters"]?.members else {
      throw Failure("\(path): \(broken)")
    }
    var content = Content()
    content.last = root["last"]?.text
    for master in masters {
      guard let username = master.node["username"]?.text, let token = master.node["token"]?.text else {
        throw Failure("\(path): \(broken)")
      }
      content.sessions[master.key] = Session(
        username: username, token: token, expiresAt: master.node["expiresAt"]?.text ?? "")
    }
    return content
  }

  /// Puts one master's session in and leaves the others'. Those who sign in at the same time wait for each other.
  func keep(_ session: Session, of master: String) throws(Failure) {
    try makeFolders()
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw Failure("\(folder): \(String(cString: strerror(errno)).lowercased())") }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
    var content = try read()
    content.sessions[master] = session
    content.last = master
    do throws(RecordsError) { try WholeFile.write(TokenFile.bytes(content), to: path, isPrivate: true) } catch {
      throw Failure("\(error)")
    }
  }

  private func makeFolders() throws(Failure) {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        throw Failure("\(made): the folder can't be made: \(String(cString: strerror(errno)).lowercased())")
      }
    }
    if chmod(folder, 0o700) != 0 { throw Failure("\(folder): \(String(cString: strerror(errno)).lowercased())") }
  }

  private static func bytes(_ content: Content) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { writer in
      writer.member("last", content.last)
      writer.key("masters")
      writer.object { writer in
        for (master, session) in content.sessions.sorted(by: { $0.key < $1.key }) {
          writer.key(master)
          writer.object { writer in
            writer.member("username", session.username)
            writer.member("token", session.token)
            writer.member("expiresAt", session.expiresAt)
          }
        }
      }
    }
    return writer.bytes + [0x0A]
  }
}
