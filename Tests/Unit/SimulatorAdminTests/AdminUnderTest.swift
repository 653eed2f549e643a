import FaultPlan
import Foundation
import HTTPServing
import JSON
import Logging
import SimulatorAdmin
import Synchronization
import TestSupport

/// A simulator that only counts how often it was reset.
final class CountingPart: AdministeredPart {
    let name: String
    let faultKinds: FaultKindSet
    let hasNamespaces: Bool
    private let resets = Mutex<[String]>([])
    private let recoveries = Mutex(0)

    init(_ name: String, faultKinds: FaultKindSet, hasNamespaces: Bool = false) {
        self.name = name
        self.faultKinds = faultKinds
        self.hasNamespaces = hasNamespaces
    }

    var resetNamespaces: [String] { resets.withLock { $0 } }

    func state(namespace: String) async -> JSONValue { ["namespace": .string(namespace)] }
    var recoveryCount: Int { recoveries.withLock { $0 } }
    func recover() async { recoveries.withLock { $0 += 1 } }
    func reset(namespace: String) async { resets.withLock { $0.append(namespace) } }
}

/// An admin interface of two parts, and who asks it.
struct AdminUnderTest: Sendable {
    let client: ServiceClient
    let faults: FaultNamespaces
    let hub: CountingPart
    let storage: CountingPart

    /// Runs a test against it.
    static func with(_ body: @escaping @Sendable (AdminUnderTest) async throws -> Void) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let nowMs: @Sendable () -> Int64 = { Int64((clock.now - start) / .milliseconds(1)) }
        let faults = FaultNamespaces(journal: Journal(nowMs: nowMs), nowMs: nowMs)
        let hub = CountingPart("hub", faultKinds: [.latency, .dropMessage])
        let storage = CountingPart("storage", faultKinds: [.delay, .error], hasNamespaces: true)
        let server = AdminServer(
            host: "127.0.0.1",
            port: 0,
            parts: [hub, storage],
            faults: faults,
            logger: .silent
        )
        try await running([server]) {
            try await body(
                AdminUnderTest(
                    client: ServiceClient(try await server.boundURL()),
                    faults: faults,
                    hub: hub,
                    storage: storage
                )
            )
        }
    }

    /// Sends JSON.
    func send(
        _ method: String,
        _ path: String,
        _ json: JSONValue? = nil,
        headers: [(String, String)] = []
    ) async throws -> ServiceClient.Answer {
        let type = json == nil ? [] : [("Content-Type", "application/json")]
        return try await client.send(method, path, headers: type + headers, body: json?.encoded())
    }

    static let plan: JSONValue = [
        "seed": 7,
        "rules": [
            ["id": "late", "match": ["operation": "get_image"], "fault": ["kind": "delay", "ms": 5]],
            ["id": "lost", "match": ["queue": "q*"], "fault": ["kind": "drop_message"]],
        ],
    ]
}
