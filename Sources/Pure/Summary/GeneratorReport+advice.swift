extension GeneratorReport.Finding {
  init(_ taint: Taint, seconds: Int, of all: Int, _ description: RunDescription) {
    cause = .taint(taint)
    self.seconds = seconds
    let when = "in \(seconds) of \(all) \(all == 1 ? "second" : "seconds")"
    let spread = GeneratorReport.Finding.spread(description)
    switch taint {
    case .lateArrivals:
      reason = "More than 1 % of the requests were taken up over 1 ms late \(when)."
      advice = spread
    case .busyLoop:
      reason = "A loop was busy for more than 90 % of its time \(when)."
      // Of several workers the sums are known, not which of them has CPUs to spare; of one at work, no loops yet.
      let hasSpare = description.incarnations.count <= 1 && 1..<max(description.cpus, 1) ~= description.loops
      advice =
        hasSpare && !description.targetIsHere ? "Use more loops: --cores \(description.cpus)." : spread
    case .longTurn:
      reason = "A loop worked for more than 5 ms without looking at its schedule \(when)."
      advice = spread
    case .steal:
      reason = "Other guests took more than 1 % of this machine's CPU time \(when)."
      advice = "Use a machine with CPUs of its own, or run it again at a quieter time."
    case .throttled:
      reason = "A loop had to wait for a CPU, for a quota or because others had it, \(when)."
      advice =
        "Raise the CPU quota of the container, or let nothing else use its CPUs"
        + (description.targetIsHere ? ": the target is on this machine, too." : ".")
    case .ports:
      reason = "No local port was free for another connection \(when)."
      advice = "Keep connections alive, widen net.ipv4.ip_local_port_range, or use more workers."
    case .descriptors:
      reason = "No file descriptor or memory was free for another connection \(when)."
      advice = "Raise the limit of open files (ulimit -n), or cap the connections (--connections)."
    }
  }

  init(percent: Int, response: UInt32, woke: UInt32, _ description: RunDescription) {
    cause = .lateWaking
    seconds = 0
    reason =
      "Taking requests up late accounts for a part of the response times: p\(percent) is "
      + "\(TimeText.duration(microseconds: Double(response))) from when they were due, "
      + "\(TimeText.duration(microseconds: Double(woke))) from when they were taken up."
    advice = GeneratorReport.Finding.spread(description)
  }

  /// What gives the generator more CPU time.
  private static func spread(_ description: RunDescription) -> String {
    if !description.targetIsHere { return "Use more cores (--cores) or spread the load over more workers." }
    let apart = "Put the target on another machine"
    return description.loops > 1
      ? apart + ", or use fewer loops here (--cores) so that it keeps CPUs of its own."
      : apart + ", so that each has CPUs of its own."
  }
}
