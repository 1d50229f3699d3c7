public import EventLoop
public import HTTP1

/// A complete request. Text is made only of what is asked for.
public struct Request: Sendable {
  /// The first line and the headers, checked.
  public let head: RequestHead
  public let body: [UInt8]
  public let peer: SocketAddress
  let parameters: [(name: String, value: String)]

  /// The decoded part of the path that stands where the route's pattern has `:name`; empty for a name it has not.
  public func parameter(_ name: String) -> String { parameters.first { $0.name == name }?.value ?? "" }

  /// The path, decoded where it can be: `/a b` for `/a%20b`.
  public var path: String {
    PercentCoding.decode(head.pathBytes).map { String(decoding: $0, as: UTF8.self) } ?? head.path
  }

  /// The query's names and values, decoded, in order; a name without `=` has an empty value.
  public var query: [(name: String, value: String)] {
    head.queryBytes.map { Request.pairs($0) } ?? []
  }

  /// Names and values of a form (`application/x-www-form-urlencoded`), decoded, in order.
  public static func pairs(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: String)] {
    bytes.split(separator: UInt8(ascii: "&")).map { pair in
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      let value = pair.dropFirst(name.count + 1)
      return (Request.text(name), Request.text(value))
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: PercentCoding.decode(bytes, plusIsBlank: true) ?? Array(bytes), as: UTF8.self)
  }
}

extension Method {
  /// The method of a request; nil for one that no route can be given for.
  init?(_ head: RequestHead) {
    if head.hasMethod("GET") {
      self = .get
    } else if head.hasMethod("POST") {
      self = .post
    } else if head.hasMethod("HEAD") {
      self = .head
    } else if head.hasMethod("PUT") {
      self = .put
    } else if head.hasMethod("DELETE") {
      self = .delete
    } else if head.hasMethod("PATCH") {
      self = .patch
    } else if head.hasMethod("OPTIONS") {
      self = .options
    } else {
      return nil
    }
  }
}
