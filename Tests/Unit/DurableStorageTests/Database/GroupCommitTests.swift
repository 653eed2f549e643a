import DurableStorage
import Foundation
import GRDB
import HubProtocol
import JSON
import SimulatedStorage
import Synchronization
import Testing

/// Decisions that share a transaction.
@Suite(.timeLimit(.minutes(5))) struct GroupCommitTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Keeps the writer at its first step until told otherwise, so that what comes meanwhile is one group.
    final class Barrier: Sendable {
        private let isOpen = Mutex(false)
        private let commits = Mutex(0)

        var commitCount: Int { commits.withLock { $0 } }
        func open() { isOpen.withLock { $0 = true } }
        func reached(_ step: DurableStep) {
            if step == .afterCommit { commits.withLock { $0 += 1 } }
            while step == .began, !isOpen.withLock({ $0 }) { usleep(1000) }
        }
    }

    @Test func manyAtOnceWaitForTheDiskTogether() async throws {
        let barrier = Barrier()
        let bench = try DurableBench(in: folder, onStep: barrier.reached)
        let replies = await withTaskGroup(of: JSONValue.self) { group in
            for _ in 0..<100 { group.addTask { await bench.ask("create_image", .portrait) } }
            // The first one is under way; the others queue up behind it, however long that takes them.
            while bench.store.records.unsettledCount < 100 { try? await Task.sleep(for: .milliseconds(1)) }
            barrier.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.allSatisfy { $0["status"] == "success" })
        #expect(try await bench.core.usage().images == 100)
        #expect(barrier.commitCount < 50)
        try bench.store.close()
    }

    @Test func oneThatFailsLeavesNothingAndHarmsNoOther() async throws {
        let barrier = Barrier()
        let bench = try DurableBench(in: folder, onStep: barrier.reached)
        let store = bench.store.records
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    guard number.isMultiple(of: 4) else {
                        return await bench.ask("create_image", .portrait)["status"] != "success"
                    }
                    // Its first change is fine, its second one is not: neither may stay.
                    let note = RememberedOperation(
                        operationID: "failing \(number)",
                        fingerprint: OperationFingerprint(bytes: [1]),
                        reply: [1],
                        time: Timestamp(millisecondsSinceEpoch: 0)
                    )
                    do {
                        try await store.transact(.writing) { _ throws(RecordStoreError) in
                            ((), [.remember(note), .removeAsset(name: "nobody")])
                        }
                        return false
                    } catch {
                        return true
                    }
                }
            }
            barrier.open()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 10)
        let usage = try await bench.core.usage()
        #expect(usage.images == 30)
        #expect(usage.operations == 30)
        #expect(try store.integrityProblems().isEmpty)
        try bench.store.close()
    }

    @Test func aFullDiskIsStorageFullAndPasses() async throws {
        let bench = try DurableBench(in: folder)
        await bench.ask("create_image", .portrait)
        try bench.store.records.limitPages(toMore: 10)
        var replies: [JSONValue] = []
        for number in 0..<200 {
            replies.append(await bench.ask("create_image", .portrait, id: "op-\(number)"))
        }
        let failed = replies.filter { $0["status"] != "success" }
        #expect(!failed.isEmpty)
        #expect(failed.allSatisfy { $0["error"]?["code"] == "STORAGE_FULL" })
        try bench.store.records.limitPages(toMore: 1_000_000)
        // Not remembered: it may be tried again.
        #expect(await bench.ask("create_image", .portrait, id: "op-199")["status"] == "success")
        #expect(try await bench.core.usage().images == 202 - failed.count)
        #expect(try bench.store.records.integrityProblems().isEmpty)
        try bench.store.close()
    }

    @Test func theLogIsSynchronizedBeforeAnybodyIsAnswered() async throws {
        let bench = try DurableBench(in: folder)
        #expect(try bench.store.records.pragma("synchronous") == "2")
        #expect(try bench.store.records.pragma("journal_mode") == "wal")
        try bench.store.close()
    }
}
