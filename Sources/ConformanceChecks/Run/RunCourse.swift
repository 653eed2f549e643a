import HubProtocol
import JSON
import MessageHub

/// The course of one run: look who is there, run the checks, clear away.
struct RunCourse: Sendable {
    let checks: [Check]
    let surroundings: Surroundings
    let options: RunOptions
    let booking: Booking
    let stop: StopSwitch
    let note: @Sendable (String) -> Void
    let progress: @Sendable (CheckResult) -> Void

    func run() async {
        let runID = String(surroundings.makeID().filter { $0 != "-" }.prefix(12))
        booking.change { $0.runID = runID }
        do {
            try await HubSession.run(on: surroundings.hub, topology: surroundings.topology, time: surroundings.time) {
                session in
                let context = RunContext(surroundings, options: options, session: session, runID: runID)
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // Cut short when the run is over.
                        guard (try? await surroundings.time.sleep(for: .seconds(options.deadlineSeconds))) != nil else {
                            return
                        }
                        stop.stop("the deadline of \(options.deadlineSeconds) s came")
                    }
                    await stop.run { await runChecks(context) }
                    group.cancelAll()
                }
                let leftovers = options.clearsAway ? await CleanUp(run: context).run() : []
                if let last = session.announcements.all().last(where: \.isStorageAnnouncement)?.json {
                    context.found(announcement: last)
                }
                booking.change { booked in
                    booked.leftovers = leftovers
                    booked.imagesMade = context.ledger.allImages.count
                    booked.assetsMade = context.ledger.assetsMade
                    booked.storageURL = context.storageURL
                    booked.announcement = context.announcement
                }
            }
        } catch let error as HubError {
            booking.change { $0.obstacle = Obstacle("hub.unreachable", "the hub cannot be used: \(error)") }
        } catch {
            booking.change { $0.faults.append("\(error)") }
        }
    }

    private func runChecks(_ context: RunContext) async {
        do {
            try await lookAround(context)
        } catch let obstacle as Obstacle {
            booking.change { $0.obstacle = obstacle }
            return
        } catch let unreached as Unreached {
            let failure = unreached.failure
            booking.change { $0.obstacle = Obstacle("service.unreached", failure.message) }
            for check in checks where check.id == unreached.check {
                finished(check, .fail, failure.reason, failure.message, nil, nil, from: context.nowMs, nil)
            }
            return
        } catch is CancellationError {
            return
        } catch {
            booking.change { $0.faults.append("looking around: \(error)") }
            return
        }
        let atATime = context.pace.checksAtATime(options.checksAtATime, timeout: .milliseconds(options.timeoutMs))
        let isSlow = context.pace.roundTrip >= .milliseconds(Limits.slowMs)
        if isSlow {
            note(
                "the service is slow: \(Int(context.pace.roundTrip / .milliseconds(1))) ms for a request; "
                    + "checks under way at a time: \(atATime)"
            )
        }
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            // The one that waits longest begins first.
            let shared = checks.filter { $0.company != .last && !isAlone($0, isSlow) }
            for check in shared.filter({ $0.id == "discovery.interval" })
                + shared.filter({ $0.id != "discovery.interval" })
            {
                if running >= atATime { await group.next() }
                guard !Task.isCancelled else { break }
                running += 1
                group.addTask { await run(check, context) }
            }
        }
        for check in checks where isAlone(check, isSlow) && !Task.isCancelled { await run(check, context) }
        // A service that dies of these has answered all else.
        for check in checks where check.company == .last && !Task.isCancelled { await run(check, context) }
        for result in booking.contents.results.values.sorted(by: { $0.startedMs < $1.startedMs }) {
            guard let check = checks.first(where: { $0.id == result.id }), check.isOfEveryReply else { continue }
            judged(check, result, context)
        }
    }

    /// The result of a check of every reply, once all have come: where one broke its rule, whoever had asked, it is that.
    private func judged(_ check: Check, _ result: CheckResult, _ context: RunContext) {
        var result = result
        if result.outcome == .pass || result.outcome == .couldNotRun, let broken = context.brokenRule(of: check.id) {
            result.outcome = outcome(of: check)
            result.reason = broken.failure.reason
            result.message = broken.failure.message
            result.expected = broken.failure.expected
            result.actual = broken.failure.actual
            if broken.asker != check.id { result.evidence += broken.messages }
        }
        booking.change { [result] in $0.results[check.id] = result }
        progress(result)
    }

    /// What a failure of a check is: a sentence that binds is broken, or a wish is not followed.
    private func outcome(of check: Check) -> Outcome {
        check.requirements.contains { Requirements.all[$0]?.isBinding ?? true } ? .fail : .warn
    }

    /// Whether a check is run by itself. A slow service that does one thing after the other may be kept from announcing
    /// itself by what the checks ask of it.
    private func isAlone(_ check: Check, _ isSlow: Bool) -> Bool {
        check.company == .alone || (isSlow && check.id == "discovery.interval")
    }

    // MARK: One check

    private func run(_ check: Check, _ context: RunContext) async {
        let start = context.nowMs
        let own = CheckContext(run: context, checkID: check.id)
        defer { own.end() }
        func ended(
            _ outcome: Outcome,
            _ reason: String? = nil,
            _ message: String? = nil,
            _ expected: JSONValue? = nil,
            _ actual: JSONValue? = nil
        ) {
            finished(check, outcome, reason, message, expected, actual, from: start, own)
        }
        do {
            try await Arrival(run: context, note: note).requireStillThere()
            for capability in check.needs {
                if let missing = context.missing(capability) { throw missing }
            }
            try await check.run(own)
            ended(.pass)
        } catch let failure as CheckFailure {
            ended(outcome(of: check), failure.reason, failure.message, failure.expected, failure.actual)
        } catch let obstacle as Obstacle {
            ended(.couldNotRun, obstacle.reason, obstacle.message)
        } catch let nothing as NothingToCheck {
            ended(.notApplicable, "nothing-to-check", nothing.message)
        } catch is CancellationError {
            ended(.couldNotRun, "run.cut-short", "the run ended before: \(stop.reason ?? "it broke")")
        } catch {
            booking.change { $0.faults.append("\(check.id): \(error)") }
            ended(.couldNotRun, "checker.fault", "the checker itself broke: \(error)")
        }
    }

    private func finished(
        _ check: Check,
        _ outcome: Outcome,
        _ reason: String?,
        _ message: String?,
        _ expected: JSONValue?,
        _ actual: JSONValue?,
        from start: Int,
        _ own: CheckContext?
    ) {
        var result = CheckResult(check, outcome, reason: reason, message: message, startedMs: start)
        result.expected = expected
        result.actual = actual
        if let own {
            result.durationMs = own.run.nowMs - start
            result.evidence = own.evidence
            result.evidenceOmitted = own.evidenceOmitted
        }
        booking.change { [result] in $0.results[check.id] = result }
        // It may become another until the run is over.
        if own == nil || !check.isOfEveryReply { progress(result) }
    }
}
