import Testing

@testable import SimulatedStorage

/// How a mode is recognized: something that is so in the mode and not without it.
struct ModeProbe: Sendable, CustomTestStringConvertible {
    let mode: String
    let options: ModeBench.Options
    let isSo: @Sendable (ModeBench) async throws -> Bool

    var testDescription: String { mode }

    private init(
        mode: String,
        options: ModeBench.Options,
        isSo: @escaping @Sendable (ModeBench) async throws -> Bool
    ) {
        self.mode = mode
        self.options = options
        self.isSo = isSo
    }

    /// Without a client that declares anything.
    static func bench(
        _ mode: String,
        _ isSo: @escaping @Sendable (ModeBench) async throws -> Bool
    ) -> ModeProbe {
        bench(mode, ModeBench.Options(), isSo)
    }

    /// Without a client that declares anything, on a storage with these options.
    static func bench(
        _ mode: String,
        _ options: ModeBench.Options,
        _ isSo: @escaping @Sendable (ModeBench) async throws -> Bool
    ) -> ModeProbe {
        ModeProbe(mode: mode, options: options, isSo: isSo)
    }

    /// With somebody who asks.
    init(
        _ mode: String,
        _ options: ModeBench.Options = ModeBench.Options(),
        _ isSo: @escaping @Sendable (ModeClient) async throws -> Bool
    ) {
        self.init(mode: mode, options: options) { bench in
            let client = try await bench.client()
            return try await isSo(client)
        }
    }

    static let all =
        ofTopology + ofRequests + ofReplies + ofAcknowledgement + ofValues + ofLeniency + ofOperations + ofLists
        + ofVersions
        + ofIdempotence + ofConsistency + ofEvents + ofDiscovery + ofAssets + ofDurability + legal

    /// Looks at a storage in the mode, and at one without.
    func play() async throws {
        let mode = try #require(StorageMode.named(mode))
        let isSoInMode = try await ModeBench.run(mode, options, isSo)
        #expect(isSoInMode, "in the mode")
        let isSoWithout = try await ModeBench.run(nil, options, isSo)
        #expect(!isSoWithout, "without the mode")
    }
}

/// Whether something is so in one of some tries: for what two things must meet that a busy machine can keep apart.
func inSomeTry(_ isSo: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<5 {
        if try await isSo() { return true }
    }
    return false
}
