import HubProtocol
import JSON
import MessageHub

extension RunCourse {
    /// The queue has consumers, but requests do not reach it.
    struct ServiceUnbound: Error {
        var message: String
    }

    /// Waits for a service that answers, and asks what it can do. Throws where there is none.
    func lookAround(_ context: RunContext) async throws {
        let probe = CheckContext(run: context, checkID: "look-around")
        defer { probe.end() }
        let end = context.time.now() + .seconds(options.waitSeconds)
        var hasSaid = false
        while true {
            do {
                _ = try await probe.ask(probe.anything())
                break
            } catch let failure as CheckFailure {
                // Somebody consumes and does not answer: that is what the checks are for.
                if try await consumers(context) > 0 {
                    context.foundSilence()
                    break
                }
                if context.time.now() >= end {
                    throw Obstacle("hub.no-consumer", "nobody consumes the queue; \(failure.message)")
                }
            } catch let obstacle as Obstacle where obstacle.reason == "hub.no-consumer" {
                if context.time.now() >= end {
                    guard try await consumers(context) > 0 else { throw obstacle }
                    throw ServiceUnbound(
                        message: "the queue has consumers, but is not bound to the exchange by storage.request"
                    )
                }
            }
            if !hasSaid { note("waiting for a service to consume \(context.session.topology.queue)") }
            hasSaid = true
            try await context.time.sleep(for: .milliseconds(100))
        }
        for (operation, data) in [("list_images", ["limit": 1])] + probe.optionalOperations {
            let start = context.time.now()
            // One that is not answered counts as known: its checks will say so.
            guard let reply = try? await probe.ask(operation, data) else { continue }
            context.pace.measured(context.time.now() - start)
            if reply.code == "UNKNOWN_OPERATION" { context.found(unknownOperation: operation) }
        }
        try await probe.query("storage_service")
        if context.storageURL == nil {
            let found = await context.session.announcements.take(
                within: context.timeout,
                where: \.isStorageAnnouncement
            )
            if let json = found?.json { context.found(announcement: json) }
        }
        if checks.contains(where: { $0.needs.contains(.assets) }) { await lookForAssets(context, probe) }
        try Task.checkCancellation()
    }

    /// Finds out whether anybody listens where the asset API should be: where nobody does, that is said once.
    private func lookForAssets(_ context: RunContext, _ probe: CheckContext) async {
        guard surroundings.transport != nil, context.storageURL != nil else { return }
        // It may be about to start.
        let end = context.time.now() + context.timeout
        while !Task.isCancelled {
            do throws(AssetTrouble) {
                _ = try await probe.attempt(AssetRequest("GET", "/health"))
                return
            } catch {
                // What is wrong with the answer, the checks say.
                guard error.isUnreachable else { return }
                if context.time.now() >= end {
                    context.found(
                        assetObstacle: Obstacle(
                            "assets.unreachable",
                            "the asset API cannot be reached: nobody listens at its base URL (--storage, or the url of "
                                + "the announcement)"
                        )
                    )
                    return
                }
            }
            // Cut short when the run is over.
            try? await context.time.sleep(for: .milliseconds(100))
        }
    }

    /// How many consume the queue; 0 where it is not there.
    private func consumers(_ context: RunContext) async throws -> Int {
        let queue = context.session.topology.queue
        do throws(HubError) {
            return try await context.session.apart { connection throws(HubError) in
                try await connection.declareQueue(QueueDeclaration(name: queue, isPassive: true)).consumerCount
            }
        } catch {
            guard case .refused = error else {
                throw Obstacle("hub.connection-lost", "the hub cannot be asked: \(error)")
            }
            return 0
        }
    }
}
