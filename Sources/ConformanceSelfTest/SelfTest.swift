import ConformanceChecks
import MessageHub
import SimulatedStorage

/// The checker checked: all checks against the simulated storage as it should be, in every odd but legal mode, and in
/// every broken one.
///
///     let matrix = await SelfTest(transport: transport, makeID: makeID).run { print($0.line) }
///     print(matrix.text)
public struct SelfTest: Sendable {
    /// Which checks are run against a broken mode.
    public enum Scope: Sendable {
        /// All: the whole matrix.
        case everything
        /// Those of the sentences that it breaks: enough to see that it is caught, in a fraction of the time.
        case statedSentences
    }

    private let transport: any AssetTransport
    private let makeID: @Sendable () -> String
    private let modesAtATime: Int
    private let checks: [Check]
    private let scope: Scope

    /// - Parameters:
    ///   - modesAtATime: most of a run is waiting, so several side by side take little longer than one.
    ///   - checks: those that take part.
    public init(
        transport: any AssetTransport,
        makeID: @escaping @Sendable () -> String,
        modesAtATime: Int = 32,
        checks: [Check] = Catalogue.checks,
        scope: Scope = .everything
    ) {
        self.transport = transport
        self.makeID = makeID
        self.modesAtATime = modesAtATime
        self.checks = checks
        self.scope = scope
    }

    /// The times of a run against a storage in this process.
    public static let options: RunOptions = {
        var options = RunOptions()
        options.timeoutMs = 4000
        options.quietMs = 60
        options.restartSeconds = 4
        // Nothing takes so long but what hangs, on the busiest machine.
        options.deadlineSeconds = 1200
        options.waitSeconds = 10
        return options
    }()

    /// Runs the modes, all of them where none are named, the reference first.
    public func run(
        modes: [StorageMode] = StorageMode.legal + StorageMode.broken,
        progress: @escaping @Sendable (MatrixRow) -> Void = { _ in }
    ) async -> Matrix {
        let time = TimeSource.system
        let start = time.now()
        let subjects: [StorageMode?] = [nil] + modes.map(Optional.some)
        let rows = await withTaskGroup(of: (Int, MatrixRow).self) { group in
            var rows: [Int: MatrixRow] = [:]
            for (begun, index) in Self.order(of: subjects).enumerated() {
                if begun >= modesAtATime, let (done, row) = await group.next() { rows[done] = row }
                let mode = subjects[index]
                group.addTask {
                    let row = MatrixRow(mode: mode, report: await report(mode))
                    progress(row)
                    return (index, row)
                }
            }
            for await (done, row) in group { rows[done] = row }
            return rows
        }
        let isWhole =
            scope == .everything && modes.count == StorageMode.all.count && checks.count == Catalogue.checks.count
        return Matrix(
            rows: rows.sorted { $0.key < $1.key }.map(\.value),
            checks: checks,
            isWhole: isWhole,
            duration: time.now() - start
        )
    }

    /// The places of modes in the order in which they begin: what takes longest first, as at the end nothing would be left
    /// to run beside it.
    static func order(of modes: [StorageMode?]) -> [Int] {
        func isSlow(_ index: Int) -> Bool { modes[index]?.isSlow ?? false }
        return modes.indices.filter(isSlow) + modes.indices.filter { !isSlow($0) }
    }

    /// One mode, with much room and with little; `nil` where the storage itself could not be run.
    private func report(_ mode: StorageMode?) async -> RunReport? {
        let isBroken = mode?.isLegal == false
        let broken = Set(mode?.requirements ?? [])
        func counts(_ check: Check) -> Bool { !isBroken || !broken.isDisjoint(with: check.requirements) }
        let room = checks.filter { $0.needs.contains(.littleRoom) }
        let others = checks.filter { check in
            guard !check.needs.contains(.littleRoom) else { return false }
            switch scope {
            case .everything: return !check.isHeavy || counts(check)
            case .statedSentences: return counts(check)
            }
        }
        guard var report = await report(mode, others, hasLittleRoom: false) else { return nil }
        // Only who is to fail there, or must not, is tried with little room.
        guard !room.isEmpty, mode == nil || (isBroken && room.contains(where: counts)) else { return report }
        guard let little = await self.report(mode, room, hasLittleRoom: true) else { return nil }
        report.results += little.results
        report.faults += little.faults
        report.leftovers += little.leftovers
        return report
    }

    private func report(_ mode: StorageMode?, _ checks: [Check], hasLittleRoom: Bool) async -> RunReport? {
        try? await StorageUnderTest.run(
            mode: mode,
            hasLittleRoom: hasLittleRoom,
            transport: transport,
            makeID: makeID
        ) { surroundings in
            var options = Self.options
            if mode?.isLegal == false {
                // What is left by a broken one is gone with its hub, and is half of all requests of a run.
                options.clearsAway = false
            } else {
                // What must not fail may take its time; what is not answered is waited for in broken ones only.
                options.timeoutMs = 20_000
            }
            return await ConformanceRun(checks: checks, surroundings: surroundings, options: options).run()
        }
    }
}
