import Model
import RunSession
import TestSupport
import Testing

/// Records that are to go to Kafka, where nobody listens.
@Suite struct PublishTests {
  private func settings(_ folder: TemporaryFolder, limit: Int) throws -> PublishSettings {
    var settings = PublishSettings(servers: "127.0.0.1:\(try LocalPort.free())")
    settings.spool = folder.file("spool")
    settings.spoolLimit = limit
    settings.patience = .milliseconds(200)
    return settings
  }

  @Test func aRunGoesOnWithoutKafkaAndSaysWhatItKept() async throws {
    let target = try Nginx()
    let folder = try TemporaryFolder("publish")
    let plan = try plan(.arrivals(Rate(text: "50/s")), [("a", target.url(), 1)], duration: .seconds(1))
    let outcome = try await run(plan, publishing: settings(folder, limit: 1 << 20))
    expectSound(outcome)
    let report = try #require(outcome.publishing)
    #expect(report.published == 0 && report.lost == 0 && !report.isComplete)
    #expect(report.kept >= 2)
    let names = try folder.names()
    #expect(names == ["spool"])
  }

  /// The run ends before the spool has no room: with its last record in it, and the reason said.
  @Test func aFullSpoolStopsTheRun() async throws {
    let target = try Nginx()
    let folder = try TemporaryFolder("publish")
    let plan = try plan(.arrivals(Rate(text: "50/s")), [("a", target.url(), 1)], duration: .seconds(60))
    let outcome = try await run(plan, publishing: settings(folder, limit: 4_000))
    #expect(outcome.failure?.message.contains("the spool") == true)
    #expect(outcome.failure?.message.contains("is full") == true)
    #expect(outcome.failure?.isUsage == false)
    let report = try #require(outcome.publishing)
    #expect(report.lost == 0 && report.kept >= 2)
    #expect(outcome.summary.isComplete, "the run directory has everything")
  }
}
