import Measuring
import Model

extension IntervalTables {
  /// One name's second; what is empty is left out.
  package static let name = Table(
    "NameInterval", .block, initial: { NameInterval(name: "") },
    fields: [
      Field(1, "name", \NameInterval.name, .string),
      Field(2, "tenant", \.tenant, .string),
      Field(3, "counts", \.counts, counts.form),
      Field(4, "statuses", \.statuses, .list(of: status.form), in: .tail),
      Field(5, "errors", \.errors, .list(of: error.form), in: .tail),
      Field(6, "response", \.histograms.response, .histogram, in: .tail),
      Field(7, "service", \.histograms.service, .histogram, in: .tail),
      Field(8, "failed", \.histograms.failed, .histogram, in: .tail),
      Field(9, "censored", \.histograms.censored, .histogram, in: .tail),
      Field(10, "censoredService", \.histograms.censoredService, .histogram, in: .tail),
      Field(11, "connect", \.histograms.connect, .histogram, in: .tail),
      Field(12, "firstByte", \.histograms.firstByte, .histogram, in: .tail),
      Field(13, "custom", \.custom, .list(of: custom.form), in: .tail),
      Field(14, "topUsers", \.topUsers, .list(of: user.form, atMost: 100), in: .tail),
      Field(15, "redirected", \.counts.redirected, .count, in: .tail, since: 2),
      Field(16, "retried", \.counts.retried, .count, in: .tail, since: 2),
      Field(17, "checks", \.checks, .list(of: check.form), in: .tail, since: 2),
      Field(20, "causes", \.causes, .list(of: cause.form, atMost: 1_000), in: .tail, since: 3),
    ])

  /// The counted words of a name.
  package static let counts = Table(
    "RequestCounts", .plain, initial: { RequestCounts() },
    fields: [
      Field(1, "started", \RequestCounts.started, .count),
      Field(2, "written", \.written, .count),
      Field(3, "answered", \.answered, .count),
      Field(4, "completed", \.completed, .count),
      Field(5, "accepted", \.accepted, .count),
      Field(6, "resent", \.resent, .count),
      Field(7, "bytesOut", \.bytesOut, .count),
      Field(8, "bytesIn", \.bytesIn, .count),
    ])

  /// What one check said.
  package static let check = Table(
    "CheckCount", .plain, initial: { CheckCount(name: "") },
    fields: [
      Field(1, "name", \CheckCount.name, .string, since: 2),
      Field(2, "passed", \.passed, .count, since: 2),
      Field(3, "failed", \.failed, .count, since: 2),
    ])

  /// What became of one scenario's iterations.
  package static let iteration = Table(
    "IterationInterval", .block, initial: { IterationInterval(name: "") },
    fields: [
      Field(1, "name", \IterationInterval.name, .string, since: 2),
      Field(2, "started", \.started, .count, since: 2),
      Field(3, "completed", \.completed, .count, since: 2),
      Field(4, "failed", \.failed, .count, since: 2),
      Field(5, "cut", \.cut, .count, since: 2),
      Field(6, "duration", \.duration, .histogram, in: .tail, since: 2),
    ])

  /// Replies of one status code.
  package static let status = Table(
    "StatusCount", .plain, initial: { StatusCount(status: 0, count: 0) },
    fields: [
      Field(1, "status", \StatusCount.status, .fixed),
      Field(2, "count", \.count, .count),
    ])

  /// Failures of one kind.
  package static let error = Table(
    "ErrorCount", .plain, initial: { ErrorCount(kind: .timeout, count: 0) },
    fields: [
      Field(1, "kind", \ErrorCount.kind, .enumeration("ErrorKind")),
      Field(2, "count", \.count, .count),
    ])

  /// Failures for one reason.
  package static let cause = Table(
    "CauseCount", .plain, initial: { CauseCount(kind: .timeout, text: "", count: 0) },
    fields: [
      Field(1, "kind", \CauseCount.kind, .enumeration("ErrorKind"), since: 3),
      Field(2, "text", \.text, .string, since: 3),
      Field(3, "count", \.count, .count, since: 3),
    ])

  /// One of the plan's own counters.
  package static let custom = Table(
    "CustomCount", .plain, initial: { CustomCount(key: 0, value: 0) },
    fields: [
      Field(1, "key", \CustomCount.key, .fixed),
      Field(2, "value", \.value, .amount),
    ])

  /// One of the users with the most failures or cost.
  package static let user = Table(
    "UserCount", .plain, initial: { UserCount(user: 0, failures: 0, cost: 0) },
    fields: [
      Field(1, "user", \UserCount.user, .varint),
      Field(2, "failures", \.failures, .count),
      Field(3, "cost", \.cost, .amount),
    ])
}
