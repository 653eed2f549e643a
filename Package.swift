// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where CI=true is set; a newer compiler on a user's machine must not stop the build.
let settings: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

/// A module under `Sources/`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A program under `Sources/`.
func program(_ name: String, _ dependencies: [Target.Dependency], embedding files: [String] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        resources: files.map { .embedInCode($0) },
        swiftSettings: settings
    )
}

/// A C library of the system, found by pkg-config.
func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// The unit tests of one module.
func unitTests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name)] + dependencies,
        path: "Tests/Unit/\(name)Tests",
        swiftSettings: settings
    )
}

// The house, floor by floor: arrows only go down (docs/architecture.md).
let package = Package(
    name: "image-service",
    products: [
        .executable(name: "ImageService", targets: ["ImageService"]),
        .executable(name: "StorageSimulator", targets: ["StorageSimulator"]),
        .executable(name: "HubSimServer", targets: ["HubSimServer"]),
        .executable(name: "StorageConformance", targets: ["StorageConformance"]),
        .library(name: "HubSim", targets: ["HubSim", "FaultPlan", "JSON", "MessageHub"]),
        .library(
            name: "SimulatedStorage",
            targets: ["SimulatedStorage", "FaultPlan", "HubProtocol", "MessageHub", "HTTPServing", "JSON"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // The ground.
        module("Octets"),
        module("Files"),
        module("JSON", ["Octets"]),

        // Floor 1: the wire, pure.
        module("HubProtocol", ["JSON"]),
        module("AMQP", ["Octets"]),
        module("FaultPlan", ["HubProtocol", "JSON"]),
        module("Multipart"),
        module("ImageFormats", ["CImageCodecs"]),
        .target(
            name: "CImageCodecs",
            dependencies: ["CLibPNG", "CLibGD"],
            // What libgd brings, called directly where libgd is not strict enough.
            linkerSettings: ["jpeg", "webp", "webpdemux", "tiff", "avif", "z"].map { .linkedLibrary($0) }
        ),
        system("CLibPNG", pkgConfig: "libpng", apt: "libpng-dev"),
        system("CLibGD", pkgConfig: "gdlib", apt: "libgd-dev"),

        // Floor 2: the rims.
        module("MessageHub", ["HubProtocol", "JSON", logging, lifecycle]),
        module("RabbitMQ", ["MessageHub", "HubProtocol", "JSON", "CRabbitMQ"]),
        .target(name: "CRabbitMQ", dependencies: ["CLibRabbitMQ"]),
        system("CLibRabbitMQ", pkgConfig: "librabbitmq", apt: "librabbitmq-dev"),
        module(
            "HTTPServing",
            [
                "JSON", hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"), httpTypes, crypto,
                nioCore,
                nioHTTP1, .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"), logging, lifecycle,
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),
        module(
            "Launch",
            [
                "Files", "JSON", logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        module(
            "SimulatorAdmin",
            ["FaultPlan", "JSON", "HTTPServing", hummingbird, httpTypes, lifecycle, logging]
        ),

        // Floor 3: the sides.
        module(
            "HubSim",
            [
                "Octets", "Files", "AMQP", "FaultPlan", "JSON", "MessageHub", "CMalloc", nioCore, nioPosix, nioSSL,
                nioTLS,
                crypto, lifecycle, logging,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        .systemLibrary(name: "CMalloc", path: "Sources/System/CMalloc"),
        module(
            "SimulatedStorage",
            [
                "Octets", "FaultPlan", "HubProtocol", "JSON", "MessageHub", "HTTPServing", hummingbird, httpTypes,
                nioCore, crypto,
                lifecycle, logging,
            ]
        ),

        module(
            "HubManagement",
            [
                "Octets", "HubSim", "AMQP", "MessageHub", "SimulatorAdmin", "FaultPlan", "HTTPServing", "JSON",
                hummingbird, httpTypes, nioCore, lifecycle, crypto, logging,
            ]
        ),
        module(
            "DurableStorage",
            [
                "Octets", "SimulatedStorage", "MessageHub", "HubProtocol", "JSON", nioCore, nioPosix, lifecycle,
                logging,
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),

        module(
            "StorageAdmin",
            [
                "SimulatedStorage", "SimulatorAdmin", "FaultPlan", "HTTPServing", "HubProtocol", "JSON", hummingbird,
                httpTypes, logging,
            ]
        ),

        .target(
            name: "ConformanceChecks",
            dependencies: ["HubProtocol", "JSON", "MessageHub", crypto],
            resources: [.embedInCode("Requirements/requirements.json"), .embedInCode("Diagnosis/known-mistakes.json")],
            swiftSettings: settings
        ),

        module("ConformanceHTTP", ["ConformanceChecks", httpClient, nioCore, nioHTTP1, nioPosix]),
        module(
            "ConformanceSelfTest",
            [
                "AMQP", "ConformanceChecks", "FaultPlan", "HTTPServing", "JSON", "SimulatedStorage", "HubSim",
                "HubProtocol",
                "MessageHub", lifecycle, logging,
            ]
        ),

        module("DeploymentSettings", ["Files", "Launch", "MessageHub", "HubProtocol", "FaultPlan", "JSON"]),

        // Floor 4: the programs.
        program(
            "ImageService",
            [
                "DeploymentSettings", "ImageFormats", "Multipart", "MessageHub", "RabbitMQ", "HubProtocol", "JSON",
                "HTTPServing",
                "Launch", "HubSim", "CMalloc",
                "SimulatedStorage", "DurableStorage", "StorageAdmin", "FaultPlan", "SimulatorAdmin", "HubManagement",
                hummingbird, httpTypes, crypto,
                httpClient, nioCore, nioHTTP1, nioPosix, lifecycle,
                logging, .product(name: "DequeModule", package: "swift-collections"),
            ],
            embedding: ["Pages/gallery.html", "Pages/docs.html", "Pages/openapi.json"]
        ),
        program(
            "StorageSimulator",
            [
                "DeploymentSettings", "SimulatedStorage", "DurableStorage", "StorageAdmin", "HubSim", "HubManagement",
                "SimulatorAdmin", "FaultPlan", "HTTPServing", "Launch", "MessageHub", "RabbitMQ", "HubProtocol", "JSON",
                lifecycle, logging,
            ]
        ),
        program(
            "HubSimServer",
            ["DeploymentSettings", "Files", "HubSim", "HubManagement", "FaultPlan", "JSON", "Launch", lifecycle]
        ),
        program(
            "StorageConformance",
            [
                "ConformanceChecks", "ConformanceHTTP", "ConformanceSelfTest", "DeploymentSettings", "Files", "HubSim",
                "HubProtocol", "Launch", "MessageHub", "RabbitMQ", "SimulatedStorage", httpClient, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // What `make bench-hub` measures with.
        .executableTarget(
            name: "HubStartBenchmark",
            dependencies: ["HubSim"],
            path: "Benchmarks/HubStart",
            swiftSettings: settings
        ),

        // What `make bench-storage` measures with.
        .executableTarget(
            name: "StorageBenchmark",
            dependencies: [
                "DurableStorage", "SimulatedStorage", "HubSim", "MessageHub", "HubProtocol", lifecycle, logging,
            ],
            path: "Benchmarks/Storage",
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        // What `make bench-service` measures the service against.
        .executableTarget(
            name: "ServiceBenchmark",
            dependencies: [hummingbird, logging, nioCore],
            path: "Benchmarks/Service",
            swiftSettings: settings
        ),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: ["HubProtocol", "JSON", "RabbitMQ", httpClient, nioCore, lifecycle, logging],
            path: "Tests/Support",
            swiftSettings: settings
        ),
        unitTests("Octets"),
        unitTests("JSON"),
        unitTests("HubProtocol", ["JSON"]),
        unitTests("AMQP"),
        unitTests("FaultPlan", ["JSON"]),
        unitTests("Multipart"),
        unitTests("ImageFormats", ["TestSupport"]),
        // The program that its tests measure memory with. They do not depend on it: that would give them its malloc.
        .executableTarget(
            name: "ImageMemoryProbe",
            dependencies: ["ImageFormats", "CountingMalloc"],
            path: "Tests/Victims/ImageMemory",
            swiftSettings: settings
        ),
        .target(name: "CountingMalloc", path: "Tests/Victims/CountingMalloc"),
        unitTests(
            "HTTPServing",
            [
                "TestSupport", "JSON", hummingbird, httpTypes, nioCore, nioHTTP1, nioEmbedded, nioPosix, logging,
                lifecycle,
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        unitTests("Launch", ["JSON", logging]),
        unitTests("MessageHub", ["HubProtocol", "JSON", logging, lifecycle]),
        unitTests("RabbitMQ", ["MessageHub", "HubProtocol", "JSON"]),
        unitTests(
            "SimulatorAdmin",
            ["TestSupport", "FaultPlan", "JSON", "HTTPServing", hummingbird, httpClient, nioCore, logging, lifecycle]
        ),
        unitTests(
            "HubManagement",
            [
                "TestSupport", "HubSim", "MessageHub", "RabbitMQ", "SimulatorAdmin", "FaultPlan", "JSON", "HTTPServing",
                httpClient,
                nioCore, logging, lifecycle,
            ]
        ),
        unitTests(
            "HubSim",
            [
                "TestSupport", "Octets", "Files", "AMQP", "FaultPlan", "MessageHub", "RabbitMQ", "HubProtocol", "JSON",
                nioCore, nioPosix, nioSSL,
            ]
        ),
        unitTests(
            "SimulatedStorage",
            [
                // What does not depend on a store is tested on both.
                "DurableStorage", "FaultPlan", "HubProtocol", "HubSim", "JSON", "MessageHub", "HTTPServing", httpTypes,
                hummingbird, httpClient, crypto, nioCore, logging, lifecycle,
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        unitTests(
            "DurableStorage",
            [
                "DurableStorageVictim", "SimulatedStorage", "HubProtocol", "JSON", "MessageHub", crypto, nioCore,
                logging, lifecycle, .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        // The process that its tests kill.
        .executableTarget(
            name: "DurableStorageVictim",
            dependencies: [
                "DurableStorage", "SimulatedStorage", "MessageHub", "HubProtocol", "JSON", nioCore, crypto, logging,
            ],
            path: "Tests/Victims/DurableStorage",
            swiftSettings: settings
        ),
        unitTests(
            "ImageService",
            [
                "TestSupport", "HTTPServing", "HubProtocol", "JSON", "MessageHub", "ImageFormats", hummingbird,
                httpTypes,
                crypto,
                httpClient, nioCore, nioPosix, logging, lifecycle,
            ]
        ),
        unitTests("ConformanceChecks", ["TestSupport", "HubProtocol", "JSON"]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "ConformanceChecks", "ConformanceHTTP", "ConformanceSelfTest", "StorageConformance", httpClient,
                "TestSupport", "FaultPlan", "MessageHub", "RabbitMQ", "HubProtocol", "JSON", "HubSim",
                "SimulatedStorage",
                "ImageService",
                "StorageSimulator", "HubSimServer", crypto, logging, lifecycle,
            ],
            path: "Tests/Integration",
            swiftSettings: settings
        ),
        .testTarget(
            name: "APITests",
            dependencies: [
                "TestSupport", "ImageService", "HubSim", "SimulatedStorage", "DurableStorage", "FaultPlan",
                "MessageHub", "RabbitMQ", "HubProtocol", "JSON", "HTTPServing",
                hummingbird, httpTypes, nioCore, nioPosix, logging, lifecycle,
            ],
            path: "Tests/API",
            swiftSettings: settings
        ),
    ]
)
