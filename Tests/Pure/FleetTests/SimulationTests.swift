import Foundation
import Model
import Testing

/// Random histories: whatever happens, nobody sends who was given up, nothing is said that is not stored, and all ends.
@Suite struct SimulationTests {
  /// 16 histories; STAMPEDE_SIMULATIONS sets another number.
  @Test func whateverHappensTheRulesHold() {
    let count = ProcessInfo.processInfo.environment["STAMPEDE_SIMULATIONS"].flatMap { UInt64($0) } ?? 16
    var sends = 0
    for seed in 1...count { sends += run(seed) }
    #expect(sends > 0, "nobody ever sent")
  }

  private func run(_ seed: UInt64) -> Int {
    var world = Simulation(seed: seed)
    for name in ["a", "b", "c"] { world.startWorker(name) }
    for _ in 0..<2_500 {
      strike(&world)
      world.step()
      if !world.faults.isEmpty { break }
    }
    #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.prefix(3))")
    // From here on nothing goes wrong any more: all tests end.
    (world.isStoreAway, world.isCalm) = (false, true)
    for name in ["a", "b", "c", "d"] { world.startWorker(name) }
    var steps = 0
    while world.openTests > 0, steps < 60_000 {
      world.step()
      steps += 1
    }
    #expect(
      world.openTests == 0 && world.faults.isEmpty, "seed \(seed): \(world.openTests) open, \(world.faults.prefix(3))")
    return world.sends
  }

  private func strike(_ world: inout Simulation) {
    if world.chance(0.6) { world.submit() }
    if world.chance(0.5) { world.startWorker(["a", "b", "c", "d"].randomElement(using: &world.random) ?? "a") }
    if world.chance(0.7), !world.workers.isEmpty {
      world.cut(Int.random(in: 0..<world.workers.count, using: &world.random))
    }
    if world.chance(0.2), !world.workers.isEmpty {
      // Killed: nothing of it goes on.
      let index = Int.random(in: 0..<world.workers.count, using: &world.random)
      world.cut(index)
      world.workers.remove(at: index)
    }
    if world.chance(0.3) { world.isStoreAway.toggle() }
    if world.chance(0.1) { world.restartMaster() }
  }
}
