import HubProtocol
import JSON
import MessageHub

extension RunCourse {
    /// Waits for a service that answers, and asks what it can do. Throws where there is none.
    func lookAround(_ context: RunContext) async throws {
        let probe = CheckContext(run: context, checkID: "look-around")
        defer { probe.end() }
        try await Arrival(run: context, note: note).wait(asking: probe)
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
}
