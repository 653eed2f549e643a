import HubProtocol
import JSON
import MessageHub
import ServiceLifecycleTestKit
import SimulatedStorage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventPublishingTests {
    @Test func everyEffectIsToldOnTheExchange() async throws {
        let bench = ResponderBench()
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("create_image", .portrait, id: "a")
            try await connection.wait { $0.acknowledged.count == 1 }
            let record = try #require(connection.replies.first?.data)
            let image: [String: JSONValue] = ["image_id": record["id"]!]
            connection.deliver("update_image", image.with(["name": "New"]), id: "b")
            connection.deliver("create_image_version", .content.with(image), id: "c")
            connection.deliver("get_image", image, id: "d")
            connection.deliver("delete_image", image, id: "e")
            connection.deliver("delete_image", image, id: "f")
            try await connection.wait { $0.acknowledged.count == 6 && $0.published(to: "image.deleted").count == 1 }
            let events = connection.published().filter { $0.address.exchange == "message_hub" }
            #expect(
                events.map(\.address.routingKey) == [
                    "image.created", "image.updated", "image.version_created", "image.deleted",
                ]
            )
            #expect(events.allSatisfy { !$0.isMandatory && $0.message.isPersistent })
            let bodies = try events.map { try StorageEvent(JSONValue(parsing: $0.message.body)) }
            #expect(bodies.map(\.operationID) == ["a", "b", "c", "e"])
            #expect(Set(bodies.map(\.eventID)).count == 4)
            #expect(bodies[0].record.json == record)
            #expect(bodies[3].record == bodies[2].record)
            let first = events[0].message
            #expect(first.contentType == "application/json")
            #expect(first.messageID == bodies[0].eventID)
            #expect(first.type == "image.created")
            #expect(first.appID == "storage_service")
        }
    }

    @Test func eventsThatAreNotTakenComeAgainInTheirOrder() async throws {
        // Every third publish of an event is refused, whichever it is.
        let count = Mutex(0)
        let gate = Gate()
        let connection = ScriptedConnection { published throws(HubError) in
            guard published.address.exchange == "message_hub" else { return }
            await gate.pass()
            let isRefused = count.withLock { count in
                count += 1
                return count.isMultiple(of: 3)
            }
            if isRefused { throw .nacked }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "create")
            try await connection.wait { $0.acknowledged == [1] }
            let id = try #require(connection.replies.first?.id)
            for number in 1...60 {
                connection.deliver(
                    "update_image",
                    ["image_id": .string(id), "name": .string("\(number)")],
                    id: "\(number)"
                )
            }
            // Only now do they go out, so that many of one image are in one batch.
            try await connection.wait { $0.acknowledged.count == 61 }
            gate.open()
            try await connection.wait { $0.published(to: "image.updated").count == 60 }
            let names = connection.published(to: "image.updated").map { Reply($0.message.body).data["name"]?.string }
            #expect(names == (1...60).map { "\($0)" })
        }
    }

    @Test func whileEventsPileUpNoFurtherRequestIsTaken() async throws {
        var limits = StorageLimits()
        limits.eventBacklogMax = 1
        let gate = Gate()
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.exchange == "message_hub" { await gate.pass() }
        }
        let bench = ResponderBench(limits: limits)
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "first")
            await gate.waitForArrival()
            try await connection.wait { $0.acknowledged == [1] }
            for number in 0..<20 { connection.deliver("create_image", .portrait, id: "second-\(number)") }
            for _ in 0..<1000 { await Task.yield() }
            // One of them may be taken before it is seen that there is no room.
            #expect(try await bench.core.usage().images <= 2)
            gate.open()
            try await connection.wait { $0.acknowledged.count == 21 && $0.published(to: "image.created").count == 21 }
        }
    }

    @Test func anEventThatGoesOutBeforeItsEffectIsToldLeavesRoomForTheNext() async throws {
        var limits = StorageLimits()
        limits.eventBacklogMax = 2
        let gate = Gate()
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.exchange == "message_hub" { await gate.pass() }
        }
        // The second image is there, for the publisher too, and whoever asked for it is not yet told.
        let isSecond = Mutex(true)
        let store = HeldRecordStore { reader in
            guard (try? reader.usage().images) == 1 else { return false }
            return isSecond.withLock { value in
                defer { value = false }
                return value
            }
        }
        let bench = ResponderBench(limits: limits, records: store)
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "first")
            await gate.waitForArrival()
            connection.deliver("create_image", .portrait, id: "second")
            await store.gate.waitForArrival()
            gate.open()
            try await connection.wait { $0.published(to: "image.created").count == 2 }
            store.gate.open()
            for number in 0..<5 { connection.deliver("create_image", .portrait, id: "further-\(number)") }
            try await connection.wait { $0.acknowledged.count == 7 && $0.published(to: "image.created").count == 7 }
        }
        #expect(bench.core.outbox.backlogCount == 0)
    }

    @Test func eventsOfAnEffectThatFailsDoNotTakeRoom() async throws {
        let bench = ResponderBench(records: FailingRecordStore(failures: 1, isLate: true))
        try await bench.run(on: ScriptedConnection()) { connection in
            connection.deliver("create_image", .portrait, id: "fails")
            try await connection.wait { $0.acknowledged == [1] }
            #expect(connection.replies.first?.code == "INTERNAL_ERROR")
        }
        #expect(bench.core.outbox.backlogCount == 0)
    }

    @Test func anEventThatNoHubTakesDoesNotHoldUpTheNext() async throws {
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.routingKey == "image.updated" { throw .invalid("no form in AMQP") }
        }
        let bench = ResponderBench()
        try await bench.run(on: connection) { connection in
            connection.deliver("create_image", .portrait, id: "create")
            try await connection.wait { $0.acknowledged == [1] }
            let image: [String: JSONValue] = ["image_id": .string(try #require(connection.replies.first?.id))]
            connection.deliver("update_image", image.with(["name": "n"]), id: "update")
            connection.deliver("delete_image", image, id: "delete")
            try await connection.wait { $0.published(to: "image.deleted").count == 1 }
        }
        #expect(try await bench.core.usage().pendingEvents == 0)
    }

    @Test func onGracefulShutdownWhatIsUnderWayIsFinishedAndNothingNewIsTaken() async throws {
        let gate = Gate()
        let isFirst = Mutex<Bool?>(true)
        let connection = ScriptedConnection { published throws(HubError) in
            if published.address.routingKey == "replies" { return await gate.pass() }
            // The first publication of the event is under way until it is cut short.
            guard isFirst.withLock({ $0.take() ?? false }) else { return }
            await Gate().pass()
            throw .cancelled
        }
        let bench = ResponderBench()
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                // It must return, not throw: the end is in order.
                group.addTask { try await bench.responder.run(on: connection) }
                connection.deliver("create_image", .portrait, id: "under way")
                await gate.waitForArrival()
                trigger.triggerGracefulShutdown()
                connection.deliver("create_image", .portrait, id: "too late")
                gate.open()
                try await group.waitForAll()
            }
        }
        #expect(connection.acknowledged == [1])
        #expect(connection.published(to: "image.created").count == 1)
        let usage = try await bench.core.usage()
        #expect(usage.images == 1)
        #expect(usage.pendingEvents == 0)
    }
}
