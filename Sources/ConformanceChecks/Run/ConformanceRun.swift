import HubProtocol
import JSON
import MessageHub
import Synchronization

/// A run of checks against one service.
///
///     let run = ConformanceRun(checks: Catalogue.checks, surroundings: surroundings)
///     let report = await run.run { result in print(result.id, result.outcome) }
///     exit(report.exitStatus)
///
/// Where the task is cancelled, or the deadline comes, the checks end, what was made is removed, and the report says how
/// far it got.
public struct ConformanceRun: Sendable {
    private let checks: [Check]
    private let surroundings: Surroundings
    private let options: RunOptions
    private let baseline: Baseline

    public init(
        checks: [Check],
        surroundings: Surroundings,
        options: RunOptions = RunOptions(),
        baseline: Baseline = .none
    ) {
        self.checks = checks
        self.surroundings = surroundings
        self.options = options
        self.baseline = baseline
    }

    /// Runs and reports.
    ///
    /// - Parameters:
    ///   - note: told what goes on before and after the checks, in a line.
    ///   - progress: told each result as it comes.
    ///   - partial: given the report as far as it goes, every few seconds until the run ends.
    public func run(
        note: @escaping @Sendable (String) -> Void = { _ in },
        progress: @escaping @Sendable (CheckResult) -> Void = { _ in },
        partial: (@Sendable (RunReport) -> Void)? = nil
    ) async -> RunReport {
        let stop = StopSwitch()
        let started = surroundings.time.timestamp()
        let start = surroundings.time.now()
        let booking = Booking()
        let reporter = partial.map { partial in
            Task {
                while (try? await surroundings.time.sleep(for: .milliseconds(Limits.partialReportMs))) != nil {
                    partial(report(booking, cutShort: "it was still under way", started: started, since: start))
                }
            }
        }
        defer { reporter?.cancel() }
        return await withTaskCancellationHandler {
            // A task of its own: a run that is cut short still removes what it made, over its connection.
            let course = Task {
                let course = RunCourse(
                    checks: checks,
                    surroundings: surroundings,
                    options: options,
                    booking: booking,
                    stop: stop,
                    note: note,
                    progress: progress
                )
                await course.run()
            }
            await course.value
            return report(booking, cutShort: stop.reason, started: started, since: start)
        } onCancel: {
            stop.stop("interrupted")
        }
    }

    private func report(
        _ booking: Booking,
        cutShort: String?,
        started: Timestamp,
        since start: Duration
    ) -> RunReport {
        let booked = booking.contents
        var results = checks.map { check in
            booked.results[check.id]
                ?? CheckResult(
                    check,
                    .couldNotRun,
                    reason: booked.obstacle?.reason ?? "run.cut-short",
                    message: booked.obstacle?.message ?? "the run ended before: \(cutShort ?? "it broke")"
                )
        }
        let stale: [Baseline.Stale]
        (results, stale) = baseline.applied(to: results)
        return RunReport(
            runID: booked.runID,
            hub: surroundings.hub.name,
            topology: surroundings.topology,
            storageURL: booked.storageURL ?? surroundings.storageURL,
            announcement: booked.announcement,
            started: started,
            durationMs: Int((surroundings.time.now() - start) / .milliseconds(1)),
            results: results,
            stale: stale,
            isComplete: cutShort == nil && booked.faults.isEmpty,
            cutShort: cutShort,
            leftovers: booked.leftovers,
            imagesMade: booked.imagesMade,
            assetsMade: booked.assetsMade,
            faults: booked.faults,
            guesses: Diagnosis.guesses(for: results, among: KnownMistake.all)
        )
    }
}

/// What a run has found out so far.
final class Booking: Sendable {
    struct Contents: Sendable {
        var runID = ""
        var results: [String: CheckResult] = [:]
        /// Why nothing could be run at all.
        var obstacle: Obstacle?
        var storageURL: String?
        var announcement: JSONValue?
        var leftovers: [String] = []
        var imagesMade = 0
        var assetsMade = 0
        var faults: [String] = []
    }

    private let state = Mutex(Contents())

    var contents: Contents { state.withLock { $0 } }

    func change(_ change: (inout Contents) -> Void) { state.withLock { change(&$0) } }
}

/// Ends the checks of a run before their time.
final class StopSwitch: Sendable {
    private let state = Mutex<(reason: String?, task: Task<Void, Never>?)>((nil, nil))

    /// Why; `nil`: it was not stopped.
    var reason: String? { state.withLock { $0.reason } }

    func stop(_ reason: String) {
        let task = state.withLock { state in
            if state.reason == nil { state.reason = reason }
            return state.task
        }
        task?.cancel()
    }

    /// Runs something that `stop` cancels.
    func run(_ body: @escaping @Sendable () async -> Void) async {
        // Not a child: it alone is cancelled, and what clears away after it is not.
        let task = Task { await body() }
        let isStopped = state.withLock { state in
            state.task = task
            return state.reason != nil
        }
        if isStopped { task.cancel() }
        await task.value
        state.withLock { $0.task = nil }
    }
}

extension CheckResult {
    init(
        _ check: Check,
        _ outcome: Outcome,
        reason: String? = nil,
        message: String? = nil,
        startedMs: Int = 0
    ) {
        self.init(
            id: check.id,
            title: check.title,
            profile: check.profile,
            requirements: check.requirements,
            outcome: outcome,
            reason: reason,
            message: message,
            startedMs: startedMs,
            durationMs: 0,
            evidence: [],
            evidenceOmitted: 0
        )
    }
}
