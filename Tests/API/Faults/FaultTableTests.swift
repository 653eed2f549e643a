import DurableStorage
import FaultPlan
import Foundation
import HubProtocol
import JSON
import SimulatedStorage
import Synchronization
import TestSupport
import Testing

/// Every fault of the storage side meets every operation of the API, as the table says.
@Suite("Faults of the storage side, as clients see them", .serialized)
struct FaultTableTests {
    @Test(.timeLimit(.minutes(10)), arguments: FaultTable.rows)
    func aClientSeesWhatTheTableSays(_ row: FaultRow) async throws {
        try await FaultStack.run { stack in try await play(row, on: stack) }
    }

    /// What has to do with the store is the same on one that outlives its process.
    @Test(.timeLimit(.minutes(10)), arguments: FaultTable.rows.filter(\.concernsTheStore))
    func theSameOnADurableStore(_ row: FaultRow) async throws {
        // In memory where the system has such a place: how long a disk takes is not what is asked here.
        let memory = URL(filePath: "/dev/shm")
        let base =
            FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
        let folder = base.appending(path: "fault-table-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let opened = Mutex<DurableStore?>(nil)
        try await FaultStack.run { time in
            let store = try DurableStore(directory: folder.path, time: time, logger: .silent)
            opened.withLock { $0 = store }
            return StorageCore(records: store.records, assetStore: store.assets, time: time, logger: .silent)
        } _: { stack in
            try await play(row, on: stack)
        }
        try opened.withLock { try $0?.close() }
    }

    private func play(_ row: FaultRow, on stack: FaultStack) async throws {
        var images: [String] = []
        for (number, operation) in row.operations.enumerated() {
            let cell = FaultCell(row: row, operation: operation, stack: stack, number: number)
            if let image = try await cell.play() { images.append(image) }
        }
        try await expectNothingIsLost(images, stack)
        try await expectNoOrphans(stack)
    }

    @Test func theTableHasEveryFaultAndOperation() {
        let kinds = Set(FaultTable.rows.map(\.kind))
        let expected = FaultKind.allCases.filter { $0.side != .hub }
        #expect(kinds == Set(expected.map(\.rawValue)))
        for kind in expected {
            let operations = Set(FaultTable.rows.filter { $0.kind == kind.rawValue }.flatMap(\.operations))
            let due: [ClientOperation] =
                switch (kind, kind.side) {
                case (.lostWrite, _): ClientOperation.writing
                case (.staleRead, _): ClientOperation.reading
                case (.httpFull, _): ClientOperation.uploading
                case (_, .storageAssets): ClientOperation.allCases.filter { $0.assetRoute != nil }
                case (_, .storageHub), (_, .hub): ClientOperation.allCases
                }
            #expect(operations == Set(due), "\(kind.rawValue)")
        }
        let names = FaultTable.rows.map { "\($0.testDescription) \($0.operations)" }
        #expect(Set(names).count == names.count)
    }

    /// `UPDATE_DOCS=1` writes it anew after the table has changed.
    @Test func theDocumentSaysWhatTheTableSays() throws {
        let file = Fixtures.folder.deletingLastPathComponent().appending(path: "docs/fault-effects.md")
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
            try Data(FaultTableDocument.text.utf8).write(to: file)
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == FaultTableDocument.text, "run the test with UPDATE_DOCS=1")
    }

    /// Every image that is there shows, lists, and has its bytes.
    private func expectNothingIsLost(_ images: [String], _ stack: FaultStack) async throws {
        let listed = try await stack.client.send("GET", "/api/v2/images/?limit=1000")
        #expect(Set(listed.json.array?.compactMap { $0["id"]?.string } ?? []) == Set(images))
        #expect(listed.json.array?.count == images.count)
        for id in images {
            let image = try await stack.client.send("GET", "/api/v2/images/\(id)")
            let content = try await stack.client.send("GET", "/api/v2/images/\(id)/content")
            #expect(image.status == 200 && content.status == 200)
            let sha256 = image.json["content"]?["sha256"]?.string
            #expect(content.headers["etag"]?.contains(sha256 ?? "none") == true)
        }
    }

    /// What no version refers to is gone once its time is over; what one refers to stays.
    private func expectNoOrphans(_ stack: FaultStack) async throws {
        let usage = try await stack.storage.core.usage()
        let limits = stack.storage.core.engine.limits
        stack.clock.advance(by: .milliseconds(limits.assetRetentionMs + 2 * limits.housekeepingIntervalMs))
        // Every version here has bytes of its own.
        try await stack.wait("\(usage.versions) assets are left") {
            try await stack.storage.core.usage().assets == usage.versions
        }
        #expect(try await stack.storage.core.usage().versions == usage.versions)
    }
}

extension FaultRow {
    /// Whether what the store keeps decides what comes of it.
    fileprivate var concernsTheStore: Bool {
        guard !needsTime else { return false }
        return switch kind {
        case "lost_write", "stale_read", "drop_reply", "http_full": true
        case "crash", "redeliver": phase == .afterEffect
        case "error": phase == .afterEffect || fault.hasSuffix("ASSET_NOT_FOUND")
        default: false
        }
    }
}
