import CLinux
import Glibc
import Measuring
import Model
import Synchronization

/// The two banks of one loop: while one is recorded into, the other is read and cleared. While there is a warm-up each
/// has a second bank beside it for what belongs to that, handed over together with it.
///
/// The loop hands a bank over by marking it sealed; the collector gives it back by marking it clean. Neither waits for
/// the other: a loop that finds no clean bank goes on with the one it has, and the second becomes longer.
final class BankExchange: @unchecked Sendable {
  // Sendable because each bank and its facts belong to one side at a time, as its state says.
  enum State: UInt8 {
    case clean, open, sealed
  }

  /// What a loop says about a second besides the bank's contents.
  struct Facts {
    /// Seconds since the run's start that this bank ends with, and the instants of its beginning and end.
    var second: UInt32 = 0
    var from: Int64 = 0
    var to: Int64 = 0
    var loop = LoopSecond()
    var schedule = ScheduleCounts()
    /// The warm-up's part of it.
    var warmUp = ScheduleCounts()
    /// Whether it began in the warm-up.
    var isWarmUp = false
    /// The loop has ended: nothing comes after this.
    var isLast = false
    var reason = EndReason.planEnded
    /// Requests with an outcome in the whole run so far.
    var completed: UInt64 = 0
    /// Why requests failed.
    var causes: [CauseTable.Row] = []
  }

  let banks: [Bank]
  /// As many for the warm-up; empty where there is none.
  let warmUps: [Bank]
  let facts: UnsafeMutablePointer<Facts>
  /// Blocks laid ready in each bank, and as many in the warm-up's beside it; whoever has the bank may touch its number. Never fewer than before: a run that
  /// was quiet for a second may be busy in the next.
  let laid: UnsafeMutablePointer<Int>
  private let first = Atomic<UInt8>(State.open.rawValue)
  private let second = Atomic<UInt8>(State.clean.rawValue)
  private let memory: UnsafeMutableRawPointer
  private let size: Int
  private let mapped: Int
  private let blocks: Int

  init(names: Int, checks: Int = 0, scenarios: Int = 0, hasWarmUp: Bool = false) throws(EngineError) {
    let histograms = names * Bank.Kind.allCases.count + 3 + scenarios
    let most = min(histograms * Bucket.blocks, 200_000)
    let room = Bank.Room(names: names, checks: checks, scenarios: scenarios, blocks: most)
    let size = room.size
    let count = hasWarmUp ? 4 : 2
    // Reserved, not used: pages come as blocks are laid ready.
    let flags = Int32(MAP_PRIVATE) | Int32(MAP_ANONYMOUS) | Int32(MAP_NORESERVE)
    guard let memory = mmap(nil, size * count, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED else {
      throw EngineError("no memory for the figures of \(names) names (\(size * count) bytes)")
    }
    self.memory = memory
    self.size = size
    self.mapped = size * count
    self.blocks = most
    let all = (0..<count).map { Bank(zeroed: memory + $0 * size, room) }
    banks = Array(all.prefix(2))
    warmUps = Array(all.dropFirst(2))
    facts = .allocate(capacity: 2)
    facts.initialize(repeating: Facts(), count: 2)
    laid = .allocate(capacity: 2)
    laid.initialize(repeating: 0, count: 2)
    for index in [0, 1] { layReady(index, blocks: max(256, names * 6)) }
  }

  deinit {
    facts.deinitialize(count: 2)
    facts.deallocate()
    laid.deallocate()
    _ = munmap(memory, mapped)
  }

  private func state(_ index: Int) -> State {
    State(rawValue: index == 0 ? first.load(ordering: .acquiring) : second.load(ordering: .acquiring)) ?? .open
  }

  func isClean(_ index: Int) -> Bool { state(index) == .clean }
  func isSealed(_ index: Int) -> Bool { state(index) == .sealed }

  func set(_ index: Int, _ new: State) {
    if index == 0 {
      first.store(new.rawValue, ordering: .releasing)
    } else {
      second.store(new.rawValue, ordering: .releasing)
    }
  }

  /// Collector only: empties a bank that was read and gives it back, with more room where it ran short.
  func giveBack(_ index: Int) {
    var taken = banks[index].blocksTaken
    banks[index].clear()
    if !warmUps.isEmpty {
      taken = max(taken, warmUps[index].blocksTaken)
      warmUps[index].clear()
    }
    layReady(index, blocks: taken + taken / 2)
    set(index, .clean)
  }

  /// How many blocks of a bank may be taken until more should be laid ready: three quarters of those that are, which is
  /// more than the second before took.
  func watched(_ index: Int) -> Int { laid[index] / 4 * 3 }

  /// The loop only, of the bank it has open: lays some more blocks ready.
  ///
  /// - Returns: how many may be taken until there should be more again.
  func layMore(_ index: Int) -> Int {
    let before = laid[index]
    layReady(index, blocks: before + 1_024)
    return laid[index] == before ? .max : laid[index] - 512
  }

  /// Touches the pages of so many blocks in all, so that no request ever faults one in.
  private func layReady(_ index: Int, blocks wanted: Int) {
    let count = min(wanted, blocks)
    if count <= laid[index] { return }
    layReady(banks[index], at: memory + index * size, from: laid[index], blocks: count)
    if !warmUps.isEmpty {
      layReady(warmUps[index], at: memory + (index + 2) * size, from: laid[index], blocks: count)
    }
    laid[index] = count
  }

  private func layReady(_ bank: Bank, at bytes: UnsafeMutableRawPointer, from before: Int, blocks count: Int) {
    func end(_ count: Int) -> Int { size - (blocks - count) * 512 }
    let first = before == 0 ? 0 : end(before) / 4_096 * 4_096
    for page in stride(from: first, to: end(count), by: 4_096) {
      let byte = bytes.load(fromByteOffset: page, as: UInt8.self)
      bytes.storeBytes(of: byte, toByteOffset: page, as: UInt8.self)
    }
    bank.layReady(blocks: count)
  }
}
