import HubProtocol
import ImageService
import NIOCore
import Synchronization
import TestSupport
import Testing

/// `/health` while the asset API says that it is well, and does not do what it is there for.
@Suite(.timeLimit(.minutes(5)))
struct AssetOutcomeTests {
    /// An asset API of which either side can be taken away.
    private final class Assets: Sendable {
        private let troubles = Mutex<[AssetAccess: StorageTrouble]>([:])

        func fail(_ access: AssetAccess, with trouble: StorageTrouble?) { troubles.withLock { $0[access] = trouble } }

        func check(_ access: AssetAccess) throws(StorageTrouble) {
            if let trouble = troubles.withLock({ $0[access] }) { throw trouble }
        }

        /// - Parameter probes: whether what fails for clients fails for the service's own questions too.
        func storage(probes: Bool = true) -> FakeStorage {
            FakeStorage(
                put: { image, _ throws(StorageTrouble) in
                    try self.check(.writing)
                    return StoredAsset(url: AssetName.path(of: image.sha256), isNew: true)
                },
                get: { content throws(StorageTrouble) in
                    try self.check(.reading)
                    return ByteBuffer(repeating: 7, count: content.size)
                },
                probe: { access throws(StorageTrouble) in if probes { try self.check(access) } }
            )
        }
    }

    private static func request(_ access: AssetAccess, _ client: ServiceClient) async throws -> Int {
        switch access {
        case .reading: try await client.send("GET", "/api/v2/images/\(Samples.imageID)/content").status
        case .writing: try await client.upload(Fixtures.bytes("images/good/png-rgb-8.png"), name: "n").status
        }
    }

    private static func state(_ client: ServiceClient) async throws -> String? {
        try await client.send("GET", "/health").json["dependencies"]?["storage"]?.string
    }

    /// Asks for health as often as it takes.
    private static func wait(until state: String, _ client: ServiceClient) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await Self.state(client) != state {
            guard ContinuousClock.now < end else { throw ProgramError("storage never was \(state)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func probes(_ storage: FakeStorage) -> [FakeStorage.Event] {
        storage.events.filter { if case .probe = $0 { true } else { false } }
    }

    static let failures: [StorageTrouble] = [
        .unavailable("it was reset"), .timedOut, .rejected(code: "INTERNAL_ERROR", message: "500"),
        .rejected(code: "HTTP_501", message: "501"), .rejected(code: "DATABASE_GONE", message: "its own code"),
        .invalidResponse("another's page"),
    ]

    @Test(arguments: AssetAccess.allCases, failures)
    func aFailureLastsAsLongAsTheTrouble(_ access: AssetAccess, _ trouble: StorageTrouble) async throws {
        let assets = Assets()
        let storage = assets.storage()
        try await withService(storage) { (client) async throws -> Void in
            assets.fail(access, with: trouble)
            #expect(try await Self.request(access, client) >= 500)
            try await Self.wait(until: "failing", client)
            let health = try await client.send("GET", "/health")
            #expect(health.status == 200)
            #expect(health.json["status"] == "degraded")
            #expect(try await client.send("GET", "/health/ready").status == 503)
            // Nobody but the health report asks storage any more, and it finds out.
            assets.fail(access, with: nil)
            try await Self.wait(until: "available", client)
            #expect(try await client.send("GET", "/health/ready").status == 200)
        }
        let probes = Self.probes(storage)
        #expect(!probes.isEmpty)
        #expect(probes.allSatisfy { $0 == .probe(access) })
    }

    @Test(arguments: AssetAccess.allCases, failures)
    func aSingleAccidentIsNoTrouble(_ access: AssetAccess, _ trouble: StorageTrouble) async throws {
        let assets = Assets()
        let storage = assets.storage(probes: false)
        try await withService(storage) { (client) async throws -> Void in
            assets.fail(access, with: trouble)
            #expect(try await Self.request(access, client) >= 500)
            #expect(try await Self.state(client) == "available")
        }
        #expect(Self.probes(storage) == [.probe(access)])
    }

    @Test(arguments: AssetAccess.allCases)
    func anAnswerToAClientEndsItAtOnce(_ access: AssetAccess) async throws {
        let assets = Assets()
        let storage = assets.storage()
        try await withService(storage) { (client) async throws -> Void in
            assets.fail(access, with: .timedOut)
            #expect(try await Self.request(access, client) == 504)
            #expect(try await Self.state(client) == "failing")
            assets.fail(access, with: nil)
            #expect(try await Self.request(access, client) < 300)
            let before = Self.probes(storage).count
            #expect(try await Self.state(client) == "available")
            #expect(Self.probes(storage).count == before)
        }
    }

    @Test(arguments: [(AssetAccess.reading, AssetAccess.writing), (.writing, .reading)])
    func oneSideSaysNothingOfTheOther(_ failing: AssetAccess, _ well: AssetAccess) async throws {
        let assets = Assets()
        try await withService(assets.storage()) { (client) async throws -> Void in
            assets.fail(failing, with: .unavailable("it was reset"))
            #expect(try await Self.request(failing, client) == 503)
            #expect(try await Self.request(well, client) < 300)
            #expect(try await Self.state(client) == "failing")
        }
    }

    /// What one asset met, or one client, says nothing of storage.
    @Test(arguments: [
        (AssetAccess.reading, StorageTrouble.rejected(code: "ASSET_NOT_FOUND", message: "")),
        (.reading, .cancelled), (.reading, .overloaded),
        (.writing, .rejected(code: "DIGEST_MISMATCH", message: "")), (.writing, .overloaded),
        (.writing, .rejected(code: "FILE_TOO_LARGE", message: "")),
        (.writing, .rejected(code: "STORAGE_FULL", message: "")), (.writing, .rejected(code: "HTTP_409", message: "")),
    ])
    func whatIsWrongWithOneAssetIsNoFailure(_ access: AssetAccess, _ trouble: StorageTrouble) async throws {
        let assets = Assets()
        let storage = assets.storage()
        try await withService(storage) { (client) async throws -> Void in
            assets.fail(access, with: trouble)
            #expect(try await Self.request(access, client) >= 400)
            for _ in 1...3 { #expect(try await Self.state(client) == "available") }
        }
        #expect(Self.probes(storage).isEmpty)
    }

    @Test func anAssetAPIThatDoesNotFailIsAskedNothing() async throws {
        let storage = Assets().storage()
        try await withService(storage) { (client) async throws -> Void in
            for access in AssetAccess.allCases { #expect(try await Self.request(access, client) < 300) }
            for _ in 1...3 { #expect(try await Self.state(client) == "available") }
        }
        #expect(Self.probes(storage).isEmpty)
    }
}
