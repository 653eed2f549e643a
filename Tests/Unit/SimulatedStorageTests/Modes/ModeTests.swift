import Foundation
import Testing

@testable import SimulatedStorage

/// Every mode shows what it does otherwise, and without it nothing of the kind is seen.
@Suite("Modes") struct ModeTests {
    @Suite("on the hub", .serialized, .timeLimit(.minutes(5))) struct OnTheHub {
        @Test(
            arguments: ModeProbe.ofTopology + ModeProbe.ofRequests + ModeProbe.ofReplies + ModeProbe.ofAcknowledgement
        )
        func isSeen(_ probe: ModeProbe) async throws { try await probe.play() }
    }

    @Suite("in the data", .serialized, .timeLimit(.minutes(5))) struct InTheData {
        @Test(arguments: ModeProbe.ofValues + ModeProbe.ofOperations + ModeProbe.ofLists + ModeProbe.ofVersions)
        func isSeen(_ probe: ModeProbe) async throws { try await probe.play() }
    }

    @Suite("in the course of requests", .serialized, .timeLimit(.minutes(5))) struct InTheCourse {
        @Test(
            arguments: ModeProbe.ofIdempotence + ModeProbe.ofConsistency + ModeProbe.ofEvents + ModeProbe.ofDiscovery
                + ModeProbe.ofDurability
        )
        func isSeen(_ probe: ModeProbe) async throws { try await probe.play() }
    }

    @Suite("of assets", .serialized, .timeLimit(.minutes(5))) struct OfAssets {
        @Test(arguments: ModeProbe.ofAssets)
        func isSeen(_ probe: ModeProbe) async throws { try await probe.play() }
    }

    @Suite("odd but legal", .serialized, .timeLimit(.minutes(5))) struct OddButLegal {
        @Test(arguments: ModeProbe.legal)
        func isSeen(_ probe: ModeProbe) async throws { try await probe.play() }
    }

    @Test func everyModeHasItsProbe() {
        #expect(ModeProbe.all.map(\.mode).sorted() == StorageMode.all.map(\.name).sorted())
    }
}
