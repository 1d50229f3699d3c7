/// What the header lines of a request say together, gathered line by line.
struct HeadFacts: Sendable {
  /// One empty line before the first one is let pass.
  var hadEmptyLine = false
  var hasHost = false
  var length: Int?
  var isChunked = false
  var saysClose = false
  var saysKeepAlive = false
  var expectsContinue = false
}
