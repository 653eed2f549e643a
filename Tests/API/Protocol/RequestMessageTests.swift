import Foundation
import HubProtocol
import ImageService
import JSON
import MessageHub
import TestSupport
import Testing

/// What the Image Service publishes, seen from the storage side: docs/protocol.md, chapter 2.
@Suite(.timeLimit(.minutes(2)))
struct RequestMessageTests {
    /// A call of the HTTP API, and the operation that it leads to.
    struct Call: Sendable, CustomTestStringConvertible {
        var operation: OperationName
        var method = "GET"
        var path = ""
        var headers: [(String, String)] = []
        var body: [UInt8]?
        var testDescription: String { operation.rawValue }
    }

    private static let image = "/api/v2/images/\(StandIn.imageID)"
    private static let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    static func calls() throws -> [Call] {
        let picture = try Fixtures.bytes("images/good/png-rgb-8.png")
        var form = FormBody()
        for key in ["type", "subtype", "name", "theme"] { form.add(key, "a \(key)") }
        form.add("image", file: "image.png", type: "image/png", bytes: picture)
        let json = ("Content-Type", "application/json")
        return [
            Call(operation: .getImage, path: image),
            Call(operation: .listImages, path: "/api/v2/images/?type=a&limit=5"),
            Call(
                operation: .createImage,
                method: "POST",
                path: "/api/v2/images/",
                headers: [("Content-Type", form.contentType)],
                body: form.finished()
            ),
            Call(
                operation: .updateImage,
                method: "PATCH",
                path: image,
                headers: [json],
                body: Array(#"{"name":"another"}"#.utf8)
            ),
            Call(
                operation: .createImageVersion,
                method: "PUT",
                path: "\(image)/content",
                headers: [("Content-Type", "image/png")],
                body: picture
            ),
            Call(operation: .listImageVersions, path: "\(image)/versions"),
            Call(operation: .deleteImage, method: "DELETE", path: image),
        ]
    }

    @Test func theSevenOperationsAreHere() throws {
        #expect(try Set(Self.calls().map(\.operation)) == Set(OperationName.allCases))
    }

    @Test func everyRequestIsAsTheProtocolSays() async throws {
        let calls = try Self.calls()
        try await StandIn.run { standIn in
            for call in calls {
                let earlier = standIn.hub.requests.value.count
                async let answer = standIn.client.send(
                    call.method,
                    call.path,
                    headers: call.headers + [("traceparent", Self.traceparent)],
                    body: call.body
                )
                let requests = try await standIn.hub.requests.waitUntil { $0.count > earlier }
                let request = requests[earlier]
                try check(request, of: call, in: standIn)
                try await standIn.hub.reply(to: request, .failure(StorageFailure(.imageNotFound, "none")))
                #expect(try await answer.status == 404, "\(call.operation)")
            }
            let ids = try standIn.hub.requests.value.map { try $0.envelope().operationID }
            #expect(ids.count == calls.count && Set(ids).count == ids.count)
            try await checkQueues(of: standIn)
        }
    }

    private func check(_ request: HubDelivery, of call: Call, in standIn: StandIn) throws {
        #expect(request.exchange == standIn.hub.topology.exchange)
        #expect(request.routingKey == "storage.request")
        let message = request.message
        #expect(message.contentType == "application/json")
        #expect(message.isPersistent)
        #expect(message.type == "storage.request")
        #expect(message.headers["event_type"] == .string("storage.request"))
        #expect(message.appID == "image_service")
        #expect(message.timestampSeconds != nil)
        let expirationMs = try #require(message.expirationMs)
        #expect((1...60_000).contains(expirationMs))
        #expect(message.headers["traceparent"] == .string(Self.traceparent))
        #expect(message.body.count <= 1_048_576)

        let body = try #require(try JSONValue(parsing: message.body).object)
        #expect(Set(body.keys) == ["operation", "operation_id", "data"])
        let envelope = try request.envelope()
        #expect(envelope.operation == call.operation.rawValue)
        // What storage would make of it: throws where a field is wrong.
        _ = try StorageOperation(call.operation, data: envelope.data)
        // Storage may do without it; a requester never does.
        if call.operation == .createImageVersion { #expect(envelope.data["sha256"]?.string != nil) }
        #expect(UUID(uuidString: envelope.operationID) != nil)
        #expect(message.messageID == envelope.operationID)
        #expect(message.correlationID == envelope.operationID)
    }

    /// The reply queue is there, of one connection alone, and one for all requests.
    private func checkQueues(of standIn: StandIn) async throws {
        let names = Set(standIn.hub.requests.value.map { $0.message.replyTo ?? "" })
        #expect(names.count == 1)
        // AMQP 0-9-1 §1.7.2.1: another connection's exclusive queue is locked.
        let refusal = try await standIn.hub.lookAtQueue(try #require(names.first))
        guard case .refused(code: 405, text: _) = refusal else {
            Issue.record("not exclusive: \(String(describing: refusal))")
            return
        }
    }

    @Test func theServiceDeclaresNothingOfStorages() async throws {
        try await StandIn.run(consumes: false) { standIn in
            // It has asked, so it has declared all that it declares.
            #expect(try await standIn.client.send("GET", Self.image).status == 503)
            let refusal = try await standIn.hub.lookAtQueue(standIn.hub.topology.queue)
            guard case .refused(code: 404, text: _) = refusal else {
                Issue.record("the queue is there: \(String(describing: refusal))")
                return
            }
        }
    }
}

extension StandIn {
    static let imageID = "0f8fad5b-d9cb-469f-a165-70867728950e"
}
