import DurableStorage
import Foundation
import GRDB
import JSON
import SimulatedStorage
import Testing

/// Whose directory it is, and what may be in it.
@Suite struct DataDirectoryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var database: String { folder.path + "/data/records.sqlite" }

    @Test func isMadeForThisUserAlone() throws {
        let bench = try DurableBench(in: folder)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/data")
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        try bench.store.close()
    }

    @Test func belongsToOneAtATime() throws {
        let bench = try DurableBench(in: folder)
        do {
            _ = try DurableBench(in: folder)
            Issue.record("a second one was let in")
        } catch DurableStoreError.inUse(let directory, let holder) {
            #expect(directory == folder.path + "/data")
            #expect(holder.contains("process \(ProcessInfo.processInfo.processIdentifier) since 20"))
        }
        try bench.store.close()
    }

    @Test func isFreeAgainWhenTheStoreHasGone() throws {
        for _ in 0..<3 {
            let bench = try DurableBench(in: folder)
            try bench.store.close()
        }
    }

    @Test func aStoreThatIsClosedFailsAndNothingMore() async throws {
        let bench = try DurableBench(in: folder)
        try bench.store.close()
        for operation in ["create_image", "list_images"] {
            #expect(await bench.ask(operation, .portrait)["error"]?["code"] == "INTERNAL_ERROR")
        }
    }

    @Test func aDatabaseOfAnotherProgramIsLeftAlone() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
        let other = try DatabaseQueue(path: database)
        try other.write { try $0.execute(sql: "CREATE TABLE image (id TEXT)") }
        try other.close()
        let error = #expect(throws: DurableStoreError.self) { _ = try DurableBench(in: folder) }
        #expect(error?.description.contains("not a database of this program") == true)
    }

    @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
        let text = Data(repeating: 65, count: 5000)
        try text.write(to: URL(filePath: database))
        #expect(throws: DurableStoreError.self) { _ = try DurableBench(in: folder) }
        #expect(try Data(contentsOf: URL(filePath: database)) == text)
    }

    @Test func aDatabaseOfANewerVersionIsRefused() throws {
        try DurableBench(in: folder).store.close()
        let newer = try DatabaseQueue(path: database)
        try newer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2: something to come')") }
        try newer.close()
        #expect(throws: DurableStoreError.newer(path: database)) { _ = try DurableBench(in: folder) }
    }

    @Test func aDirectoryThatCannotBeMadeIsTold() throws {
        try Data().write(to: URL(filePath: folder.path + "/data"))
        let error = #expect(throws: DurableStoreError.self) { _ = try DurableBench(in: folder) }
        #expect(error?.description.contains(folder.path + "/data") == true)
    }
}
