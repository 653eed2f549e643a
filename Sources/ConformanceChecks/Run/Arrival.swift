import HubProtocol
import MessageHub

/// Why the service cannot be reached, though somebody tries: what one check has to say, and all others stand before.
struct Unreached: Error {
    /// The check that fails for it.
    var check: String
    var failure: CheckFailure
}

/// Whether there is a service to ask: at the beginning, and as long as the run lasts.
struct Arrival: Sendable {
    let run: RunContext
    let note: @Sendable (String) -> Void

    private var queue: String { run.session.topology.queue }
    private var inside: (any HubInside)? { run.surroundings.inside }

    /// Returns when somebody answers, or consumes and does not answer: that is what the checks are for.
    func wait(asking probe: CheckContext) async throws {
        var end = run.time.now() + .seconds(run.options.waitSeconds)
        var hasSaid = false
        while true {
            let obstacle: Obstacle
            do {
                _ = try await probe.ask(probe.anything())
                return
            } catch let failure as CheckFailure {
                if try await consumers() > 0 { return run.foundSilence() }
                obstacle = Obstacle("hub.no-consumer", "nobody consumes the queue; \(failure.message)")
            } catch let unrouted as Obstacle where unrouted.reason == "hub.no-consumer" {
                obstacle = unrouted
            }
            let refusal = await refusal()
            // Who was refused once will be again; but another may come.
            if refusal != nil { end = min(end, run.time.now() + .milliseconds(run.options.timeoutMs)) }
            if run.time.now() >= end {
                if let refusal { throw refusal }
                guard try await consumers() == 0 else { throw unbound() }
                throw obstacle
            }
            if !hasSaid { note("waiting for a service to consume \(queue)") }
            hasSaid = true
            try await run.time.sleep(for: .milliseconds(100))
        }
    }

    /// Throws where nothing is answered any more and nobody consumes the queue, nor does within the time that anything may
    /// take: then no check says anything, but that the service is gone.
    func requireStillThere() async throws {
        guard run.isSilent else { return }
        let end = run.time.now() + .milliseconds(run.options.timeoutMs)
        while try await consumers() == 0 {
            guard run.time.now() < end, !run.isGone else {
                run.isGone = true
                throw Obstacle(
                    "service.gone",
                    "nobody consumes the queue any more: the service has ended, or has stopped consuming"
                )
            }
            try await run.time.sleep(for: .milliseconds(100))
        }
        run.isGone = false
    }

    /// How many consume the queue; 0 where it is not there.
    private func consumers() async throws -> Int {
        do throws(HubError) {
            return try await run.session.apart { connection throws(HubError) in
                try await connection.declareQueue(QueueDeclaration(name: queue, isPassive: true)).consumerCount
            }
        } catch {
            guard case .refused = error else {
                throw Obstacle("hub.connection-lost", "the hub cannot be asked: \(error)")
            }
            return 0
        }
    }

    private func unbound() -> Unreached {
        Unreached(
            check: "topology.binding",
            failure: CheckFailure(
                "queue.unbound",
                "the queue has consumers, but is not bound to the exchange by storage.request"
            )
        )
    }

    /// What a hub of our own has refused to whoever wants to be the service: it is declared here as the document says.
    private func refusal() async -> Unreached? {
        let exchange = run.session.topology.exchange
        for refusal in await inside?.refusals() ?? [] {
            // As RabbitMQ words it, and the hub does as RabbitMQ.
            if refusal.contains(" for exchange '\(exchange)'") {
                return Unreached(
                    check: "topology.exchange",
                    failure: CheckFailure(
                        "exchange.declared-otherwise",
                        "the exchange was declared with other properties, which the hub refused: \(refusal)"
                    )
                )
            }
            if refusal.contains(" for queue '\(queue)'") {
                return Unreached(
                    check: "topology.queue",
                    failure: CheckFailure(
                        "queue.declared-otherwise",
                        "the queue was declared with other properties, which the hub refused: \(refusal)"
                    )
                )
            }
        }
        return nil
    }
}
