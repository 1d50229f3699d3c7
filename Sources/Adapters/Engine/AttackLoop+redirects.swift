import EventLoop
import Measuring
import Model
import Scripting

// Redirects: a chain of requests is one response. Each is counted; times are of the first request and the last reply.
extension AttackLoop {
  /// The name of an origin, of the plan or one that a redirect led to.
  func origin(_ index: Int) -> Origin { index < plan.origins.count ? plan.origins[index] : book.origin(index) }

  /// Whether sending it twice is the same as sending it once; a POST that became a GET is.
  func isIdempotent(_ request: Request) -> Bool {
    targets[Int(request.target)].isIdempotent || request.chain >= 0 && chains[request.chain].dropsBody
  }

  /// A redirect has come to its end: its request is counted and the next one sent. False where it leads nowhere, or
  /// too far: then it is the reply, a failed one.
  mutating func follow(_ slot: Int, _ answer: Answer) -> Bool {
    let kept = keptReply(slot)
    if keepsCookies { keepCookies(of: answer.request, kept.head) }
    defer { spare.empty(&connections[slot].kept) }
    var request = answer.request
    let hops = request.chain < 0 ? 0 : Int(chains[request.chain].hops)
    guard let reference = HeadFields.first("location", in: kept.head) else {
      return isLost(request, "a redirect without Location")
    }
    if hops >= plan.redirects { return isLost(request, "more than \(plan.redirects) redirects") }
    // Where it was asked for: by the plan, or by the redirect before.
    let target = Int(request.target)
    let base = location(of: request)
    let room = ByteSink(chains.rooms().location, capacity: ChainTable.longestLocation)
    let location: Location
    switch base.resolve(reference, into: room) {
    case .location(let found): location = found
    case .unusable(let fault): return isLost(request, fault.text)
    }
    guard let origin = index(of: location, from: self.origin(of: request), base) else {
      return isLost(request, "a host that is none, or more than \(AddressBook.mostLate) hosts beside the plan's")
    }
    if request.chain < 0 { request.chain = chains.begin(firstSent: firstSent(request, answer.sent)) }
    let first = Int(targets[target].origin)
    chains[request.chain].hops += 1
    request.origin = UInt16(origin)
    if origin != first { chains[request.chain].leavesOrigin = true }
    if table.dropsBody(target, status: Int(answer.status)) { chains[request.chain].dropsBody = true }
    chains[request.chain].move(to: location)
    renderRedirected(request)
    countRedirect(answer)
    if isGuarded { noteHealth(Int(connections[slot].origin), isFailure: false) }
    proceed(request, from: slot, to: origin)
    return true
  }

  private mutating func isLost(_ request: Request, _ why: String) -> Bool {
    blame(.redirect, "\(plan.names[name(of: request)]): \(why)")
    return false
  }

  /// The number of the origin that a redirect leads to. Only one that this loop has not met is looked up by its text.
  private mutating func index(of location: Location, from current: Int, _ base: Location) -> Int? {
    if location.hasOrigin(of: base) { return current }
    let text = "http\(location.isTLS ? "s" : "")://\(String(decoding: location.authority.buffer, as: UTF8.self))/"
    guard let url = try? TargetURL(text: text) else { return nil }
    // Once a loop, and not before the start: most plans of http targets are never led to https.
    if url.isTLS, trust == nil { trust = try? plan.makeTrust() }
    guard let index = book.index(of: url.origin), index <= Int(UInt16.max) else { return nil }
    originCount = max(originCount, index + 1)
    return index
  }

  /// What a request asks for: what the plan names, or the last redirect of its chain. Valid until the next such question.
  mutating func location(of request: Request) -> Location {
    if request.chain >= 0, let location = chains[request.chain].location { return location }
    var path = ByteSink(chains.rooms().path, capacity: ChainTable.longestLocation)
    table.renderPath(Int(request.target), context(of: request), into: &path)
    return table.location(of: Int(request.target), path: path.bytes)
  }

  private mutating func renderRedirected(_ request: Request) {
    let table = table
    let chain = chains[request.chain]
    let form = RequestForm.redirected(dropsBody: chain.dropsBody, leavesOrigin: chain.leavesOrigin)
    var context = context(of: request)
    context.location = chain.location
    chains[request.chain].write { table.render(Int(request.target), form, context, into: &$0) }
  }

  /// The reply that redirects has its outcome; the next request counts as started.
  private mutating func countRedirect(_ answer: Answer) {
    let name = name(of: answer.request)
    let bank = bank(of: answer.request)
    countReply(answer)
    bank.count(name, .redirected)
    bank.count(name, .completed)
    completed &+= 1
    facts.lastEnd.nanoseconds = now &- start
    if keepsSamples { sample(answer, nil, goesOn: true) }
    countStarted(Int(answer.request.target), intended: answer.request.intended)
  }

  /// Sends the next request: on the same connection where it may be, else as any other.
  private mutating func proceed(_ request: Request, from slot: Int, to origin: Int) {
    var request = request
    request.resent = false
    let user = Int(request.user)
    let owner = connections[slot].user
    inFlight -= 1
    untime(slot)
    connections[slot].served &+= 1
    if user >= 0 { users[user].request = request }
    let isUsable =
      isForeign
      || keepAlive && connections[slot].decoder.keepsAlive && connections[slot].stashed == 0
        && connections[slot].state == .receiving
    // Each request of the chain asks for itself.
    let isResting = isGuarded && isAtRest(origin)
    if isUsable, !isResting, origin == Int(connections[slot].origin), owner >= 0 || starved == 0 {
      connections[slot].request = request
      return send(slot)
    }
    let old = Int(connections[slot].origin)
    if isUsable, starved == 0 || owner >= 0 { connections[slot].state = .idle } else { release(slot, byReset: true) }
    if owner < 0 {
      if connections[slot].state != .idle {
        useRoom(for: old)
      } else if let waiting = popWaiting(old) {
        connections[slot].request = waiting
        send(slot)
      } else {
        pushIdle(slot)
      }
    }
    if isResting {
      failResting(request)
    } else if case .pending = book[origin] {
      nameless.append(request)
      waiting += 1
    } else {
      dispatch(request, to: origin)
    }
  }

  /// A request that was redirected gets a connection, or waits for one.
  private mutating func dispatch(_ request: Request, to origin: Int) {
    let user = Int(request.user)
    if user >= 0, isShared { return share(user, origin) }
    if user >= 0 {
      guard let slot = idleConnection(ofUser: user, to: origin) else { return connect(user, to: origin) }
      connections[slot].request = request
      return send(slot)
    }
    if origins[origin].unserved == 0, let slot = popIdle(origin) {
      connections[slot].request = request
      return send(slot)
    }
    if parked.isFull { return giveUp(request) }
    parked.append(request)
    origins[origin].parked += 1
    openConnections(for: origin)
    if isShort { facts.capped += 1 }
  }

  /// Some name may have been looked up meanwhile.
  mutating func lookForNames() {
    let waited = nameless
    nameless.removeAll(keepingCapacity: true)
    for request in waited {
      let origin = origin(of: request)
      if case .pending = book[origin] {
        nameless.append(request)
      } else {
        waiting -= 1
        dispatch(request, to: origin)
      }
    }
  }

  /// Requests whose host's name is still unknown are not sent any more.
  mutating func giveUpNameless() {
    let waited = nameless
    nameless.removeAll()
    for request in waited {
      waiting -= 1
      giveUp(request)
      if request.user >= 0 { endRequest(ofUser: Int(request.user), .failed) }
    }
  }
}

extension Resolution.Fault {
  /// Why a redirect can't be followed.
  fileprivate var text: String {
    switch self {
    case .scheme: "a Location that is no http or https URL"
    case .authority: "a Location without a host and port that can be asked, or with a user's name"
    case .text: "a Location with control characters"
    case .tooLong: "a Location that is too long"
    }
  }
}
