import KafkaIO
import Model
import Processes
import Records
import Threads

/// What the publishing thread has in hand: its spools, its producer, and what waits for a report.
struct Sending {
  private let publisher: Publisher
  /// By incarnation, in the order they came.
  private var lanes: [Lane] = []
  private var producer: Producer?
  /// Those that are there.
  private var topics: Set<String> = []
  /// Records handed to the producer, by the number they were handed over with.
  private var open: [UInt64: (incarnation: Identifier, sequence: UInt64)] = [:]
  private var nextNumber: UInt64 = 1
  /// Since when something waits and nothing was reported safe.
  private var stillSince: ContinuousClock.Instant?
  private var hasComplained = false

  private struct Lane {
    let spool: Spool
    /// Whether it was left by an earlier process.
    let isEarlier: Bool
    /// Records that the producer has.
    var open: Set<UInt64> = []
    /// Records that no broker will take, whatever is done: they stay.
    var hopeless: Set<UInt64> = []
    /// Nothing is left to send, and nothing will come.
    var isDone = false
  }

  init(_ publisher: Publisher) {
    self.publisher = publisher
  }

  /// Until the end was asked for and nothing waits, or its time is over.
  mutating func work() {
    takeAdded()
    adopt()
    while true {
      takeAdded()
      finish()
      if let deadline = publisher.state.read({ $0.deadline }) {
        if lanes.allSatisfy({ $0.isDone || isIdle($0) }) || ContinuousClock.now >= deadline { break }
      }
      turn()
    }
    // What stays behind is waited for by nobody now: it must outlive the machine.
    sync()
    let left = lanes.filter(\.isEarlier).reduce(0) { $0 + $1.spool.waiting.count }
    publisher.state.change { $0.report.earlierKept = left }
  }

  /// Runs that began since the last time.
  private mutating func takeAdded() {
    let spools = publisher.state.read { state in
      defer { state.added = [] }
      return state.added.compactMap { state.own[$0]?.spool }
    }
    lanes += spools.map { Lane(spool: $0, isEarlier: false) }
  }

  private mutating func adopt() {
    let settings = publisher.settings
    let adoption = Spool.adopt(root: settings.spool, limit: settings.spoolLimit)
    lanes += adoption.spools.map { Lane(spool: $0, isEarlier: true) }
    let records = adoption.spools.reduce(0) { $0 + $1.waiting.count }
    if records > 0 { publisher.say("\(records) records that earlier runs left in \(settings.spool) are sent as well") }
    for path in adoption.damaged { publisher.say("warning: \(path): no record; it stays there") }
    for problem in adoption.problems { publisher.say("warning: \(problem)") }
  }

  /// Hands over what waits, then listens for reports.
  private mutating func turn() {
    if lanes.allSatisfy(\.isDone) {
      // Nobody has anything to send: sleeps until somebody will.
      _ = publisher.state.wait(within: .seconds(1)) { $0.added.isEmpty && $0.deadline == nil ? nil : true }
      return
    }
    do throws(KafkaError) {
      for topic in Set(lanes.filter { !$0.isDone }.map { topic(of: $0) }).subtracting(topics).sorted() {
        try make(topic)
      }
      let producer = try readyProducer()
      for index in lanes.indices where !lanes[index].isDone { try send(index, producer) }
      let reports = producer.wait(milliseconds: 50)
      for number in reports.delivered { delivered(number) }
      for refused in reports.refused { take(refused) }
      if let trouble = reports.trouble {
        if trouble.isFatal { throw trouble }
        note(trouble)
      }
    } catch {
      note(error)
      // What it had may or may not be stored: it is sent again under the same key.
      producer = nil
      open = [:]
      for index in lanes.indices { lanes[index].open = [] }
      _ = publisher.state.wait(within: .milliseconds(500)) { $0.deadline.map { $0 <= .now } == true ? true : nil }
    }
    complain()
    // Where Kafka takes them records are on their way within milliseconds, and syncing each would only cost.
    if let since = stillSince, ContinuousClock.now - since > .seconds(1) { sync() }
  }

  /// Brings to the disk what waits.
  private func sync() {
    for lane in lanes where !lane.isDone {
      do { try lane.spool.sync() } catch { publisher.say("warning: \(error)") }
    }
  }

  private func topic(of lane: Lane) -> String { lane.spool.topic ?? publisher.settings.topic }

  private mutating func make(_ topic: String) throws(KafkaError) {
    let admin = try Admin(servers: publisher.settings.servers)
    let report: Admin.Report
    do throws(KafkaError) {
      report = try admin.create(Topics(topic), milliseconds: 2_000)
    } catch {
      // Who may not make topics may still write to those that are there.
      guard error.isForbidden else { throw error }
      publisher.say("warning: \(error)")
      topics.insert(topic)
      return
    }
    topics.insert(topic)
    publisher.state.change { $0.report.isOneDisk = report.isOneDisk }
  }

  private mutating func readyProducer() throws(KafkaError) -> Producer {
    if let producer { return producer }
    let made = try Producer(servers: publisher.settings.servers, topic: publisher.settings.topic)
    producer = made
    return made
  }

  private mutating func send(_ index: Int, _ producer: Producer) throws(KafkaError) {
    let spool = lanes[index].spool
    let key = spool.incarnation.bytes
    for entry in spool.waiting
    where !lanes[index].open.contains(entry.sequence) && !lanes[index].hopeless.contains(entry.sequence) {
      if stillSince == nil { stillSince = .now }
      let frame: [UInt8]
      do { frame = try spool.read(entry.sequence) } catch {
        lanes[index].hopeless.insert(entry.sequence)
        publisher.say("warning: \(error)")
        continue
      }
      let number = nextNumber
      do throws(KafkaError) {
        guard try producer.send(key: key, value: frame, number: number, to: lanes[index].spool.topic) else { return }
      } catch {
        guard error.isTooLarge else { throw error }
        lanes[index].hopeless.insert(entry.sequence)
        publisher.say("warning: record \(entry.sequence) of \(spool.path): \(error)")
        continue
      }
      nextNumber += 1
      Failpoint.reached("publish-after-produce")
      open[number] = (spool.incarnation, entry.sequence)
      lanes[index].open.insert(entry.sequence)
    }
  }

  private mutating func delivered(_ number: UInt64) {
    guard let (incarnation, sequence) = open.removeValue(forKey: number) else { return }
    stillSince = open.isEmpty ? nil : .now
    if hasComplained {
      hasComplained = false
      publisher.say("Kafka takes records again")
    }
    guard let index = lane(incarnation) else { return }
    lanes[index].open.remove(sequence)
    do { try lanes[index].spool.remove(sequence) } catch {
      // It is stored; sending it again would only be a repeat.
      lanes[index].hopeless.insert(sequence)
      publisher.say("warning: \(error)")
    }
    let isEarlier = lanes[index].isEarlier
    publisher.state.change { state in
      if isEarlier { state.report.earlierPublished += 1 } else { state.report.published += 1 }
      state.own[incarnation]?.published += 1
      state.report.trouble = nil
    }
  }

  private func lane(_ incarnation: Identifier) -> Int? {
    lanes.firstIndex { $0.spool.incarnation == incarnation }
  }

  private mutating func take(_ refused: Producer.Reports.Refused) {
    guard let (incarnation, sequence) = open.removeValue(forKey: refused.number), let index = lane(incarnation) else {
      return
    }
    lanes[index].open.remove(sequence)
    if refused.reason.isTooLarge { lanes[index].hopeless.insert(sequence) }
    if refused.reason.isTopicMissing { topics.remove(topic(of: lanes[index])) }
    note(refused.reason)
  }

  private func note(_ trouble: KafkaError) {
    publisher.state.change { $0.report.trouble = "\(trouble)" }
  }

  /// Says once that records wait, when they have for three seconds.
  private mutating func complain() {
    if stillSince == nil, lanes.contains(where: { !$0.spool.waiting.isEmpty && !$0.isDone }) { stillSince = .now }
    guard let since = stillSince, !hasComplained, ContinuousClock.now - since > .seconds(3) else { return }
    hasComplained = true
    let reason = publisher.state.read { $0.report.trouble } ?? "no answer"
    publisher.say(
      "warning: Kafka takes no records (\(reason)); they are kept in \(publisher.settings.spool) and sent when it does")
  }

  private func isIdle(_ lane: Lane) -> Bool {
    lane.open.isEmpty && lane.spool.waiting.allSatisfy { lane.hopeless.contains($0.sequence) }
  }

  /// Marks what has nothing left to send, and takes its folder away.
  private mutating func finish() {
    let ended = publisher.state.read { state in Set(state.own.filter(\.value.hasLast).keys) }
    for index in lanes.indices where !lanes[index].isDone && isIdle(lanes[index]) {
      // Without its last record the folder stays: who adopts it writes that.
      guard lanes[index].isEarlier || ended.contains(lanes[index].spool.incarnation) else { continue }
      lanes[index].isDone = true
      lanes[index].spool.dissolve()
    }
    lanes.removeAll { $0.isDone && $0.spool.waiting.isEmpty }
  }
}
