import HubProtocol
import ImageService
import SimulatedStorage
import TestSupport
import Testing

/// What clients see of a storage that fails (contract §2, §7).
@Suite struct StorageTroubleTests {
    static func settings(timeoutMs: Int = 20_000) -> ServiceSettings {
        var settings = ServiceSettings()
        settings.storageTimeout = .milliseconds(timeoutMs)
        return settings
    }

    static let image = "/api/v2/images/00000000-0000-4000-8000-000000000000"

    struct Refusal: Sendable {
        var code: String
        var status: Int
        var answer = "STORAGE_ERROR"
        var reason: String?
    }

    @Test(arguments: [
        Refusal(code: "IMAGE_NOT_FOUND", status: 404, answer: "IMAGE_NOT_FOUND"),
        Refusal(code: "VERSION_NOT_FOUND", status: 404, answer: "VERSION_NOT_FOUND"),
        Refusal(code: "VERSION_CONFLICT", status: 412, answer: "PRECONDITION_FAILED"),
        Refusal(code: "STORAGE_FULL", status: 503, reason: "full"),
        Refusal(code: "ASSET_NOT_FOUND", status: 502, reason: "rejected"),
        Refusal(code: "VALIDATION_ERROR", status: 502, reason: "rejected"),
        Refusal(code: "OPERATION_CONFLICT", status: 502, reason: "rejected"),
        Refusal(code: "UNKNOWN_OPERATION", status: 502, reason: "rejected"),
        Refusal(code: "INTERNAL_ERROR", status: 502, reason: "rejected"),
        Refusal(code: "SOMETHING_NEW", status: 502, reason: "rejected"),
    ])
    func refusalsAreToldApart(_ refusal: Refusal) async throws {
        let storage = ScriptedStorage(outcome: .failure(StorageFailure(code: refusal.code, message: "secret inside")))
        let answer = try await Stack.run(Self.settings(), storage: .scripted(storage)) { stack in
            try await stack.client.send("GET", Self.image)
        }
        #expect(answer.status == refusal.status, "\(answer.json)")
        #expect(answer.errorCode == refusal.answer)
        let details = answer.json["error"]?["details"]
        #expect(details?["reason"]?.string == refusal.reason)
        #expect(details?["operation_id"]?.string == storage.requests.first?.operationID)
        if refusal.reason == "rejected" { #expect(details?["storage_code"]?.string == refusal.code) }
        if refusal.status == 503 { #expect(answer.headers["retry-after"] != nil) }
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("secret"))
    }

    struct Nonsense: Sendable {
        var body: String
        /// Whether the reply's `correlation_id` is the request's.
        var isCorrelated = true
        var status: Int
        var reason: String
    }

    @Test(arguments: [
        Nonsense(body: "not JSON", status: 502, reason: "invalid_response"),
        Nonsense(body: "", status: 502, reason: "invalid_response"),
        Nonsense(body: "[]", status: 502, reason: "invalid_response"),
        Nonsense(body: #"{"operation_id":"ID"}"#, status: 502, reason: "invalid_response"),
        Nonsense(body: #"{"operation_id":"ID","status":"maybe","data":{}}"#, status: 502, reason: "invalid_response"),
        Nonsense(body: #"{"operation_id":"ID","status":"success"}"#, status: 502, reason: "invalid_response"),
        Nonsense(
            body: #"{"operation_id":"ID","status":"success","data":{"id":"x"}}"#,
            status: 502,
            reason: "invalid_response"
        ),
        Nonsense(
            body: #"{"operation_id":"other","status":"success","data":{}}"#,
            status: 502,
            reason: "invalid_response"
        ),
        // Nobody's reply: it is passed over, and then nothing more comes.
        Nonsense(body: "not JSON", isCorrelated: false, status: 504, reason: "timeout"),
        Nonsense(
            body: #"{"operation_id":"other","status":"success","data":{}}"#,
            isCorrelated: false,
            status: 504,
            reason: "timeout"
        ),
    ])
    func nonsenseIsNoAnswer(_ nonsense: Nonsense) async throws {
        let storage = ScriptedStorage { request, message in
            let body = nonsense.body.replacing("ID", with: request.operationID)
            return [
                ScriptedStorage.Reply(
                    body: Array(body.utf8),
                    correlationID: nonsense.isCorrelated ? message.correlationID : "foreign"
                )
            ]
        }
        // Where an answer is to come there is time enough, however busy the machine; where none is, there is no need to wait.
        let timeoutMs = nonsense.status == 504 ? 4000 : 20_000
        let answer = try await Stack.run(Self.settings(timeoutMs: timeoutMs), storage: .scripted(storage)) { stack in
            try await stack.client.send("GET", Self.image)
        }
        #expect(answer.status == nonsense.status, "\(answer.json)")
        #expect(answer.errorCode == "STORAGE_ERROR")
        #expect(answer.json["error"]?["details"]?["reason"]?.string == nonsense.reason)
    }

    @Test func silenceIsATimeout() async throws {
        let storage = ScriptedStorage { _, _ in [] }
        let (answer, took) = try await Stack.run(Self.settings(timeoutMs: 4000), storage: .scripted(storage)) { stack in
            let start = ContinuousClock.now
            return (try await stack.client.send("GET", "/api/v2/images/"), ContinuousClock.now - start)
        }
        #expect(answer.status == 504)
        #expect(answer.json["error"]?["details"]?["reason"] == "timeout")
        #expect(took >= .milliseconds(4000))
    }

    @Test func nobodyListensIsUnavailableAtOnce() async throws {
        // At once: at the deadline it would be a timeout, and the client does not wait for so long.
        let answer = try await Stack.run(Self.settings(timeoutMs: 600_000), storage: .assetsOnly) { stack in
            try await stack.client.send("GET", "/api/v2/images/")
        }
        #expect(answer.status == 503)
        #expect(answer.errorCode == "STORAGE_ERROR")
        #expect(answer.json["error"]?["details"]?["reason"] == "unavailable")
        #expect(answer.headers["retry-after"] != nil)
    }

    /// A message in a durable queue is not returned, whoever is away: asked for a minute, the service knows sooner.
    @Test func aQueueWithoutConsumerIsUnavailable() async throws {
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run(Self.settings(timeoutMs: 600_000), storage: .queueOnly) { stack in
            for _ in 1...2 {
                let answer = try await stack.client.send("GET", Self.image)
                #expect(answer.status == 503)
                #expect(answer.errorCode == "STORAGE_ERROR")
                #expect(answer.json["error"]?["details"]?["reason"] == "unavailable")
                #expect(answer.headers["retry-after"] != nil)
            }
            // Storage may carry it out when it is back, so its bytes stay.
            let upload = try await stack.client.upload(bytes, name: "n")
            #expect(upload.status == 503)
            #expect(try await stack.storage.core.usage().assets == 1)
        }
    }

    @Test func aRefusedUploadLeavesNoAsset() async throws {
        let storage = ScriptedStorage(outcome: .failure(StorageFailure(.validationError, "no")))
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run(Self.settings(), storage: .scripted(storage)) { stack in
            let answer = try await stack.client.upload(bytes, name: "n")
            #expect(answer.status == 502)
            guard case .string(let sha256)? = storage.requests.first?.data["sha256"] else {
                Issue.record("no digest was sent")
                return
            }
            let asset = try await ServiceClient(stack.storageURL).send("HEAD", "/api/v2/assets/\(sha256)")
            #expect(asset.status == 404)
        }
    }

    @Test func anUploadThatTimedOutLeavesItsAsset() async throws {
        let storage = ScriptedStorage { _, _ in [] }
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run(Self.settings(timeoutMs: 15_000), storage: .scripted(storage)) { stack in
            let answer = try await stack.client.upload(bytes, name: "n")
            #expect(answer.status == 504)
            guard case .string(let sha256)? = storage.requests.first?.data["sha256"] else {
                Issue.record("no digest was sent")
                return
            }
            let asset = try await ServiceClient(stack.storageURL).send("GET", "/api/v2/assets/\(sha256)")
            #expect(asset.body == bytes)
        }
    }

    @Test func requestsCarryWhatTheProtocolSays() async throws {
        let storage = ScriptedStorage(outcome: .failure(StorageFailure(.imageNotFound, "no")))
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        _ = try await Stack.run(Self.settings(), storage: .scripted(storage)) { stack in
            try await stack.client.send("GET", Self.image, headers: [("traceparent", traceparent)])
        }
        let request = try #require(storage.requests.first)
        let message = try #require(storage.requestMessages.first)
        #expect(request.operation == "get_image")
        #expect(message.correlationID == request.operationID)
        #expect(message.messageID == request.operationID)
        #expect(message.contentType == "application/json")
        #expect(message.isPersistent)
        #expect(message.type == "storage.request")
        #expect(message.appID == "image_service")
        #expect(message.headers["event_type"]?.string == "storage.request")
        #expect(message.headers["traceparent"]?.string == traceparent)
        #expect((1...20_000).contains(message.expirationMs ?? 0))
        #expect(message.timestampSeconds != nil)
    }
}
