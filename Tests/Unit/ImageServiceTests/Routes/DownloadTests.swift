import Crypto
import HubProtocol
import JSON
import NIOCore
import TestSupport
import Testing

@testable import ImageService

/// Bytes come from storage as they are needed: whole, in part, or not at all.
@Suite("Downloads", .timeLimit(.minutes(5)))
struct DownloadTests {
    private static let path = "/api/v2/images/\(Samples.imageID)/content"
    private static let piece = AssetDownload.Limits.pieceBytes
    private static let content = (0..<(2 * piece + 1000)).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 7) }

    private static func storage(
        _ bytes: [UInt8] = content,
        sha256: String? = nil,
        get: @escaping @Sendable (ImageContent) throws(StorageTrouble) -> ByteBuffer
    ) -> FakeStorage {
        FakeStorage(
            operation: { operation, _ throws(StorageTrouble) in
                var record = Samples.record()
                record.content.size = bytes.count
                record.content.sha256 = sha256 ?? AssetName.from(digest: SHA256.hash(data: bytes))
                return record.json
            },
            get: get
        )
    }

    private static func storage(_ bytes: [UInt8] = content, sha256: String? = nil) -> FakeStorage {
        let buffer = ByteBuffer(bytes: bytes)
        return storage(bytes, sha256: sha256) { _ throws(StorageTrouble) in buffer }
    }

    @Test func largeContentComesInPieces() async throws {
        let storage = Self.storage()
        // Far less memory than the content has.
        var settings = ServiceSettings()
        settings.inflightBytesMax = 2 * Self.piece
        let answer = try await withService(storage, settings: settings) { client in
            try await client.send("GET", Self.path)
        }
        #expect(answer.status == 200)
        #expect(answer.body == Self.content)
        #expect(answer.headers["content-length"] == "\(Self.content.count)")
        let parts: [FakeStorage.Event] = [
            .part(0..<Self.piece), .part(Self.piece..<2 * Self.piece), .part(2 * Self.piece..<Self.content.count),
        ]
        #expect(Array(storage.events.dropFirst()) == parts)
    }

    @Test func smallContentComesWholeAndChecked() async throws {
        let storage = Self.storage([1, 2, 3])
        let answer = try await withService(storage) { client in try await client.send("GET", Self.path) }
        #expect(answer.body == [1, 2, 3])
        #expect(storage.events.last == .get(AssetName.from(digest: SHA256.hash(data: [1, 2, 3] as [UInt8]))))
    }

    @Test func aPartIsFetchedAlone() async throws {
        let storage = Self.storage()
        let answer = try await withService(storage) { client in
            try await client.send("GET", Self.path, headers: [("Range", "bytes=1500000-1500009")])
        }
        #expect(answer.status == 206)
        #expect(answer.headers["content-range"] == "bytes 1500000-1500009/\(Self.content.count)")
        #expect(answer.body == Array(Self.content[1_500_000..<1_500_010]))
        #expect(Array(storage.events.dropFirst()) == [.part(1_500_000..<1_500_010)])
    }

    @Test func aPartMayBeOfSeveralPieces() async throws {
        let storage = Self.storage()
        let answer = try await withService(storage) { client in
            try await client.send("GET", Self.path, headers: [("Range", "bytes=-\(Self.piece + 5)")])
        }
        #expect(answer.body == Array(Self.content.suffix(Self.piece + 5)))
        #expect(storage.events.count == 3)
    }

    @Test func headFetchesNothing() async throws {
        let storage = Self.storage()
        let answer = try await withService(storage) { client in
            try await client.send("HEAD", Self.path, headers: [("Range", "bytes=0-0")])
        }
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "\(Self.content.count)")
        #expect(answer.headers["accept-ranges"] == "bytes")
        #expect(storage.events.count == 2)
        guard case .head = storage.events.last else {
            Issue.record("the asset was not looked for: \(storage.events)")
            return
        }
    }

    @Test func headTellsOfBytesThatAreGone() async throws {
        let storage = Self.storage { _ throws(StorageTrouble) in
            throw .rejected(code: "ASSET_NOT_FOUND", message: "gone")
        }
        let answer = try await withService(storage) { client in try await client.send("HEAD", Self.path) }
        #expect(answer.status == 502)
    }

    @Test func aRangeOutsideFetchesNothing() async throws {
        let storage = Self.storage()
        let answer = try await withService(storage) { client in
            try await client.send("GET", Self.path, headers: [("Range", "bytes=99999999-")])
        }
        #expect(answer.status == 416)
        #expect(storage.events.count == 1)
    }

    @Test func bytesOfAnotherDigestDoNotLookComplete() async throws {
        let storage = Self.storage(sha256: Samples.sha256)
        try await withService(storage) { client in
            await #expect(throws: (any Error).self) { try await client.send("GET", Self.path) }
            // The connection was lost, not the service.
            let live = try await client.send("GET", "/health/live")
            #expect(live.status == 200)
        }
    }

    @Test func storageThatFailsInTheMiddleBreaksTheAnswerOff() async throws {
        let bytes = ByteBuffer(bytes: Self.content.dropLast(10))
        let storage = Self.storage { _ throws(StorageTrouble) in bytes }
        try await withService(storage) { client in
            await #expect(throws: (any Error).self) { try await client.send("GET", Self.path) }
            let metrics = try await client.send("GET", "/metrics")
            let read = try PrometheusReader(String(decoding: metrics.body, as: UTF8.self))
            // Nothing of it is held any longer.
            #expect(read.value("image_service_inflight_bytes", ["kind": "transfer"]) == 0)
        }
    }

    /// A client waits for storage no longer than `STORAGE_TIMEOUT_MS`, whatever its request takes.
    @Test(arguments: [("GET", "/content", ""), ("PATCH", "", #"{"name":"n"}"#), ("DELETE", "", "")])
    func operationsOfOneRequestShareTheirDeadline(_ method: String, _ path: String, _ body: String) async throws {
        let storage = FakeStorage()
        try await withService(storage) { client in
            let answer = try await client.send(
                method,
                "/api/v2/images/\(Samples.imageID)" + path,
                headers: [("Content-Type", "application/json")] + (method == "GET" ? [] : [("If-Match", "\"1\"")]),
                body: body.isEmpty ? nil : Array(body.utf8)
            )
            #expect(answer.status < 300)
        }
        let calls = storage.calls
        #expect(calls.count == 2)
        #expect(Set(calls.map(\.deadline)).count == 1)
        #expect(Set(calls.map(\.operationID)).count == 2)
    }
}
