import Model
import Scripting

// Cookies: each user has a jar of its own, made when the first one is set.
extension AttackLoop {
  /// Stores what a reply sets, for the URL that was asked for.
  mutating func keepCookies(of request: Request, _ head: ByteView) {
    let user = Int(request.user)
    if user < 0 || HeadFields.first("set-cookie", in: head) == nil { return }
    let location = location(of: request)
    var jar = jar(ofUser: user)
    while case .needs(let bytes) = jar.storeAll(
      of: head, host: location.host, path: location.path, now: AttackLoop.epochms())
    {
      let size = min(max(bytes, 2 * jar.capacity), CookieJar.largest)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
      jar = jar.moved(to: memory, capacity: size)
      users[user].jar?.deallocate()
      users[user].jar = memory
    }
  }

  private mutating func jar(ofUser user: Int) -> CookieJar {
    if let jar = users[user].jar { return CookieJar(jar) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: CookieJar.smallest, alignment: 8)
    users[user].jar = memory
    return CookieJar(preparing: memory, capacity: CookieJar.smallest)
  }

  /// An arrival is a new visitor, without cookies; but those of a set-up, which is done once, stay.
  mutating func forgetCookies(ofUser user: Int) {
    if let jar = users[user].jar, table.setup.isEmpty { CookieJar(jar).clear() }
  }
}
