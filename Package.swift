// swift-tools-version: 6.2
import PackageDescription

// Every target stands in its layer's folder; docs/layers.txt holds the order and `make lint` checks it.
// No package is named here: a build needs the toolchain and the distribution's C libraries, nothing else.

/// Pure: standard library only; no I/O, no clock, no C library. Strict memory safety.
func pure(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Pure/\(name)",
    swiftSettings: [.treatAllWarnings(as: .error), .strictMemorySafety()])
}

/// One adapter to the world each: sockets, threads, files, a C library.
func adapter(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Adapters/\(name)",
    swiftSettings: [.treatAllWarnings(as: .error)])
}

func role(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Roles/\(name)",
    swiftSettings: [.treatAllWarnings(as: .error)])
}

func tests(
  _ name: String, in layer: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(layer)/\(name)Tests", exclude: exclude,
    swiftSettings: [.treatAllWarnings(as: .error)])
}

/// Hexadecimal digits, and `-dirty` where something was not committed: nothing that could break out of a C string.
let commit = (Context.environment["STAMPEDE_COMMIT"] ?? "").filter {
  $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
}

let package = Package(
  name: "stampede",
  products: [.executable(name: "stampede", targets: ["stampede"])],
  targets: [
    .systemLibrary(name: "CLinux", path: "Sources/C/CLinux"),
    .systemLibrary(
      name: "COpenSSL", path: "Sources/C/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CYAML", path: "Sources/C/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CRDKafka", path: "Sources/C/CRDKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .systemLibrary(
      name: "CLibPQ", path: "Sources/C/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CCurl", path: "Sources/C/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CPCRE2", path: "Sources/C/CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CJWT", path: "Sources/C/CJWT", pkgConfig: "libjwt", providers: [.apt(["libjwt-dev"])]),

    // toml++ (headers only) behind one C function.
    .target(name: "CTOML", path: "Sources/C/CTOML", linkerSettings: [.linkedLibrary("stdc++")]),

    // The build's commit, one small file that alone is compiled again when it changes; `make` sets the variable.
    .target(
      name: "CBuild", path: "Sources/C/CBuild",
      cSettings: [.define("STAMPEDE_COMMIT", to: "\"\(commit)\"")]),

    pure("Model"),
    pure("Bytes"),
    pure("HTTP1", ["Bytes"]),
    pure("Pacing", ["Model"]),
    pure("Measuring", ["Model", "Bytes"]),
    pure("JSONScan"),
    pure("Options", ["Model"]),
    pure("Telemetry"),
    pure("Plans", ["Model", "JSONScan"]),
    pure("Scripting", ["Model", "HTTP1", "Pacing"]),
    pure("Wire", ["Model", "Bytes", "Measuring"]),
    pure("Summary", ["Model", "Bytes", "Measuring", "JSONScan"]),
    pure("Fleet", ["Model", "Measuring", "Wire"]),
    pure("Verdicts", ["Model", "Measuring", "Summary"]),

    adapter("Threads", ["CLinux"]),
    adapter("Processes", ["Threads", "CLinux"]),
    adapter("Digests", ["COpenSSL"]),
    adapter("Patterns", ["Scripting", "CPCRE2"]),
    adapter("Log", ["Model", "Threads", "CLinux"]),
    adapter("Lifecycle", ["Threads", "CLinux", "Log"]),
    adapter("EventLoop", ["Model", "Threads", "CLinux", "COpenSSL"]),
    adapter("Engine", ["Model", "HTTP1", "Pacing", "Scripting", "Measuring", "Patterns", "EventLoop", "CLinux"]),
    adapter("HTTPServer", ["Model", "HTTP1", "Threads", "EventLoop", "Lifecycle", "CLinux"]),
    adapter("RPC", ["Model", "Wire", "Threads", "Digests", "Lifecycle", "EventLoop"]),
    adapter("HTTPClient", ["Model", "CCurl"]),
    adapter("Records", ["Model", "Measuring", "Wire", "Processes", "CLinux"]),
    adapter("KafkaIO", ["Threads", "CRDKafka"]),
    adapter(
      "PostgresIO",
      ["Model", "Measuring", "JSONScan", "Wire", "Summary", "Verdicts", "Digests", "Processes", "CLibPQ"]),
    adapter("Identity", ["Model", "JSONScan", "Threads", "Digests", "CJWT"]),
    adapter("Reports", ["Model", "Measuring", "Summary"]),
    adapter("PlanFiles", ["Model", "JSONScan", "Plans", "Patterns", "CYAML", "CTOML"]),
    adapter("CurlTransport", ["Model", "HTTP1", "EventLoop", "Engine", "CLinux", "CCurl"]),
    adapter(
      "CommandLines",
      ["Model", "Options", "Plans", "Summary", "Threads", "Log", "PlanFiles", "Reports", "CLinux"]),
    adapter(
      "DemoTarget", ["Model", "JSONScan", "Telemetry", "CLinux", "Threads", "Lifecycle", "EventLoop", "HTTPServer"]),
    adapter("Monitoring", ["Telemetry", "Log", "Lifecycle", "EventLoop", "HTTPServer"]),
    adapter(
      "RunSession",
      [
        "Model", "Measuring", "Plans", "Summary", "Verdicts", "Wire", "Threads", "Processes", "Engine", "CurlTransport",
        "Records", "KafkaIO", "Pacing", "EventLoop", "CLinux",
      ]),
    role(
      "LocalRole",
      [
        "Model", "Options", "Telemetry", "Measuring", "JSONScan", "Plans", "Summary", "Verdicts", "Threads", "Log",
        "Lifecycle", "HTTPServer", "HTTPClient", "DemoTarget", "Pacing",
        "Records", "KafkaIO",
        "Reports", "PlanFiles", "CommandLines", "RunSession", "CBuild", "COpenSSL", "CYAML",
      ]),
    role(
      "ConsumerRole",
      [
        "Model", "JSONScan", "Options", "Telemetry", "Summary", "Threads", "Processes", "Log", "Lifecycle",
        "HTTPServer", "KafkaIO", "PostgresIO", "Monitoring", "CommandLines",
      ]),
    role(
      "MasterRole",
      [
        "Model", "JSONScan", "Options", "Telemetry", "Measuring", "Fleet", "Plans", "Wire", "Summary", "Verdicts",
        "Threads", "Digests", "Log", "Lifecycle", "EventLoop", "HTTPServer", "RPC", "KafkaIO", "PostgresIO", "Identity",
        "PlanFiles", "CommandLines", "CLinux",
      ]),
    role(
      "ClientRole",
      [
        "Model", "Options", "JSONScan", "Measuring", "Plans", "Summary", "Threads", "Processes", "Log", "Lifecycle",
        "HTTPClient", "Records", "Reports", "CommandLines",
      ]),
    role(
      "WorkerRole",
      [
        "Model", "Options", "Telemetry", "Measuring", "Pacing", "Plans", "Wire", "Fleet", "Threads", "Log", "Lifecycle",
        "EventLoop", "Engine", "RPC", "HTTPServer", "Monitoring", "PlanFiles", "Records", "CommandLines", "RunSession",
        "CLinux",
      ]),
    .executableTarget(
      name: "stampede",
      dependencies: ["MasterRole", "WorkerRole", "LocalRole", "ClientRole", "ConsumerRole", "Processes"],
      path: "Sources/stampede",
      swiftSettings: [.treatAllWarnings(as: .error)]),

    .target(
      name: "TestSupport", dependencies: ["Threads", "Processes", "KafkaIO", "CLinux"], path: "Tests/TestSupport",
      swiftSettings: [.treatAllWarnings(as: .error)]),
    tests("Model", in: "Pure", ["Model"]),
    tests("Bytes", in: "Pure", ["Bytes"]),
    tests("HTTP1", in: "Pure", ["HTTP1", "Processes", "TestSupport"]),
    tests("Pacing", in: "Pure", ["Pacing", "Model"]),
    tests("Measuring", in: "Pure", ["Measuring", "Model", "Bytes"]),
    tests("JSONScan", in: "Pure", ["JSONScan", "TestSupport"]),
    tests("Options", in: "Pure", ["Options", "Model"]),
    tests("Telemetry", in: "Pure", ["Telemetry"]),
    tests("Plans", in: "Pure", ["Plans", "JSONScan", "Model", "TestSupport"]),
    tests("Scripting", in: "Pure", ["Scripting", "Model", "HTTP1", "JSONScan", "TestSupport"]),
    tests("Fleet", in: "Pure", ["Fleet", "Measuring", "Model", "Wire", "TestSupport"]),
    tests("Wire", in: "Pure", ["Wire", "Measuring", "Model", "Bytes", "Processes", "TestSupport"]),
    tests("Summary", in: "Pure", ["Summary", "Measuring", "Model", "JSONScan", "Processes", "TestSupport"]),
    tests("Verdicts", in: "Pure", ["Verdicts", "Summary", "Measuring", "Model", "TestSupport"]),
    tests("Processes", in: "Adapters", ["Processes", "CLinux"]),
    tests("Digests", in: "Adapters", ["Digests"]),
    tests("Patterns", in: "Adapters", ["Patterns", "Scripting"]),
    tests("Log", in: "Adapters", ["Log"]),
    tests("Lifecycle", in: "Adapters", ["Lifecycle", "Log", "Threads"]),
    tests("EventLoop", in: "Adapters", ["EventLoop", "Model", "CLinux", "TestSupport"]),
    tests(
      "Engine", in: "Adapters",
      [
        "Engine", "CurlTransport", "Model", "Measuring", "Pacing", "EventLoop", "Threads", "Processes", "CLinux",
        "TestSupport",
      ]),
    tests("CurlTransport", in: "Adapters", ["CurlTransport", "Engine", "EventLoop", "Model", "CCurl"]),
    tests("HTTPServer", in: "Adapters", ["HTTPServer", "EventLoop", "Threads", "Model", "TestSupport"]),
    tests("DemoTarget", in: "Adapters", ["DemoTarget", "EventLoop", "JSONScan", "Model", "CLinux", "TestSupport"]),
    tests("RPC", in: "Adapters", ["RPC", "Wire", "Model", "EventLoop", "Threads", "Processes", "TestSupport"]),
    tests("Records", in: "Adapters", ["Records", "Measuring", "Model", "Wire", "Processes", "TestSupport"]),
    tests("KafkaIO", in: "Adapters", ["KafkaIO", "CRDKafka", "TestSupport"]),
    tests(
      "PostgresIO", in: "Adapters",
      ["PostgresIO", "Model", "Measuring", "Summary", "Wire", "Threads", "Processes", "TestSupport"]),
    tests("Identity", in: "Adapters", ["Identity", "Digests", "Model", "Threads", "Processes", "TestSupport"]),
    tests("HTTPClient", in: "Adapters", ["HTTPClient", "HTTPServer", "EventLoop", "Model", "Threads", "TestSupport"]),
    tests("Reports", in: "Adapters", ["Reports", "Summary", "Measuring", "Model"]),
    tests("PlanFiles", in: "Adapters", ["PlanFiles", "Plans", "JSONScan", "Model", "TestSupport"]),
    tests(
      "RunSession", in: "Adapters",
      [
        "RunSession", "Engine", "EventLoop", "Pacing", "Summary", "Measuring", "Model", "Wire", "Threads",
        "TestSupport",
      ]),
    tests("Command", in: "Roles", ["TestSupport", "Processes", "KafkaIO", "Wire", "Measuring"], exclude: ["Fixtures"]),
    tests(
      "Master", in: "Roles",
      [
        "MasterRole", "Model", "JSONScan", "Measuring", "Fleet", "Plans", "Wire", "Summary", "Processes", "Digests",
        "Log",
        "Threads", "Lifecycle", "EventLoop", "HTTPServer", "RPC", "PostgresIO", "Identity", "TestSupport",
      ]),
    tests(
      "Client", in: "Roles",
      ["ClientRole", "JSONScan", "Measuring", "Model", "Summary", "Threads", "Processes", "TestSupport"]),
    tests("Cluster", in: "Roles", ["TestSupport", "Processes", "JSONScan"]),
    tests(
      "Consumer", in: "Roles",
      ["ConsumerRole", "KafkaIO", "Measuring", "Model", "Wire", "Processes", "TestSupport"]),
    tests(
      "Worker", in: "Roles",
      [
        "WorkerRole", "Wire", "Measuring", "Model", "RPC", "EventLoop", "KafkaIO", "Plans", "Threads",
        "Processes", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
