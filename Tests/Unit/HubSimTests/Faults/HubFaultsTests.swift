import AMQP
import FaultPlan
import Foundation
import MessageHub
import Synchronization
import Testing

@testable import HubSim

@Suite("Faults of the hub", .timeLimit(.minutes(5)))
struct HubFaultsTests {
    @Test func everyKindHasATypeAndATest() throws {
        let kinds = FaultKind.allCases.filter { $0.side == .hub }
        #expect(Set(HubFaults.types.map { $0.kind }) == Set(kinds))
        #expect(HubFaults.types.count == kinds.count)
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let tests = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for type in HubFaults.types { #expect(tests.contains("\(type)Tests.swift"), "\(type.kind.rawValue)") }
    }

    /// Whatever threads the clients run on, the same requests meet the same faults.
    @Test func theSamePlanAndRequestsDecideTheSame() async throws {
        var digests: Set<String> = []
        for clients in [1, 2, 8] {
            var configuration = HubConfiguration.forTests
            configuration.faultPlan = try FaultPlan(
                shortForm: "operation=get_*:drop_message:1/3; name=n*:nack_publish:1/4; queue=nowhere:drop_confirm",
                seed: 99
            )
            let hub = HubSim.withoutSocket(configuration)
            let setUp = try await hub.inProcess().connect()
            _ = try await setUp.declareQueue(QueueDeclaration(name: "q"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<clients {
                    group.addTask {
                        let connection = try await hub.inProcess().connect()
                        for number in 0..<240 where number % clients == client {
                            let name = "n\(number % 40)"
                            let operation = number % 2 == 0 ? "get_image" : "create_image"
                            let body = #"{"operation":"\#(operation)","data":{"name":"\#(name)"}}"#
                            do {
                                let message = HubMessage(body: Array(body.utf8))
                                try await connection.publish(message, to: .queue("q"), mandatory: true)
                            } catch HubError.nacked {}
                        }
                        await connection.close()
                    }
                }
                try await group.waitForAll()
            }
            digests.insert(hub.journal.digest)
            #expect(!hub.journal.digest.hasPrefix("0-"))
            await hub.shutdown()
        }
        #expect(digests.count == 1, "\(digests)")
    }

    @Test func theJournalTellsOfConnectionsDecisionsAndMessagesWhereWanted() async throws {
        for tellsMessages in [false, true] {
            var configuration = HubConfiguration.forTests
            configuration.journalMessages = tellsMessages
            configuration.faultPlan = try FaultPlan(shortForm: "queue=q,nth=2:drop_message")
            try await HubSim.withHub(configuration) { hub in
                let connection = try await hub.inProcess().connect()
                _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
                for _ in 0..<2 {
                    try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
                }
                await connection.close()
                let events = hub.journal.entries(after: 0).entries.map(\.event)
                let messages: [JournalEvent] = tellsMessages ? [.request] : []
                #expect(events == [.armed, .connection] + messages + messages + [.decision, .connection])
            }
        }
    }

    /// What is armed for the storage side, or matches nothing, is told of.
    @Test func whatNeverFiredIsNamed() async throws {
        try await HubSim.withHub(.forTests) { hub in
            let connection = try await hub.inProcess().connect()
            _ = try await connection.declareQueue(QueueDeclaration(name: "q"))
            let plan = try FaultPlan(
                shortForm: "queue=q,id=hit:drop_message; queue=other,id=missed:drop_message; *,id=far:crash"
            )
            let (count, report) = try await hub.withFaults(plan) {
                try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
                return hub.messages(in: "q").count
            }
            #expect(count == 0)
            #expect(report.neverFired == ["missed", "far"])
            try await connection.publish(HubMessage(body: [1]), to: .queue("q"), mandatory: true)
            #expect(hub.messages(in: "q").count == 1)
        }
    }
}
