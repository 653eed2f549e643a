import DurableStorage
import Foundation
import JSON
import NIOCore
import SimulatedStorage
import Testing

/// The bytes of assets as files.
@Suite struct FileAssetTests {
    private static let hour: Int64 = 3_600_000
    let folder: TemporaryFolder
    let time = WallTime()

    init() throws { folder = try TemporaryFolder() }

    private func open(limits: StorageLimits = StorageLimits()) throws -> DurableBench {
        try DurableBench(in: folder, limits: limits, time: time)
    }

    private func files() throws -> [String] { try folder.files(below: "/data/assets") }

    @Test func areNamedByWhatTheyHoldAndSurvive() async throws {
        let name = assetName(of: [1, 2, 3])
        var bench = try open()
        #expect(try await bench.put([1, 2, 3]).isNew)
        #expect(try await !bench.put([1, 2, 3]).isNew)
        let file = try #require(try files().first)
        #expect(try files().count == 1)
        #expect(file.hasPrefix("\(name.prefix(2))/\(name.dropFirst(2))."))
        #expect(try Data(contentsOf: URL(filePath: folder.path + "/data/assets/" + file)) == Data([1, 2, 3]))
        #expect(bench.store.assets.bytesTaken == 3)
        try bench.store.close()
        bench = try open()
        #expect(try await bench.bytes(of: name) == [1, 2, 3])
        #expect(bench.store.assets.bytesTaken == 3)
        try bench.store.close()
    }

    @Test func theBoundOnAllBytesHoldsAlsoAfterARestart() async throws {
        var limits = StorageLimits()
        limits.assetBytesTotalMax = 10
        var bench = try open(limits: limits)
        try await bench.put([1, 2, 3, 4, 5, 6])
        await #expect(throws: AssetError.full) { try await bench.put([7, 8, 9, 10, 11]) }
        #expect(try files().count == 1)
        try bench.store.close()
        bench = try open(limits: limits)
        await #expect(throws: AssetError.full) { try await bench.put([7, 8, 9, 10, 11]) }
        try await bench.put([7, 8, 9, 10])
        try await bench.core.assets.delete(assetName(of: [1, 2, 3, 4, 5, 6]))
        try await bench.put([7, 8, 9, 10, 11])
        #expect(bench.store.assets.bytesTaken == 9)
        try bench.store.close()
    }

    @Test func whatIsNotWhatItsNameSaysLeavesNoFile() async throws {
        let bench = try open()
        let body = AsyncStream<ByteBuffer> { continuation in
            continuation.yield(ByteBuffer(bytes: [9]))
            continuation.finish()
        }
        await #expect(throws: AssetError.digestMismatch) {
            try await bench.core.assets.put(assetName(of: [1]), contentType: "a/b", expectedBytes: 100, body: body)
        }
        #expect(try files().isEmpty)
        #expect(bench.store.assets.bytesTaken == 0)
        try bench.store.close()
    }

    @Test func collectedAssetsTakeTheirFilesAlong() async throws {
        let bench = try open()
        try await bench.put([1])
        try await bench.put([2])
        await bench.ask("create_image", .image(of: [2]))
        time.advance(milliseconds: Self.hour)
        try await bench.core.housekeep()
        #expect(try files().count == 1)
        #expect(try await bench.bytes(of: assetName(of: [2])) == [2])
        #expect(bench.store.assets.bytesTaken == 1)
        try bench.store.close()
    }

    @Test func halfWrittenFilesGoAtTheStart() async throws {
        try open().store.close()
        try Data([1, 2]).write(to: URL(filePath: folder.path + "/data/assets/incoming/half"))
        let bench = try open()
        #expect(try files().isEmpty)
        #expect(bench.store.assets.bytesTaken == 0)
        try bench.store.close()
    }

    @Test func filesOfNoAssetGoOnlyWhenTheirTimeIsOver() async throws {
        var bench = try open()
        try await bench.put([1])
        try bench.store.close()
        let stray = folder.path + "/data/assets/ab/cdef.1"
        try Data([1, 2]).write(to: URL(filePath: stray))
        bench = try open()
        #expect(FileManager.default.fileExists(atPath: stray))
        #expect(bench.store.assets.bytesTaken == 3)
        time.advance(milliseconds: Self.hour / 2)
        #expect(try await bench.store.strayFileRemover.removeNow() == 0)
        time.advance(milliseconds: Self.hour / 2 + 60_000)
        #expect(try await bench.store.strayFileRemover.removeNow() == 1)
        #expect(!FileManager.default.fileExists(atPath: stray))
        #expect(bench.store.assets.bytesTaken == 1)
        #expect(try await bench.bytes(of: assetName(of: [1])) == [1])
        try bench.store.close()
        // Also at a start.
        try Data([1, 2]).write(to: URL(filePath: stray))
        time.advance(milliseconds: 2 * Self.hour)
        bench = try open()
        #expect(!FileManager.default.fileExists(atPath: stray))
        try bench.store.close()
    }

    @Test func anAssetWhoseFileIsLostIsNotThereUntilItIsPutAgain() async throws {
        var bench = try open()
        try await bench.put([1])
        try await bench.put([2])
        let image = try #require(await bench.ask("create_image", .image(of: [1]))["data"]?["id"])
        try bench.store.close()
        for file in try files() { try FileManager.default.removeItem(atPath: folder.path + "/data/assets/" + file) }
        bench = try open()
        for bytes: [UInt8] in [[1], [2]] {
            #expect(try await bench.bytes(of: assetName(of: bytes)) == nil)
            let reply = await bench.ask("create_image", .image(of: bytes))
            #expect(reply["error"]?["code"] == "ASSET_NOT_FOUND")
            await #expect(throws: AssetError.notFound) { try await bench.core.assets.delete(assetName(of: bytes)) }
        }
        #expect(await bench.ask("get_image", ["image_id": image])["status"] == "success")
        // Put again it is whole, and the image that was there still holds it.
        #expect(try await bench.put([1]).isNew)
        #expect(try await bench.bytes(of: assetName(of: [1])) == [1])
        await #expect(throws: AssetError.inUse) { try await bench.core.assets.delete(assetName(of: [1])) }
        await bench.ask("delete_image", ["image_id": image])
        try await bench.core.assets.delete(assetName(of: [1]))
        #expect(try await bench.core.usage().assets == 0)
        try bench.store.close()
    }

    @Test func aLostAssetGoesWithTheLastImageThatHadIt() async throws {
        var bench = try open()
        try await bench.put([1])
        let image = try #require(await bench.ask("create_image", .image(of: [1]))["data"]?["id"])
        try bench.store.close()
        for file in try files() { try FileManager.default.removeItem(atPath: folder.path + "/data/assets/" + file) }
        bench = try open()
        #expect(try await bench.core.usage().assets == 1)
        await bench.ask("delete_image", ["image_id": image])
        #expect(try await bench.core.usage().assets == 0)
        try bench.store.close()
    }
}
