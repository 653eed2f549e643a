import HubProtocol
import JSON
import MessageHub
import TestSupport
import Testing

@testable import ImageService

/// A request can be followed: from the client through the hub to storage, and in every line that is logged for it.
@Suite("Traces and log lines", .timeLimit(.minutes(10)))
struct TraceTests {
    private static let traceID = "0af7651916cd43dd8448eb211c80319c"
    private static let traceparent = "00-\(traceID)-b7ad6b7169203331-01"

    @Test("traceparent goes through the hub, and its trace into the log")
    func theTraceOfARequest() async throws {
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e"
        let storage = ScriptedStorage(
            outcome: .failure(StorageFailure(.imageNotFound, "there is no such image"))
        )
        let log = LogRecorder()
        try await Stack.run(storage: .scripted(storage), logger: log.logger) { stack in
            let answer = try await stack.client.send(
                "GET",
                "/api/v2/images/\(id)",
                headers: [("X-Request-ID", "r-1"), ("traceparent", Self.traceparent), ("tracestate", "vendor=1")]
            )
            #expect(answer.status == 404)
            let message = try #require(storage.requestMessages.first)
            #expect(message.headers["traceparent"] == .string(Self.traceparent))
            #expect(message.headers["tracestate"] == .string("vendor=1"))
            let operationID = try #require(storage.requests.first?.operationID)
            #expect(answer.json["error"]?["details"]?["operation_id"]?.string == operationID)

            let lines = log.lines.filter { $0["request_id"] == "r-1" }
            #expect(lines.contains { $0.message == "Request answered" })
            #expect(lines.contains { $0.message == "Request failed" })
            // One id a request, under one name.
            #expect(lines.allSatisfy { $0["hb.request.id"] == nil })
            for line in lines where line.level >= .debug {
                #expect(line["trace_id"] == Self.traceID, "\(line.message)")
                #expect(line["operation_id"] == operationID, "\(line.message)")
            }
        }
    }

    @Test("lines that code far from the request writes carry its ids too")
    func theLinesOfAnUploadThatIsRepeated() async throws {
        let storage = ScriptedStorage { request, message in
            let failure = StorageFailure(.assetNotFound, "it is gone")
            let reply = StorageReply(operationID: request.operationID, outcome: .failure(failure))
            return [.init(body: reply.encoded(), correlationID: message.correlationID)]
        }
        let log = LogRecorder()
        try await Stack.run(storage: .scripted(storage), logger: log.logger) { stack in
            let image = try Fixtures.bytes("images/good/png-rgb-8.png")
            let answer = try await stack.client.upload(image, name: "a")
            #expect(answer.status == 502)
            let line = try #require(log.lines.first { $0.message.hasPrefix("storage misses an asset") })
            #expect(line["request_id"] == answer.headers["x-request-id"])
            #expect(line["trace_id"]?.count == 32)
            #expect(line["operation_id"] == storage.requests.first?.operationID)
        }
    }

    @Test("the first line says what the program is made of")
    func theLineAtTheStart() async throws {
        let log = LogRecorder()
        try await Stack.run(storage: .assetsOnly, logger: log.logger) { _ in
            let line = try #require(log.lines.first { $0.message == "image service starts" })
            let libraries = try #require(line["libraries"])
            for library in ["librabbitmq", "libpng", "libgd", "libjpeg-turbo", "libwebp", "zlib"] {
                #expect(libraries.firstMatch(of: try Regex("\(library) [0-9]+\\.[0-9]")) != nil, "\(library)")
            }
        }
    }
}
