/// What a handler does with a request.
public enum Answer {
  /// Answered.
  case now(Response)
  /// Answered by the exchange, which the closure is given at once, on the loop's thread.
  case later((Exchange) -> Void)
}
