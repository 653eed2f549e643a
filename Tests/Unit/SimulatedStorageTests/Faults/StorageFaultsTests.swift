import FaultPlan
import Foundation
import HubProtocol
import JSON
import MessageHub
import Synchronization
import Testing

@testable import SimulatedStorage

@Suite("Faults of storage", .timeLimit(.minutes(5)))
struct StorageFaultsTests {
    @Test func everyKindHasATypeAndATest() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let tests = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let requests = RequestFaults.types.map { ("\($0)", $0.kind) }
        let assets = AssetFaults.types.map { ("\($0)", $0.kind) }
        #expect(requests.allSatisfy { $0.1.side == .storageHub } && assets.allSatisfy { $0.1.side == .storageAssets })
        let all = requests + assets
        #expect(Set(all.map(\.1)) == Set(FaultKind.allCases.filter { $0.side != .hub }))
        #expect(all.count == Set(all.map(\.1)).count)
        for (type, kind) in all { #expect(tests.contains("\(type)Tests.swift"), "\(kind.rawValue)") }
    }

    /// Whatever threads requests come from, the same ones meet the same faults.
    @Test func theSamePlanAndRequestsDecideTheSame() async throws {
        var digests: Set<String> = []
        for lanes in [1, 2, 8, 8] {
            let plan = try FaultPlan(
                shortForm:
                    "create_image:lost_write:1/3; name=n1*:drop_reply:1/4; *:error:1/5; route=GET *:http_delay:0ms:1/2",
                seed: 99
            )
            let bench = FaultBench(plan: plan)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        for number in 0..<240 where number % lanes == lane {
                            let operation = number % 2 == 0 ? "list_images" : "create_image"
                            let data: [String: JSONValue] = [
                                "name": .string("n\(number % 40)"), "theme": .string("t\(number % 7)"),
                            ]
                            let body = StorageRequest(operation: operation, operationID: "\(number)", data: data)
                            let delivery = HubDelivery(
                                message: HubMessage(body: body.encoded()),
                                exchange: "",
                                routingKey: "",
                                isRedelivered: false,
                                deliveryTag: 1,
                                channel: 1
                            )
                            let request = ReceivedRequest(delivery, bytesMax: 1 << 20)
                            _ = RequestArrival(
                                request,
                                in: bench.storage.spaces,
                                instance: bench.storage.instance,
                                at: .zero
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
            digests.insert(bench.storage.journal.digest)
            #expect(!bench.storage.journal.digest.hasPrefix("0-"))
            // And what was written down plays the same.
            var replay = JournalReplay()
            for entry in bench.storage.journal.entries(after: 0).entries { try replay.play(entry.json) }
            replay.finish()
            #expect(replay.isSame && replay.firstDifference == nil)
            #expect(replay.recorded == bench.storage.journal.digest && replay.requests == 240)
        }
        #expect(digests.count == 1, "\(digests)")
    }

    @Test func aJournalThatWasAlteredDoesNotPlayTheSame() async throws {
        let bench = FaultBench(plan: try FaultPlan(shortForm: "list_images,nth=2:drop_reply"))
        try await bench.run(on: ScriptedConnection()) { connection in
            for id in ["a", "b", "c"] { connection.deliver("list_images", id: id) }
            try await connection.waitForAcknowledged(3)
        }
        var replay = JournalReplay()
        var isFirst = true
        for entry in bench.storage.journal.entries(after: 0).entries {
            // One request less, and another one is the second.
            if entry.event == .request, isFirst {
                isFirst = false
                continue
            }
            try replay.play(entry.json)
        }
        #expect(replay.firstDifference != nil)
        #expect(throws: ReplayError.self) { try replay.play(["event": "request"]) }
    }

    @Test func theJournalTellsTheWholeCourseAndNoSecrets() async throws {
        try await FaultBench.run("list_images:delay:5ms") { bench, connection in
            var message = HubMessage(
                body: StorageRequest(
                    operation: "create_image",
                    operationID: "op",
                    data: .portrait.with(["url": "https://user:secret@host/1.png"])
                ).encoded(),
                replyTo: "replies"
            )
            message.headers["authorization"] = .string("Bearer secret")
            connection.deliver(message)
            try await connection.wait { $0.published(to: "image.created").count == 1 && $0.acknowledged.count == 1 }
            connection.deliver("list_images", id: "list")
            try await connection.waitForAcknowledged(2)
            let journal = bench.storage.journal
            var seen = 0
            while journal.entries(after: 0).entries.count < 8 {
                seen = journal.lastSequence
                if journal.entries(after: 0).entries.count < 8 { await journal.waitForEntry(after: seen) }
            }
            let entries = journal.entries(after: 0).entries
            #expect(entries.first?.event == .armed)
            #expect(Set(entries.map(\.event)) == [.armed, .request, .effect, .reply, .event, .decision])
            #expect(entries.first { $0.event == .effect }?.details["what"] == "image.created")
            #expect(entries.first { $0.event == .reply }?.details["status"] == "success")
            for entry in entries { #expect(!String(decoding: entry.json.encoded(), as: UTF8.self).contains("secret")) }
        }
    }

    @Test func withFaultsDisarmsAndReports() async throws {
        let bench = FaultBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            let plan = try FaultPlan(shortForm: "list_images,id=hit:drop_reply; get_image,id=missed:crash")
            let (_, report) = try await bench.storage.withFaults(plan) {
                connection.deliver("list_images", id: "a")
                try await connection.waitForAcknowledged()
            }
            #expect(report.neverFired == ["missed"] && report.neverMatched == ["missed"])
            connection.deliver("list_images", id: "b")
            try await connection.waitForAcknowledged(2)
            #expect(connection.replies.count == 1)
        }
    }

    @Test func aResetLeavesNothing() async throws {
        try await AssetBench.run { bench in
            try await bench.put([1, 2, 3])
            for number in 0..<3 {
                let data: [String: JSONValue] = .portrait.with(["sha256": .string(name(of: [1, 2, 3])), "size": 3])
                #expect(await bench.ask("create_image", data, id: "op-\(number)").code == nil)
            }
            try await bench.storage.reset()
            let state = try await bench.storage.state()
            for key in ["images", "versions", "assets", "operations", "pending_events"] {
                #expect(state[key] == 0, "\(key)")
            }
            #expect(try await bench.get(name(of: [1, 2, 3])).status == 404)
            #expect(await bench.ask("create_image", .portrait, id: "op-0").code == nil)
        }
    }
}
