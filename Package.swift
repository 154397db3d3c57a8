// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Declares a room of the house: folder `Sources/Core` is module `HoneyCore`.
///
/// `imports` are rooms on lower floors; `libraries` are products of other packages or system libraries.
func room(
    _ name: String, _ imports: String..., libraries: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .target(
        name: "Honey" + name,
        dependencies: imports.map { .byName(name: $0.hasPrefix("C") && cTargets.contains($0) ? $0 : "Honey" + $0) }
            + libraries,
        path: "Sources/" + name,
        exclude: exclude,
        swiftSettings: strict)
}

/// Declares the tests of a room: folder `Tests/CoreTests` tests `HoneyCore`.
func tests(
    _ name: String, _ imports: String..., libraries: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: imports.map { .byName(name: "Honey" + $0) } + libraries,
        path: "Tests/" + name + "Tests",
        resources: resources,
        swiftSettings: strict)
}

/// Names a library of the system: folder `Sources/CZlib` holds its module map.
func system(_ name: String, apt package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/" + name, providers: [.apt([package])])
}

let cTargets: Set<String> = [
    "CScan", "CZlib", "CBzip2", "CSnappy", "CLZ4", "CZstd", "CLZO", "CBrotli", "CCrypto", "CEdit", "CLinux",
]
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let algorithms: Target.Dependency = .product(name: "Algorithms", package: "swift-algorithms")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let sockets: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let http: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let httpServer: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "honeyguide",
    products: [
        .library(name: "Honeyguide", targets: ["Honeyguide", "HoneyCore", "HoneyPlan"]),
        .executable(name: "honeyguide", targets: ["HoneyCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        // Below ground: C that Swift cannot say as fast, and system libraries.
        .target(name: "CScan", path: "Sources/CScan"),
        system("CZlib", apt: "zlib1g-dev"),
        system("CBzip2", apt: "libbz2-dev"),
        system("CSnappy", apt: "libsnappy-dev"),
        system("CLZ4", apt: "liblz4-dev"),
        system("CZstd", apt: "libzstd-dev"),
        system("CLZO", apt: "liblzo2-dev"),
        system("CBrotli", apt: "libbrotli-dev"),
        system("CCrypto", apt: "libssl-dev"),
        system("CEdit", apt: "libedit-dev"),
        .systemLibrary(name: "CLinux", path: "Sources/CLinux"),

        // Ground floor: the vocabulary.
        room("Core"),

        // First floor: knows only the vocabulary.
        room("Codecs", "Core", "CZlib", "CBzip2", "CSnappy", "CLZ4", "CZstd", "CLZO", "CBrotli"),
        room("Catalog", "Core", libraries: [sqlite]),
        room("World", "Core", "CLinux", libraries: [nio, sockets]),
        .target(
            name: "HoneyHDFSMessages", dependencies: [protobuf], path: "Sources/HDFSMessages",
            exclude: [
                "README.md", "client.proto", "client_datanode.proto", "datanode.proto", "ha.proto", "namenode.proto",
                "rpc.proto", "security.proto", "transfer.proto", "types.proto",
            ], swiftSettings: strict),

        // Second floor.
        room("Files", "Core"),
        room("Plan", "Core", "Catalog"),

        // Third floor.
        room(
            "HDFS", "Core", "World", "Files", "HDFSMessages", "CScan", "CCrypto", "CZlib",
            libraries: [algorithms, nio, protobuf]),
        room("Storage", "Core", "Codecs", "Catalog", "Files", "CScan", libraries: [algorithms]),
        room("Functions", "Core", "Plan", "CCrypto", "CZlib", libraries: [algorithms]),
        room("Commands", "Core", "Catalog", "Files", "Plan"),
        room("Optimizer", "Core", "Catalog", "Plan"),

        // Fourth floor.
        room(
            "HDFSService", "Core", "World", "Files", "HDFS", "HDFSMessages",
            libraries: [nio, sockets, http, httpServer, httpTypes, logging, protobuf]),
        room("SQLLanguage", "Core", "Catalog", "Plan", "Commands"),
        room("Execution", "Core", "Catalog", "Plan", "Storage", "Files"),
        room(
            "ORC", "Core", "Codecs", "Catalog", "Files", "Storage", "CScan", libraries: [algorithms, protobuf],
            exclude: ["Metadata/orc.proto"]),
        room("Parquet", "Core", "Codecs", "Catalog", "Files", "Storage", "CScan", libraries: [algorithms]),
        room("Avro", "Core", "Codecs", "Catalog", "Files", "Storage"),

        room("HDFSSimulation", "Core", "World", "HDFSMessages", "HDFS", libraries: [nio, protobuf]),
        room("EmbeddedHDFS", "Core", "World", "Files", "HDFS", libraries: [nio, sockets]),

        // Fifth floor.
        room("PipelineEngine", "Core", "Catalog", "Plan", "Storage", "Files", "Execution"),

        // Sixth floor: the only room that knows everybody.
        .target(
            name: "Honeyguide",
            dependencies: [
                "HoneyCore", "HoneyCodecs", "HoneyCatalog", "HoneyFiles", "HoneyPlan", "HoneyStorage", "HoneyFunctions",
                "HoneyORC", "HoneyParquet", "HoneyAvro", "HoneyCommands", "HoneyOptimizer", "HoneySQLLanguage",
                "HoneyExecution", "HoneyHDFS", "HoneyEmbeddedHDFS", "HoneyPipelineEngine",
            ],
            path: "Sources/Honeyguide", swiftSettings: strict),

        // Seventh floor.
        room("TestKit", "Core", "Files", "Plan", libraries: ["Honeyguide"]),

        // Eighth floor: `main`.
        .executableTarget(
            name: "HoneyCLI",
            dependencies: [
                "Honeyguide", "HoneyCore", "HoneyFiles", "HoneyPlan", "HoneyHDFSService", "CEdit", "CLinux", arguments,
                nio,
                sockets, logging,
            ],
            path: "Sources/CLI", swiftSettings: strict),

        // What the tests of all formats share.
        .target(
            name: "FormatContracts",
            dependencies: ["HoneyCore", "HoneyCodecs", "HoneyCatalog", "HoneyFiles", "HoneyStorage"],
            path: "Tests/FormatContracts", swiftSettings: strict),

        // What the tests of all file systems share.
        .target(
            name: "FileSystemContracts", dependencies: ["HoneyCore", "HoneyFiles"], path: "Tests/FileSystemContracts",
            swiftSettings: strict),

        tests("Core", "Core"),
        tests("Codecs", "Core", "Codecs"),
        tests("Catalog", "Core", "Catalog", libraries: [sqlite]),
        tests("World", "Core", "World", libraries: [nio]),
        tests("Files", "Core", "Files", libraries: ["FileSystemContracts"]),
        tests(
            "HDFS", "Core", "World", "Files", "HDFSMessages", "HDFS",
            libraries: ["FileSystemContracts", nio, sockets, protobuf]),
        tests("HDFSSimulation", "Core", "World", "HDFS", "HDFSSimulation"),
        tests(
            "HDFSService", "Core", "World", "Files", "HDFS", "HDFSMessages", "HDFSService",
            libraries: ["FileSystemContracts", nio, sockets, http]),
        tests("EmbeddedHDFS", "Core", "World", "Files", "HDFS", "EmbeddedHDFS", libraries: ["FileSystemContracts"]),
        tests("Plan", "Core", "Catalog", "Plan"),
        tests(
            "Storage", "Core", "Codecs", "Catalog", "Files", "Storage",
            libraries: ["FormatContracts", "FileSystemContracts"]),
        tests("ORC", "Core", "Codecs", "Catalog", "Files", "Storage", "ORC", libraries: ["FormatContracts"]),
        tests("Parquet", "Core", "Codecs", "Catalog", "Files", "Storage", "Parquet", libraries: ["FormatContracts"]),
        tests("Avro", "Core", "Codecs", "Catalog", "Files", "Storage", "Avro", libraries: ["FormatContracts"]),
        tests("Functions", "Core", "Plan", "Functions"),
        tests(
            "Commands", "Core", "Catalog", "Files", "Plan", "Commands", resources: [.copy("Dfs/hadoop-shell.txt")]),
        tests("Optimizer", "Core", "Catalog", "Plan", "Optimizer"),
        tests("SQLLanguage", "Core", "Catalog", "Plan", "Commands", "Functions", "SQLLanguage"),
        tests("Execution", "Core", "Catalog", "Plan", "Storage", "Files", "Functions", "Execution"),
        tests(
            "PipelineEngine", "Core", "Catalog", "Plan", "Storage", "Files", "Functions", "Execution",
            "PipelineEngine", libraries: ["FileSystemContracts"]),
        tests(
            "Honeyguide", "Core", "Catalog", "Files", "Plan", "Storage", "TestKit",
            libraries: ["Honeyguide", "FormatContracts"]),
        tests("CLI", "Core", "CLI"),
        tests("Tidy"),
    ],
    swiftLanguageModes: [.v6]
)

// Readers fed by libFuzzer: `make fuzz FORMAT=rcfile SECONDS=60`. Not part of usual builds, since its main is libFuzzer's.
if Context.environment["HONEYGUIDE_FUZZ"] != nil {
    package.products.append(.executable(name: "fuzz", targets: ["Fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "HoneyCore", "HoneyCodecs", "HoneyCatalog", "HoneyFiles", "HoneyStorage", "HoneyORC", "HoneyParquet",
                "HoneyAvro",
            ],
            path: "Tests/Fuzz", exclude: ["run.sh"], swiftSettings: strict))
    package.products.append(.executable(name: "wirefuzz", targets: ["WireFuzz"]))
    package.targets.append(
        .executableTarget(
            name: "WireFuzz",
            dependencies: ["HoneyCore", "HoneyWorld", "HoneyHDFSMessages", "HoneyHDFS", nio, protobuf],
            path: "Tests/WireFuzz", swiftSettings: strict))
}

// What measures parts of HDFS by themselves: `make bench-hdfs`.
if Context.environment["HONEYGUIDE_BENCH"] != nil {
    package.products.append(.executable(name: "hdfsbench", targets: ["HDFSBenchmark"]))
    package.targets.append(
        .executableTarget(
            name: "HDFSBenchmark",
            dependencies: [
                "HoneyCore", "HoneyWorld", "HoneyFiles", "HoneyHDFSMessages", "HoneyHDFS", nio, sockets, protobuf,
            ],
            path: "Benchmarks/hdfs", exclude: ["scan.py"], swiftSettings: strict))
}

// `make simulate` builds nothing that simulations don't need.
if Context.environment["HONEYGUIDE_SIMULATIONS"] != nil {
    package.targets.removeAll { $0.type == .test && $0.name != "HDFSSimulationTests" }
}

// A bug that `make simulate-bugs` plants in HDFS, by the name its code has for it.
if let bug = Context.environment["HONEYGUIDE_BUG"] {
    for target in package.targets where target.name == "HoneyHDFS" {
        target.swiftSettings?.append(.define("HONEY_BUG_" + bug))
    }
}
