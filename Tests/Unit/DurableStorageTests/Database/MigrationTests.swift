import DurableStorage
import Foundation
import GRDB
import HubProtocol
import SimulatedStorage
import Testing

/// Databases that earlier versions have written.
@Suite struct MigrationTests {
    private static let fixtures: URL = {
        var folder = URL(filePath: #filePath)
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder.deleteLastPathComponent()
        }
        return folder.appending(path: "fixtures/durable-storage")
    }()

    @Test(arguments: ["records-1"])
    func areReadAndGoOn(_ fixture: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/records.sqlite"
        let sql = try String(contentsOf: Self.fixtures.appending(path: fixture + ".sql"), encoding: .utf8)
        let old = try DatabaseQueue(path: path)
        try old.inDatabase { try $0.execute(sql: sql) }
        try old.close()

        let store = try SQLiteRecordStore(path: path)
        let time = Timestamp(millisecondsSinceEpoch: 2_000_000_000_000)
        let (usage, images, events) = try await store.transact(.reading) { reader throws(RecordStoreError) in
            let images = try reader.images(matching: ImageFilter(), skip: 0, limit: 1000)
            for image in images {
                let versions = try reader.versions(of: image.id, skip: 0, limit: 1000)
                guard versions.last?.content == image.content, versions.count == image.version else {
                    throw RecordStoreError("the versions of \(image.id) are not right")
                }
            }
            return ((try reader.usage(), images, try reader.pendingEvents(limit: 1000)), [])
        }
        #expect(images.count == 32 && usage.images == 32)
        #expect(images.map(\.version).reduce(0, +) == usage.versions)
        #expect(usage.versions == 38 && usage.assets == 19 && usage.operations == 12)
        #expect(events.count == 6 && usage.pendingEvents == 6)
        for type in ["type 0", "type 1", "type 2"] {
            let count = try await store.transact(.reading) { reader throws(RecordStoreError) in
                (try reader.imageCount(matching: ImageFilter(type: type)), [])
            }
            #expect(count == images.count { $0.type == type })
        }
        // It can be written, too.
        let image = try #require(images.first)
        try await store.transact(.writing) { _ throws(RecordStoreError) in
            ((), [.deleteImage(id: image.id, releasedAt: time)])
        }
        let left = try await store.transact(.reading) { reader throws(RecordStoreError) in (try reader.usage(), []) }
        #expect(left.images == 31 && left.versions == 38 - image.version)
        #expect(try store.integrityProblems().isEmpty)
        try store.close()
    }
}
