import Engine
import Model
import Pacing
import Testing

@testable import RunSession

@Suite struct LoopChoiceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var model: Load.Model
    var cpus: Int
    var here = false
    var cores: Int?
    var connections: Int?
    var spin = SpinMode.automatic
    let loops: Int
    let spins: Bool

    var testDescription: String { "\(model), \(cpus) CPUs, here: \(here), cores: \(cores ?? 0), \(spin)" }
  }

  private static func rate(_ perSecond: Int) -> Load.Model { .arrivals(.perSecond(perSecond)) }

  static let rows = [
    // One loop for each 20,000 arrivals a second.
    Row(model: rate(1), cpus: 8, loops: 1, spins: true),
    Row(model: rate(20_000), cpus: 8, loops: 1, spins: true),
    Row(model: rate(20_001), cpus: 8, loops: 2, spins: true),
    Row(model: rate(100_000_000), cpus: 8, loops: 8, spins: false),
    Row(model: rate(100_000_000), cpus: 200, loops: 64, spins: true),
    // A target on this machine keeps a CPU.
    Row(model: rate(1_000_000), cpus: 4, here: true, loops: 3, spins: true),
    Row(model: .users(50), cpus: 2, here: true, loops: 1, spins: true),
    Row(model: .users(50), cpus: 1, here: true, loops: 1, spins: false),
    Row(model: .users(50), cpus: 1, loops: 1, spins: false),
    // No more loops than users or connections.
    Row(model: .users(3), cpus: 8, loops: 3, spins: true),
    Row(model: rate(1_000_000), cpus: 8, connections: 2, loops: 2, spins: true),
    Row(model: rate(1_000_000), cpus: 8, cores: 4, connections: 1, loops: 1, spins: true),
    Row(model: .users(2), cpus: 8, cores: 4, loops: 2, spins: true),
    // What was asked for, within reason.
    Row(model: rate(10), cpus: 2, cores: 5, loops: 5, spins: false),
    Row(model: rate(10), cpus: 2, cores: 5, spin: .always, loops: 5, spins: true),
    Row(model: rate(10), cpus: 8, spin: .never, loops: 1, spins: false),
    Row(model: rate(10), cpus: 2, cores: 100, loops: 64, spins: false),
    Row(model: rate(10), cpus: 2, cores: 0, loops: 1, spins: true),
    Row(model: rate(10), cpus: 2, cores: -3, loops: 1, spins: true),
  ]

  @Test(arguments: rows) func loopsAndSpinning(row: Row) {
    var options = AttackOptions()
    options.connections = row.connections
    let choice = LoopChoice(
      load: Load(model: row.model, duration: .seconds(1)), options: options, cpus: row.cpus, targetIsHere: row.here,
      cores: row.cores, spin: row.spin)
    #expect(choice.loops == row.loops && choice.spins == row.spins)
  }

  /// A share gets as many loops as it needs by itself, and no more than it has slots or users for.
  @Test(
    arguments: [
      (rate(80_000), SlotRange(share: 1, of: 4), nil, nil, 1), (rate(80_001), SlotRange(share: 1, of: 2), nil, nil, 3),
      (rate(100_000_000), SlotRange(share: 0, of: 600), nil, nil, 1),
      (rate(1_000_000), SlotRange(share: 0, of: 4), nil, 8, 2),
      (.users(40), SlotRange(share: 0, of: 20), AttackShare.Users(first: 0, stride: 20, count: 2), nil, 2),
    ] as [(Load.Model, SlotRange, AttackShare.Users?, Int?, Int)])
  func loopsOfAShare(model: Load.Model, slots: SlotRange, users: AttackShare.Users?, connections: Int?, loops: Int) {
    var options = AttackOptions()
    options.connections = connections
    let choice = LoopChoice(
      load: Load(model: model, duration: .seconds(1)), options: options,
      share: AttackShare(slots: slots, users: users), cpus: 8, targetIsHere: false, cores: nil, spin: .never)
    #expect(choice.loops == loops)
  }
}
