import EventLoop
import Model
import Synchronization
import Threads

@testable import HTTPServer

/// The routes that the tests ask.
enum Sample {
  static func router(_ journal: Journal = Journal()) -> Router {
    var router = Router()
    router.on(.get, "/") { _ in .now(.text("hello\n")) }
    router.on(.post, "/echo", bodyLimit: 1000) { .now(Response(body: $0.body)) }
    router.on(.put, "/echo") { .now(Response(status: 201, body: $0.body)) }
    router.on(.get, "/none") { _ in .now(Response(status: 204)) }
    router.on(.get, "/odd") { _ in .now(Response(status: 77)) }
    router.on(.get, "/param/:name/x") { .now(.text($0.parameter("name"))) }
    router.on(.get, "/query") { request in
      .now(.text(request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";")))
    }
    router.on(.get, "/silent") { _ in .later { _ in } }
    router.on(.get, "/later") { _ in
      .later { exchange in exchange.loop.after(.milliseconds(20)) { exchange.respond(.text("later")) } }
    }
    router.on(.get, "/remote") { _ in
      .later { exchange in
        let remote = exchange.remote()
        try? OwnThread(name: "answerer") { remote.respond(.text("remote")) }.detach()
      }
    }
    router.on(.get, "/big") { _ in .now(Response(body: [UInt8](repeating: 98, count: 5_000_000))) }
    router.on(.get, "/pieces") { _ in
      .now(
        Response(headers: HeaderLines(), stream: nil) { stream in
          stream.write("one,".utf8)
          stream.write("two,".utf8)
          stream.finish()
        })
    }
    router.on(.get, "/news") { _ in
      .now(
        Response(headers: HeaderLines(), stream: nil) { stream in
          stream.write("first,".utf8)
          journal.note("news")
          stream.whenStopping {
            stream.write("last".utf8)
            stream.finish()
          }
        })
    }
    router.on(.get, "/short") { _ in
      .now(
        Response(headers: HeaderLines(), stream: 10) { stream in
          stream.write("abc".utf8)
          stream.finish()
        })
    }
    router.on(.get, "/endless") { _ in
      .now(
        Response(headers: HeaderLines(), stream: nil) { stream in
          journal.note("streaming")
          fill(stream)
          stream.whenPeerLeaves { journal.note("left") }
        })
    }
    router.on(.get, "/hang") { _ in
      .later { exchange in
        journal.note("hanging")
        exchange.whenPeerLeaves {
          journal.note("left")
          exchange.respond(.text("too late, or not"))
        }
      }
    }
    return router
  }

  private static func fill(_ stream: ReplyStream) {
    while stream.hasRoom { stream.write([UInt8](repeating: 99, count: 1000)) }
    stream.whenDrained { fill(stream) }
  }
}

/// What happened, for the test's thread to wait on.
final class Journal: Sendable {
  private let lines = Monitor<[String]>([])

  func note(_ line: String) { lines.change { $0.append(line) } }

  /// Waits until the line is there; false after 20 s.
  func wait(for line: String) -> Bool {
    lines.wait(within: .seconds(60)) { $0.contains(line) ? true : nil } ?? false
  }

  var all: [String] { lines.read { $0 } }
}
