import HubProtocol
import JSON

/// What survives a restart of the service, or the loss of its connection (docs/protocol.md §8, §17).
enum DurabilityChecks {
    static let all = [
        Check(
            "durability.records",
            "What was answered survives a restart",
            .durability,
            ["HUB-IDM-008", "HUB-CON-003", "HUB-VER-004"],
            needs: [.restart],
            company: .alone
        ) { check in
            let deleted = try await check.create()
            try await check.setUp { try await check.succeed("delete_image", check.about(deleted)) }
            let versions = try await check.createVersions()
            // The last change of all is the one that is lost first.
            let kept = try await check.create()
            try await check.restartService()
            let read = try await check.ask("get_image", check.about(kept))
            try check.notRefused(
                read,
                with: "IMAGE_NOT_FOUND",
                "restart.lost",
                "an image that was answered is gone after a restart"
            )
            try check.requireEqual(read.data, kept, "restart.changed", "a record is another after a restart")
            try await check.expectRefusal(
                "get_image",
                check.about(deleted),
                "IMAGE_NOT_FOUND",
                "restart.came-back",
                "get_image after a restart of an image that was deleted before it",
                isWrong: false
            )
            for (number, version) in versions.enumerated() {
                let read = try await check.ask(
                    "get_image",
                    check.about(version, ["version": .integer(Int64(number + 1))])
                )
                try check.notRefused(
                    read,
                    "restart.version-lost",
                    "get_image of version \(number + 1) of 3 after a restart"
                )
                try check.requireSame(
                    ["version"] + ContentFields.all,
                    of: read.data,
                    as: version,
                    "restart.version-changed"
                ) { "the \($0) of version \(number + 1) of 3 is another after a restart" }
            }
        },
        Check(
            "durability.operations",
            "Operations are remembered over a restart: successes, errors, and what was asked",
            .durability,
            ["HUB-IDM-002", "HUB-IDM-003", "HUB-IDM-008"],
            needs: [.restart],
            company: .alone
        ) { check in
            let question = Question("create_image", check.newID(), check.imageData())
            let first = try await check.ask(question)
            try await check.setUp { try check.success(first, "create_image") }
            var wrong = Question("create_image", check.newID(), check.imageData(["width": 0]))
            wrong.isWrong = true
            let refusal = try await check.ask(wrong)
            try await check.setUp { try check.refused(refusal, "VALIDATION_ERROR", "accepted", "a width of 0") }
            try await check.restartService()
            try await check.requireSameReply(
                to: question,
                as: first,
                "operation.other-reply",
                "after a restart the same operation gets another reply"
            )
            // Before the refused one is asked again: it may be remembered anew then.
            for (id, reason, what) in [
                (wrong.operationID, "operation.error-forgotten", "of an operation that was refused"),
                (question.operationID, "operation.payload-forgotten", "of an operation"),
            ] {
                try check.refused(
                    try await check.ask("create_image", check.imageData(), id: id),
                    "OPERATION_CONFLICT",
                    reason,
                    "after a restart the operation id \(what) before it, with another payload"
                )
            }
            try await check.requireSameReply(
                to: wrong,
                as: refusal,
                "operation.other-reply",
                "after a restart the same refused operation gets another reply"
            )
        },
        Check(
            "durability.assets",
            "Assets survive a restart, with their Content-Type",
            .durability,
            ["HUB-IDM-008", "AST-COL-001", "AST-CON-002", "AST-PUT-007"],
            needs: [.restart, .assets],
            company: .alone
        ) { check in
            let type = "image/x-conformance"
            let asset = try await check.storedAsset(type: type)
            try await check.setUp { try await check.succeed("create_image", check.imageData(of: asset)) }
            let free = try await check.storedAsset(type: type)
            try await check.restartService()
            for one in [asset, free] {
                let read = try await check.get(one.name)
                try check.requireBytes(
                    one.bytes,
                    in: read,
                    "restart.asset-lost",
                    "an asset is gone after a restart"
                )
                try check.requireText(
                    read.headers["content-type"],
                    at: ["headers", "content-type"],
                    type,
                    "restart.type-changed",
                    "the Content-Type of an asset is another after a restart"
                )
            }
        },
        Check(
            "durability.requests-wait",
            "Requests that come while the service is away are answered when it is back",
            .durability,
            ["HUB-TOP-002", "HUB-ACK-003", "HUB-FLT-011"],
            needs: [.restart],
            company: .alone
        ) { check in
            _ = try await check.replyQueue()
            var questions: [Question] = []
            for _ in 0..<150 { questions.append(Question("create_image", check.newID(), check.imageData())) }
            // They come while it is away, and once it is back and has begun with them it stops again: so it has taken some.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await check.restartOnly() }
                for question in questions { group.addTask { try await check.post(question) } }
                try await group.waitForAll()
            }
            let ids = Set(questions.map(\.operationID))
            let restartTime = Duration.seconds(check.run.options.restartSeconds)
            let first = await check.inbox.take(within: restartTime) { ids.contains($0.operationID ?? "") }
            try await check.restartService()
            for question in questions where question.operationID != first?.operationID {
                let id = question.operationID
                guard let reply = await check.inbox.take(within: check.run.timeout, where: { $0.operationID == id })
                else {
                    try Task.checkCancellation()
                    throw CheckFailure("reply.missing", "a request that came during a restart is not answered")
                }
                try check.success(reply, "create_image")
            }
        },
        Check(
            "connection.declares-anew",
            "A service declares what it needs anew on every connection",
            .durability,
            ["HUB-TOP-009"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            let queue = check.session.topology.queue
            // As a hub that was set up anew.
            await inside.cutConsumers(of: queue, deletingIt: true)
            do throws(CheckFailure) {
                try await check.waitForService()
            } catch {
                throw CheckFailure("queue.not-declared-anew", "the queue is not declared again on a new connection")
            }
        },
        Check(
            "connection.comes-back",
            "A service whose connection is lost goes on trying to connect, and is then as it was",
            .durability,
            ["HUB-FLT-002", "HUB-FLT-006", "HUB-DIS-001", "HUB-DIS-010", "HUB-TOP-009", "HUB-ACK-003", "HUB-ACK-009"],
            needs: [.insideHub],
            company: .alone
        ) { check in
            guard let inside = check.run.surroundings.inside else { return }
            try await check.setUp { try await check.barrier() }
            let known = check.announcedInstances
            let start = check.session.announcements.count
            let queue = check.session.topology.queue
            // The hub is away for two attempts.
            await inside.refuseConnections(count: 2)
            defer { inside.endTrouble() }
            await inside.cutConsumers(of: queue, deletingIt: false)
            do throws(CheckFailure) {
                try await check.waitForService()
            } catch {
                throw CheckFailure(
                    "connection.not-back",
                    "after its connection was cut, and two connections were refused, the service does not come back"
                )
            }
            try TopologyChecks.requireBound(check, await inside.prefetches(of: queue), "on its second connection ")
            let announced = await check.session.announcements.take(
                from: start,
                within: check.announcementWindow
            ) {
                $0.isStorageAnnouncement && $0.json?["status"] == "up"
            }
            guard let announced else {
                try Task.checkCancellation()
                throw CheckFailure("announcement.none-at-start", "back on the hub the service does not announce itself")
            }
            check.note(announced)
            let id = announced.json?["instance_id"]?.string ?? ""
            try check.require(
                known.isEmpty || known.contains(id),
                "announcement.other-instance",
                "back on the hub the service announces itself under an instance_id that no instance had before",
                expected: ["instance_id": .array(known.sorted().map(JSONValue.string))],
                actual: ["instance_id": .string(id)]
            )
        },
    ]
}

extension CheckContext {
    /// An image with three versions, each as its operation answered it; none where no version can be added.
    fileprivate func createVersions() async throws -> [JSONValue] {
        guard mayAddVersions else { return [] }
        let image = try await create(["url": "/conformance/1.png"])
        return try await setUp {
            var versions = [image]
            for number in 2...3 {
                let data = try await versionData(image, ["url": .string("/conformance/\(number).png")])
                versions.append(try await succeed("create_image_version", data))
            }
            return versions
        }
    }

    /// Restarts the service under test.
    func restartOnly() async throws {
        guard let restart = run.surroundings.restart else { return }
        do {
            try await restart()
        } catch {
            try Task.checkCancellation()
            throw Obstacle("restart.failed", "the restart command failed")
        }
    }

    /// Restarts the service under test and waits until it answers again.
    func restartService() async throws {
        try await restartOnly()
        do throws(CheckFailure) {
            try await waitForService()
        } catch {
            throw Obstacle("restart.not-back", "the service did not come back after its restart")
        }
    }

    /// Asks until the service answers.
    func waitForService() async throws(CheckFailure) {
        let end = run.time.now() + .seconds(run.options.restartSeconds)
        // On a queue of its own: what the check itself waits for is not to be taken for the answer.
        let probe = CheckContext(run: run, checkID: checkID)
        defer { probe.end() }
        while run.time.now() < end, !Task.isCancelled {
            // What is returned or not answered is asked again.
            if (try? await probe.ask(probe.anything())) != nil { return }
            try? await run.time.sleep(for: .milliseconds(50))
        }
        throw CheckFailure("service.away", "the service does not answer")
    }
}
