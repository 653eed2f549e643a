import HubProtocol
import Synchronization
import Testing

@testable import MessageHub

@Suite(.timeLimit(.minutes(5)))
struct RequesterTests {
    private let clock = TestClock()
    private let ask = StorageOperation.getImage(GetImage(imageID: "i"))
    private static let outcome = StorageReply.Outcome.success(["id": "i"])

    private func requester(
        _ limits: HubLimits = HubLimits(),
        looksAtQueue: Bool = false,
        roundTrip: (@Sendable (OperationName, Duration) -> Void)? = nil
    ) -> Requester {
        Requester(
            topology: Topology(),
            time: TimeSource(clock),
            limits: limits,
            looksAtQueue: looksAtQueue,
            roundTrip: roundTrip,
            logger: .silent
        )
    }

    /// Runs the requester on each connection in turn while `body` runs.
    private func running(
        _ requester: Requester,
        on connections: ScriptedConnection...,
        body: @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for connection in connections {
                    // How each connection ends is not what these tests are about; the last one ends by cancellation.
                    _ = try? await requester.run(on: connection)
                }
            }
            try await body()
            group.cancelAll()
        }
    }

    private func reply(_ id: String, to connection: ScriptedConnection, correlationID: String? = nil) {
        let body = StorageReply(operationID: id, outcome: RequesterTests.outcome).encoded()
        connection.deliver(HubMessage(body: body, correlationID: correlationID ?? id), to: "queue-1")
    }

    private func request(
        _ requester: Requester,
        _ id: String,
        timeout: Duration = .seconds(5)
    ) -> Task<Result<StorageReply.Outcome, RequesterError>, Never> {
        Task {
            do throws(RequesterError) {
                return .success(try await requester.request(ask, operationID: id, timeout: timeout))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test func `the message is as the contract says`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: connection) {
            try await connection.consumed.waitUntil { $0 == ["queue-1": 256] }
            clock.advance(by: .milliseconds(1500))
            async let outcome = requester.request(
                ask,
                operationID: "op-1",
                timeout: .seconds(5),
                traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                tracestate: "vendor=1"
            )
            let published = try await connection.published.waitUntil { !$0.isEmpty }[0]
            #expect(published.address == HubAddress(exchange: "message_hub", routingKey: "storage.request"))
            #expect(published.isMandatory)
            let expected = HubMessage(
                body: Array(#"{"data":{"image_id":"i"},"operation":"get_image","operation_id":"op-1"}"#.utf8),
                contentType: "application/json",
                isPersistent: true,
                messageID: "op-1",
                correlationID: "op-1",
                replyTo: "queue-1",
                type: "storage.request",
                appID: "image_service",
                timestampSeconds: 1_767_312_001,
                expirationMs: 5000,
                headers: [
                    "event_type": .string("storage.request"),
                    "traceparent": .string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                    "tracestate": .string("vendor=1"),
                ]
            )
            #expect(published.message == expected)
            reply("op-1", to: connection)
            #expect(try await outcome == RequesterTests.outcome)
            #expect(
                connection.exchanges.value
                    == [ExchangeDeclaration(name: "message_hub", kind: .topic, isDurable: true)]
            )
            try await connection.acknowledged.waitUntil { $0 == [1] }
        }
    }

    @Test func `many requests at once each get their own reply`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = (0..<100).map { request(requester, "op-\($0)") }
            try await connection.published.waitUntil { $0.count == 100 }
            for number in (0..<100).reversed() {
                let body = StorageReply(operationID: "op-\(number)", outcome: .success(["n": .integer(Int64(number))]))
                connection.deliver(HubMessage(body: body.encoded(), correlationID: "op-\(number)"), to: "queue-1")
            }
            for (number, task) in asked.enumerated() {
                #expect(await task.value == .success(.success(["n": .integer(Int64(number))])))
            }
            #expect(requester.counters.inFlight == 0)
            #expect(requester.counters.replies == 100)
        }
    }

    @Test func `a reply that overtakes the confirm is given at once`() async throws {
        let box = Mutex<ScriptedConnection?>(nil)
        let connection = ScriptedConnection { _, _ throws(HubError) in try await box.withLock { $0 }!.hang() }
        box.withLock { $0 = connection }
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            reply("a", to: connection)
            #expect(await asked.value == .success(RequesterTests.outcome))
        }
        box.withLock { $0 = nil }
    }

    @Test func `the round trip is told`() async throws {
        let told = Observed<[Duration]>([])
        let requester = requester(roundTrip: { name, duration in
            #expect(name == .getImage)
            told.update { $0.append(duration) }
        })
        let connection = ScriptedConnection()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            clock.advance(by: .milliseconds(250))
            reply("a", to: connection)
            _ = await asked.value
            #expect(told.value == [.milliseconds(250)])
        }
    }

    @Test func `returned is unavailable at once`() async throws {
        let connection = ScriptedConnection { _, _ throws(HubError) in throw .returned(code: 312, text: "NO_ROUTE") }
        let requester = requester()
        try await running(requester, on: connection) {
            let error = RequesterError.unavailable("no storage service listens (312)")
            #expect(await request(requester, "a").value == .failure(error))
            #expect(clock.now.offset == .zero)
        }
    }

    @Test func `a queue that nobody consumes is unavailable after a moment, and then at once`() async throws {
        let connection = ScriptedConnection()
        connection.queueLook.withLock {
            $0 = .success(DeclaredQueue(name: "storage_service", messageCount: 1, consumerCount: 0))
        }
        let requester = requester(looksAtQueue: true)
        let nobody = RequesterError.unavailable("no storage service consumes its queue")
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await clock.advance(toSleeperAt: .milliseconds(250))
            try await clock.advance(toSleeperAt: .milliseconds(1250))
            #expect(await asked.value == .failure(nobody))
            #expect(try await requester.isStorageKnownAway())
            #expect(await request(requester, "b").value == .failure(nobody))
            #expect(clock.now.offset == .milliseconds(1250))
            // Somebody is back.
            connection.queueLook.withLock {
                $0 = .success(DeclaredQueue(name: "storage_service", messageCount: 1, consumerCount: 2))
            }
            #expect(try await requester.askHub(andQueue: true) == 2)
            let isAway = try await requester.isStorageKnownAway()
            #expect(!isAway)
        }
    }

    @Test func `a requester that does not know the queue does not look at it`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            #expect(try await requester.askHub(andQueue: true) == nil)
            try await clock.advance(toSleeperAt: .seconds(5))
            #expect(await asked.value == .failure(.timeout))
            #expect(connection.looks.value == 0)
        }
    }

    @Test func `nacked is sent again after a pause, with the time that is left`() async throws {
        let connection = ScriptedConnection { _, number throws(HubError) in if number < 3 { throw .nacked } }
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await clock.advance(toSleeperAt: .milliseconds(50))
            try await clock.advance(toSleeperAt: .milliseconds(100))
            let published = try await connection.published.waitUntil { $0.count == 3 }
            #expect(published.map(\.message.expirationMs) == [5000, 4950, 4900])
            #expect(Set(published.map(\.message.body)).count == 1)
            reply("a", to: connection)
            #expect(await asked.value == .success(RequesterTests.outcome))
            #expect(requester.counters.retries == 2)
        }
    }

    @Test func `the deadline is a timeout while connected`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            try await clock.advance(toSleeperAt: .seconds(5))
            #expect(await asked.value == .failure(.timeout))
            // The late reply changes nothing, and is acknowledged.
            reply("a", to: connection)
            try await connection.acknowledged.waitUntil { $0.count == 1 }
            #expect(requester.counters.duplicateReplies == 1)
        }
    }

    @Test func `deadlines come in their own order, whatever the order of asking`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: connection) {
            let long = request(requester, "long", timeout: .seconds(9))
            try await connection.published.waitUntil { $0.count == 1 }
            let short = request(requester, "short", timeout: .seconds(2))
            try await clock.advance(toSleeperAt: .seconds(2))
            #expect(await short.value == .failure(.timeout))
            #expect(requester.counters.inFlight == 1)
            try await clock.advance(toSleeperAt: .seconds(9))
            #expect(await long.value == .failure(.timeout))
        }
    }

    @Test func `without a connection the deadline is unavailable`() async throws {
        let requester = requester()
        let asked = request(requester, "a", timeout: .seconds(1))
        try await clock.advance(toSleeperAt: .seconds(1))
        #expect(await asked.value == .failure(.unavailable("no connection to the hub")))
    }

    @Test func `a request that comes before the connection is sent on it`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        let asked = request(requester, "a")
        try await clock.sleeping.waitUntil { $0 == [.seconds(5)] }
        clock.advance(by: .seconds(2))
        try await running(requester, on: connection) {
            let published = try await connection.published.waitUntil { $0.count == 1 }
            #expect(published[0].message.expirationMs == 3000)
            reply("a", to: connection)
            #expect(await asked.value == .success(RequesterTests.outcome))
        }
    }

    @Test func `a lost connection is survived: the same request goes out on the next one`() async throws {
        let first = ScriptedConnection()
        let second = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: first, second) {
            let asked = request(requester, "a")
            let before = try await first.published.waitUntil { $0.count == 1 }
            clock.advance(by: .seconds(1))
            first.end()
            let after = try await second.published.waitUntil { $0.count == 1 }
            #expect(after[0].message.body == before[0].message.body)
            #expect(after[0].message.correlationID == "a")
            #expect(after[0].message.expirationMs == 4000)
            reply("a", to: second)
            #expect(await asked.value == .success(RequesterTests.outcome))
            #expect(requester.counters.retries == 1)
        }
    }

    @Test func `a connection lost before the confirm is survived, too`() async throws {
        let box = Mutex<ScriptedConnection?>(nil)
        let first = ScriptedConnection { _, _ throws(HubError) in try await box.withLock { $0 }!.hang() }
        box.withLock { $0 = first }
        let second = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: first, second) {
            let asked = request(requester, "a")
            try await first.published.waitUntil { $0.count == 1 }
            first.end()
            try await second.published.waitUntil { $0.count == 1 }
            reply("a", to: second)
            #expect(await asked.value == .success(RequesterTests.outcome))
        }
        box.withLock { $0 = nil }
    }

    @Test func `the end of the reply queue's consumer ends the run`() async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        let run = Task { try await requester.run(on: connection) }
        try await connection.consumed.waitUntil { !$0.isEmpty }
        connection.cancelConsumer(of: "queue-1")
        await #expect(throws: HubError.closed("the consumer of the reply queue ended")) { try await run.value }
    }

    @Test(arguments: [
        ("", "the reply has no operation_id"),
        ("{", "the reply has no operation_id"),
        ("[]", "the reply has no operation_id"),
        (#"{"status":"success","data":{}}"#, "the reply has no operation_id"),
        (#"{"operation_id":"A","status":"success","data":{}}"#, "the reply has another operation_id"),
        (#"{"operation_id":"a","data":{}}"#, "status is missing"),
        (#"{"operation_id":"a","status":"done"}"#, "status must be success or error"),
        (#"{"operation_id":"a","status":"success","data":[]}"#, "data must be an object, not array"),
    ])
    func `a reply that breaks the protocol is an invalid response at once`(body: String, why: String) async throws {
        let connection = ScriptedConnection()
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            connection.deliver(HubMessage(body: Array(body.utf8), correlationID: "a"), to: "queue-1")
            #expect(await asked.value == .failure(.invalidResponse(why)))
            try await connection.acknowledged.waitUntil { $0.count == 1 }
        }
    }

    @Test func `a cancelled task gets out at once and leaves nothing behind`() async throws {
        let box = Mutex<ScriptedConnection?>(nil)
        let connection = ScriptedConnection { _, _ throws(HubError) in try await box.withLock { $0 }!.hang() }
        box.withLock { $0 = connection }
        let requester = requester()
        try await running(requester, on: connection) {
            let asked = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            asked.cancel()
            #expect(await asked.value == .failure(.cancelled))
            #expect(requester.counters.inFlight == 0)
            #expect(requester.counters.cancelled == 1)
        }
        box.withLock { $0 = nil }
    }

    @Test func `the bound on pending requests holds`() async throws {
        var limits = HubLimits()
        limits.requestsPendingMax = 1
        let connection = ScriptedConnection()
        let requester = requester(limits)
        try await running(requester, on: connection) {
            let first = request(requester, "a")
            try await connection.published.waitUntil { $0.count == 1 }
            #expect(await request(requester, "b").value == .failure(.overloaded))
            #expect(await request(requester, "a").value == .failure(.duplicateOperation))
            reply("a", to: connection)
            #expect(await first.value == .success(RequesterTests.outcome))
        }
    }

    @Test(arguments: ["", String(repeating: "x", count: 256), String(repeating: "ü", count: 128)])
    func `an operation id that AMQP cannot carry is refused`(id: String) async {
        let error = RequesterError.invalidRequest("an operation id has 1 to 255 bytes, not \(id.utf8.count)")
        #expect(await request(requester(), id).value == .failure(error))
    }
}
