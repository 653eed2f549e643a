import HubProtocol
import ImageService
import JSON
import MessageHub
import TestSupport
import Testing

/// How the Image Service brings bytes: docs/protocol.md, chapters 9, 15 and 16.
@Suite(.timeLimit(.minutes(2)))
struct AssetConductTests {
    /// The record that a storage would make of a request.
    private func made(of request: StorageRequest) -> StorageReply.Outcome {
        var record = request.data
        record["id"] = .string(StandIn.imageID)
        record["version"] = 1
        record["metadata"] = [
            "theme": record["theme"] ?? .null, "created_at": "2026-01-02T03:04:05.678Z",
            "updated_at": "2026-01-02T03:04:05.678Z",
        ]
        return .success(.object(record))
    }

    @Test func theBytesComeBeforeTheRecordUnderItsOperationID() async throws {
        let picture = try Fixtures.bytes("images/good/png-rgb-8.png")
        var settings = ServiceSettings.patient
        settings.storageToken = "sesame"
        try await StandIn.run(settings) { standIn in
            async let answer = standIn.client.upload(picture, name: "n")
            let request = try await standIn.hub.requests.waitUntil { !$0.isEmpty }[0]
            // Already there, as the request is.
            let puts = standIn.assets.puts
            #expect(puts.count == 1)
            let put = try #require(puts.first)
            let envelope = try request.envelope()
            let sha256 = try #require(envelope.data["sha256"]?.string)
            #expect(put.path == "/api/v2/assets/\(sha256)")
            #expect(put.body == picture)
            #expect(put.headers["content-type"] == "image/png")
            #expect(put.headers["x-operation-id"] == envelope.operationID)
            #expect(put.headers["authorization"] == "Bearer sesame")
            #expect(envelope.data["size"] == .integer(Int64(picture.count)))
            // As the asset API gave it.
            #expect(envelope.data["url"] == .string(put.path + StandInAssets.urlSuffix))
            try await standIn.hub.reply(to: request, made(of: envelope))
            #expect(try await answer.status == 201)
            #expect(!standIn.assets.asked.value.contains { $0.method == "DELETE" })
        }
    }

    @Test func aMissingAssetIsPutOnceMoreUnderANewOperationID() async throws {
        let picture = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await StandIn.run { standIn in
            async let answer = standIn.client.upload(picture, name: "n")
            let first = try await standIn.hub.requests.waitUntil { !$0.isEmpty }[0]
            try await standIn.hub.reply(to: first, .failure(StorageFailure(.assetNotFound, "it is gone")))
            let second = try await standIn.hub.requests.waitUntil { $0.count == 2 }[1]
            let ids = [try first.envelope().operationID, try second.envelope().operationID]
            #expect(ids[0] != ids[1])
            #expect(standIn.assets.puts.map { $0.headers["x-operation-id"] } == ids)
            try await standIn.hub.reply(to: second, made(of: try second.envelope()))
            #expect(try await answer.status == 201)
        }
    }

    @Test func aRefusalTakesTheAssetAway() async throws {
        let picture = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await StandIn.run { standIn in
            async let answer = standIn.client.upload(picture, name: "n")
            let request = try await standIn.hub.requests.waitUntil { !$0.isEmpty }[0]
            try await standIn.hub.reply(to: request, .failure(StorageFailure(.validationError, "no")))
            #expect(try await answer.status == 502)
            let asked = standIn.assets.asked.value
            #expect(asked.map(\.method) == ["PUT", "DELETE"])
            #expect(asked.first?.path == asked.last?.path)
        }
    }
}
