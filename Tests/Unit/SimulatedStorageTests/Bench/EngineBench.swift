import HubProtocol
import JSON
import SimulatedStorage
import Synchronization

/// An engine on a store with time and ids in the test's hand: ids are `id-1`, `id-2`, …
final class EngineBench: Sendable {
    let engine: StorageEngine
    private let opened: Mutex<StoreUnderTest.Opened>
    let time = HandTime()
    private let lastID = Mutex(0)
    private let lastOperation = Mutex(0)

    init(limits: StorageLimits = StorageLimits(), on store: StoreUnderTest = .memory) {
        engine = StorageEngine(limits: limits)
        opened = Mutex(store.open(limits: limits))
    }

    var store: any RecordStore { opened.withLock { $0.records } }

    /// Closes the store and opens it again, where it is one that outlives its process; tells whether it is.
    func reopen() throws -> Bool { try opened.withLock { try $0.reopen() } }

    var ids: IDSource {
        IDSource {
            "id-"
                + String(
                    self.lastID.withLock { last in
                        last += 1
                        return last
                    }
                )
        }
    }

    func freshOperationID() -> String {
        "op-"
            + String(
                lastOperation.withLock { last in
                    last += 1
                    return last
                }
            )
    }

    /// Decides and applies a request.
    func decide(_ request: StorageRequest) async throws -> Decision {
        let (engine, now, ids) = (engine, time.now, ids)
        return try await store.transact(.writing) { reader throws(RecordStoreError) in
            let decision = try engine.decide(request, at: now, ids: ids, reading: reader)
            return (decision, decision.changes)
        }
    }

    /// The body of the reply to a request.
    func body(
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        as operationID: String? = nil
    ) async throws -> [UInt8] {
        let id = operationID ?? freshOperationID()
        let request = StorageRequest(operation: operation, operationID: id, data: data)
        return try await decide(request).replyBody(operationID: id)
    }

    /// The reply to a request.
    func ask(
        _ operation: String,
        _ data: [String: JSONValue] = [:],
        as operationID: String? = nil
    ) async throws -> Reply {
        Reply(try await body(operation, data, as: operationID))
    }

    /// Puts what the store knows of an asset.
    func putAsset(_ name: String, size: Int) async throws {
        let asset = StoredAsset(
            name: name,
            size: size,
            contentType: "image/png",
            blob: BlobID("b-\(name)"),
            idleSince: time.now
        )
        try await store.transact(.writing) { _ throws(RecordStoreError) in ((), [.insertAsset(asset)]) }
    }

    func usage() async throws -> StoreUsage {
        try await store.transact(.reading) { reader throws(RecordStoreError) in (try reader.usage(), []) }
    }

    func events() async throws -> [StorageEvent] {
        try await store.transact(.reading) { reader throws(RecordStoreError) in
            (try reader.pendingEvents(limit: .max).map(\.event), [])
        }
    }
}

/// A reply, short to compare.
struct Reply: Equatable, CustomStringConvertible {
    let json: JSONValue

    init(_ body: [UInt8]) { json = (try? JSONValue(parsing: body)) ?? .null }

    var data: JSONValue { json["data"] ?? .null }
    var code: String? { json["error"]?["code"]?.string }
    var details: JSONValue { json["error"]?["details"] ?? .null }
    var id: String { data["id"]?.string ?? "" }
    var version: Int64? { data["version"]?.integer }
    var description: String { String(decoding: json.encoded(), as: UTF8.self) }
}

extension [String: JSONValue] {
    /// The guide's own payload for `create_image`.
    static let portrait: [String: JSONValue] = [
        "type": "portrait", "subtype": "character", "name": "Portrait Name", "theme": "fantasy",
        "url": "https://images.example/1.png", "format": "png", "width": 512, "height": 512, "size": 1024,
    ]

    /// A content for `create_image_version`.
    static let content: [String: JSONValue] = [
        "url": "https://images.example/2.webp", "format": "webp", "width": 640, "height": 480, "size": 2048,
    ]

    func with(_ more: [String: JSONValue]) -> [String: JSONValue] { merging(more) { _, new in new } }
}

/// The name of an asset for a test: 64 times this digit.
func assetName(_ digit: Character) -> String { String(repeating: digit, count: 64) }
