import HubProtocol
import HubSim
import ImageService
import JSON
import MessageHub
import TestSupport
import Testing

/// What the Image Service makes of replies, right and wrong: docs/protocol.md, chapters 3, 11, 12 and 17.
@Suite(.timeLimit(.minutes(2)))
struct ReplyConductTests {
    private static let ids = [StandIn.imageID, "7c9e6679-7425-40de-944b-e07fc1f90ae7"]

    /// Two images are asked for at once; `answering` gets the requests, in the order of `ids`.
    private func askForTwo(
        of standIn: StandIn,
        _ answering: (HubDelivery, HubDelivery) async throws -> Void
    ) async throws -> [ServiceClient.Answer] {
        let earlier = standIn.hub.requests.value.count
        async let first = standIn.client.send("GET", "/api/v2/images/\(Self.ids[0])")
        async let second = standIn.client.send("GET", "/api/v2/images/\(Self.ids[1])")
        let requests = try await standIn.hub.requests.waitUntil { $0.count == earlier + 2 }.suffix(2)
        let sorted = try Self.ids.map { id in
            try #require(try requests.first { try $0.envelope().data["image_id"] == .string(id) })
        }
        try await answering(sorted[0], sorted[1])
        return [try await first, try await second]
    }

    private func found(_ id: String) -> StorageReply.Outcome {
        .success(ImageRecord.sample(id: id).json)
    }

    @Test func repliesMayComeInAnyOrderAndWithAnyCorrelationID() async throws {
        try await StandIn.run { standIn in
            let hub = standIn.hub
            let answers = try await askForTwo(of: standIn) { first, second in
                for (request, id) in [(second, Self.ids[1]), (first, Self.ids[0])] {
                    let reply = StorageReply(operationID: try request.envelope().operationID, outcome: found(id))
                    try await hub.reply(to: request, body: reply.encoded(), correlationID: "another")
                }
            }
            #expect(answers.map(\.status) == [200, 200])
            #expect(answers.map { $0.json["id"]?.string } == Self.ids)
        }
    }

    @Test func lateForeignAndRepeatedRepliesChangeNothing() async throws {
        try await StandIn.run { standIn in
            let hub = standIn.hub
            for _ in 0..<2 {
                let answers = try await askForTwo(of: standIn) { first, second in
                    let foreign = StorageReply(operationID: "nobody's", outcome: found(Self.ids[0]))
                    try await hub.reply(to: first, body: foreign.encoded(), correlationID: "nobody's")
                    try await hub.reply(to: first, body: Array("{".utf8), correlationID: nil)
                    for _ in 0..<3 { try await hub.reply(to: second, found(Self.ids[1])) }
                    try await hub.reply(to: first, found(Self.ids[0]))
                    // Too late: it has been answered.
                    try await hub.reply(to: first, .failure(StorageFailure(.internalError, "no")))
                    try await hub.reply(to: second, .failure(StorageFailure(.internalError, "no")))
                }
                #expect(answers.map(\.status) == [200, 200])
                #expect(answers.map { $0.json["id"]?.string } == Self.ids)
            }
        }
    }

    @Test(arguments: [
        "", "not JSON", "[]", "{}", #"{"status":"success","data":{}}"#, #"{"operation_id":"ID"}"#,
        #"{"operation_id":"ID","status":"done"}"#, #"{"operation_id":"ID","status":"success","data":{}}"#,
        #"{"operation_id":"other","status":"success","data":{}}"#,
    ])
    func nonsenseFailsItsRequestAtOnceAndNoOther(_ body: String) async throws {
        try await StandIn.run { standIn in
            let hub = standIn.hub
            let earlier = hub.requests.value.count
            async let other = standIn.client.send("GET", "/api/v2/images/\(Self.ids[1])")
            let waiting = try await hub.requests.waitUntil { $0.count > earlier }[earlier]
            async let answer = standIn.client.send("GET", "/api/v2/images/\(Self.ids[0])")
            let request = try await hub.requests.waitUntil { $0.count > earlier + 1 }[earlier + 1]
            let id = try request.envelope().operationID
            let bytes = Array(body.replacing("ID", with: id).utf8)
            try await hub.reply(to: request, body: bytes, correlationID: id)
            // At once: the other still waits for the reply that follows only now.
            let failed = try await answer
            #expect(failed.status == 502)
            #expect(failed.json["error"]?["details"]?["reason"] == "invalid_response")
            try await hub.reply(to: waiting, found(Self.ids[1]))
            #expect(try await other.status == 200)
        }
    }

    @Test func unknownFieldsAndLongRepliesAreTaken() async throws {
        try await StandIn.run { standIn in
            async let answer = standIn.client.send("GET", "/api/v2/images/")
            let request = try await standIn.hub.requests.waitUntil { !$0.isEmpty }[0]
            let id = try request.envelope().operationID
            let head =
                #"{"operation_id":"\#(id)","status":"success","data":{"images":[],"total":0,"x_more":[]},"x_padding":""#
            let tail = #""}"#
            // As long as a reply may be.
            let padding = String(repeating: "a", count: 16_777_216 - head.utf8.count - tail.utf8.count)
            try await standIn.hub.reply(to: request, body: Array((head + padding + tail).utf8), correlationID: id)
            #expect(try await answer.status == 200)
        }
    }

    @Test(.enabled(if: StandIn.ownsItsHub, "another program's hub is not ours to do harm to"))
    func aLostConnectionBringsTheSameRequestAgain() async throws {
        try await StandIn.run { standIn in
            let hubSim = try #require(standIn.hubSim)
            async let answer = standIn.client.send("GET", "/api/v2/images/\(StandIn.imageID)")
            let first = try await standIn.hub.requests.waitUntil { !$0.isEmpty }[0]
            let connection = try #require(hubSim.snapshot().connections.first { $0.name.contains("image-service") })
            #expect(hubSim.closeConnection(connection.id, reason: "a test"))
            let second = try await standIn.hub.requests.waitUntil { $0.count == 2 }[1]
            #expect(second.message.body == first.message.body)
            #expect(second.message.correlationID == first.message.correlationID)
            #expect(second.message.replyTo != first.message.replyTo)
            let (before, after) = (try #require(first.message.expirationMs), try #require(second.message.expirationMs))
            #expect(after < before)
            try await standIn.hub.reply(to: second, found(StandIn.imageID))
            #expect(try await answer.status == 200)
            // It asks who is there on every new connection.
            try await standIn.hub.queries.waitUntil { $0.count >= 2 }
        }
    }
}

extension ImageRecord {
    /// A record that any storage might have.
    static func sample(id: String) -> ImageRecord {
        let name = String(repeating: "0a", count: 32)
        return ImageRecord(
            id: id,
            type: "portrait",
            subtype: "character",
            name: "Portrait",
            theme: "fantasy",
            content: ImageContent(
                url: AssetName.path(of: name),
                format: "png",
                width: 1,
                height: 1,
                size: 1,
                sha256: name
            ),
            version: 1,
            createdAt: Timestamp(millisecondsSinceEpoch: 1_767_323_045_678),
            updatedAt: Timestamp(millisecondsSinceEpoch: 1_767_323_045_678)
        )
    }
}
