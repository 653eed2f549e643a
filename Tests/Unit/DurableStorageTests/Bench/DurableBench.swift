import Crypto
import DurableStorage
import Foundation
import HubProtocol
import JSON
import Logging
import MessageHub
import NIOCore
import SimulatedStorage
import Synchronization

/// A storage on a data directory, with the wall time in the test's hand. It begins now, because files are dated by the
/// system's clock.
struct DurableBench {
    let store: DurableStore
    let core: StorageCore

    init(
        in folder: TemporaryFolder,
        limits: StorageLimits = StorageLimits(),
        time: WallTime = WallTime(),
        onStep: @escaping StepObserver = { _ in }
    ) throws {
        let source = TimeSource(clock: ContinuousClock()) { time.now }
        store = try DurableStore(
            directory: folder.path + "/data",
            limits: limits,
            time: source,
            logger: .silent,
            onStep: onStep
        )
        core = StorageCore(
            limits: limits,
            records: store.records,
            assetStore: store.assets,
            time: source,
            logger: .silent
        )
    }

    /// Carries out a request and gives the reply.
    @discardableResult
    func ask(_ operation: String, _ data: [String: JSONValue] = [:], id: String = UUID().uuidString) async -> JSONValue
    {
        let request = StorageRequest(operation: operation, operationID: id, data: data)
        let body = await core.carryOut(request).replyBody(operationID: id)
        return (try? JSONValue(parsing: body)) ?? .null
    }

    @discardableResult
    func put(_ bytes: [UInt8]) async throws -> AssetLibrary.Receipt {
        let body = AsyncStream<ByteBuffer> { continuation in
            for byte in bytes { continuation.yield(ByteBuffer(bytes: [byte])) }
            continuation.finish()
        }
        return try await core.assets.put(
            assetName(of: bytes),
            contentType: "image/png",
            expectedBytes: bytes.count,
            body: body
        )
    }

    /// The bytes of an asset; `nil` where it is not there.
    func bytes(of name: String) async throws -> [UInt8]? {
        try await core.assets.get(name).map { Array($0.bytes.readableBytesView) }
    }
}

/// Wall time that begins now and that only a test moves.
final class WallTime: Sendable {
    private let value = Mutex(
        Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1000))
    )

    var now: Timestamp { value.withLock { $0 } }

    func advance(milliseconds: Int64) { value.withLock { $0 = $0.adding(milliseconds: milliseconds) } }
}

func assetName(of bytes: [UInt8]) -> String { AssetName.from(digest: SHA256.hash(data: bytes)) }

extension Logger {
    /// Says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension [String: JSONValue] {
    /// An image without an asset.
    static let portrait: [String: JSONValue] = [
        "type": "portrait", "subtype": "character", "name": "Portrait Name", "theme": "fantasy",
        "url": "https://images.example/1.png", "format": "png", "width": 512, "height": 512, "size": 1024,
    ]

    /// An image with an asset of these bytes.
    static func image(of bytes: [UInt8]) -> [String: JSONValue] {
        portrait.merging(["sha256": .string(assetName(of: bytes)), "size": .integer(Int64(bytes.count))]) { $1 }
    }
}
