import HubProtocol
import JSON
import Logging
import MessageHub
import NIOCore
import SimulatedStorage
import Testing

/// Which assets are collected, and when (contract §4, §7); time is turned by hand.
@Suite(.timeLimit(.minutes(5))) struct AssetCollectionTests {
    private static let hour: Int64 = 3_600_000
    let time = HandTime()
    let bytes = MemoryAssetStore(bytesMax: 1 << 30)
    let core: StorageCore

    init() {
        let time = time
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        core = StorageCore(
            assetStore: bytes,
            time: TimeSource(clock: InstantClock()) { time.now },
            logger: logger
        )
    }

    private func put(_ bytes: [UInt8]) async throws {
        let body = AsyncStream<ByteBuffer> { continuation in
            continuation.yield(ByteBuffer(bytes: bytes))
            continuation.finish()
        }
        _ = try await core.assets.put(name(of: bytes), contentType: "image/png", expectedBytes: nil, body: body)
    }

    private func isThere(_ bytes: [UInt8]) async throws -> Bool {
        try await core.assets.get(name(of: bytes))?.bytes == ByteBuffer(bytes: bytes)
    }

    private func ask(_ operation: String, _ data: [String: JSONValue], id: String) async -> Reply {
        let request = StorageRequest(operation: operation, operationID: id, data: data)
        return Reply(await core.carryOut(request).replyBody(operationID: id))
    }

    private func content(of bytes: [UInt8]) -> [String: JSONValue] {
        ["sha256": .string(name(of: bytes)), "size": .integer(Int64(bytes.count))]
    }

    @Test func anHourAfterTheLastPut() async throws {
        try await put([1])
        time.advance(milliseconds: Self.hour / 2)
        try await put([2])
        time.advance(milliseconds: Self.hour / 2 - 1)
        try await core.housekeep()
        #expect(try await isThere([1]))
        time.advance(milliseconds: 1)
        try await core.housekeep()
        #expect(try await !isThere([1]))
        #expect(try await isThere([2]))
        // Put again: its hour starts anew.
        try await put([2])
        time.advance(milliseconds: Self.hour - 1)
        try await core.housekeep()
        #expect(try await isThere([2]))
        time.advance(milliseconds: 1)
        try await core.housekeep()
        #expect(try await !isThere([2]))
        #expect(bytes.bytesTaken == 0)
    }

    @Test func neverWhatAVersionRefersTo() async throws {
        try await put([1])
        try await put([2])
        let image = await ask("create_image", .portrait.with(content(of: [1])), id: "create")
        let id: [String: JSONValue] = ["image_id": .string(image.id)]
        _ = await ask("create_image_version", .content.with(content(of: [2])).with(id), id: "version")
        time.advance(milliseconds: 1000 * Self.hour)
        try await core.housekeep()
        #expect(try await isThere([1]))
        #expect(try await isThere([2]))
        // An hour after the release, although the last PUT was long ago.
        _ = await ask("delete_image", id, id: "delete")
        time.advance(milliseconds: Self.hour - 1)
        try await core.housekeep()
        #expect(try await isThere([1]))
        time.advance(milliseconds: 1)
        try await core.housekeep()
        #expect(try await !isThere([1]))
        #expect(try await !isThere([2]))
        #expect(bytes.bytesTaken == 0)
    }

    @Test func manyMoreThanOneTransactionTakes() async throws {
        for number in 0..<2500 { try await put([UInt8(number & 255), UInt8(number >> 8)]) }
        time.advance(milliseconds: Self.hour)
        #expect(try await core.assets.collect() == 2500)
        #expect(try await core.usage().assets == 0)
        #expect(bytes.bytesTaken == 0)
    }

    @Test func operationsAreForgottenAfterADay() async throws {
        for number in 0..<1500 { _ = await ask("create_image", .portrait, id: "\(number)") }
        time.advance(milliseconds: 24 * Self.hour)
        try await core.housekeep()
        #expect(try await core.usage().operations == 1500)
        time.advance(milliseconds: 1)
        try await core.housekeep()
        #expect(try await core.usage().operations == 0)
        #expect(try await core.usage().images == 1500)
    }

    @Test func putAgainstCollectionNeverLosesWhatWasAcknowledged() async throws {
        // Putting, referring, collecting and deleting the same bytes, all at once: after a PUT was acknowledged within
        // its hour, create_image must find the asset, and what a record refers to must be there.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for round in 0..<200 {
                let bytes: [UInt8] = [UInt8(round % 3)]
                group.addTask {
                    try await put(bytes)
                    let image = await ask("create_image", .portrait.with(content(of: bytes)), id: "create-\(round)")
                    // A DELETE by another client may have come in between; a collection may not.
                    if image.code == nil {
                        #expect(try await isThere(bytes))
                        if round.isMultiple(of: 2) {
                            _ = await ask("delete_image", ["image_id": .string(image.id)], id: "delete-\(round)")
                        }
                    } else {
                        #expect(image.code == "ASSET_NOT_FOUND")
                    }
                }
                group.addTask { try await core.housekeep() }
                if round.isMultiple(of: 5) {
                    group.addTask { try? await core.assets.delete(name(of: bytes)) }
                }
            }
            try await group.waitForAll()
        }
        for value in 0..<3 as Range<UInt8> { #expect(try await isThere([value])) }
        // Only the bytes of the three assets are left, no draft and no double.
        #expect(bytes.bytesTaken == 3)
    }

    @Test func collectionDoesNotComeBetweenPutAndItsReference() async throws {
        // The asset's hour is over, and it is put again in the moment in which it is collected.
        for _ in 0..<100 {
            try await put([7])
            time.advance(milliseconds: Self.hour)
            async let collected = core.assets.collect()
            try await put([7])
            _ = try await collected
            #expect(try await isThere([7]))
            #expect(bytes.bytesTaken == 1)
        }
    }
}
