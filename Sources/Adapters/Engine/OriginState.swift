import Pacing

/// What one loop knows of one origin: its connections, and the arrivals that wait for one.
struct OriginState {
  /// The last idle connection used is the next one taken.
  var idle: Int32 = -1
  /// Connections not yet ready.
  var connecting = 0
  /// Connections in any state.
  var open = 0
  /// Arrivals taken up that wait for a connection; they are the next `waiting` arrivals of this origin from `cursor` on.
  /// Or users that do, from the first to the last (−1 for none).
  var waiting = 0
  var firstUser: Int32 = -1
  var lastUser: Int32 = -1
  /// Requests that lost their connection and wait to be sent once more; they go first.
  var parked = 0
  /// Requests that wait for a connection.
  var unserved: Int { waiting + parked }
  var cursor: ArrivalCursor
  /// The address that the next connection tries first, and those that refused one, by index.
  var nextAddress = 0
  var refused: UInt64 = 0
  /// Addresses that a connection was made to at least once.
  var reached: UInt64 = 0

  /// When the transport was last told its addresses; 0: never.
  var lookedUpAt: Int64 = 0

  init(cursor: ArrivalCursor) {
    self.cursor = cursor
  }
}
