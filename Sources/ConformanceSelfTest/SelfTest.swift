import ConformanceChecks
import MessageHub
import SimulatedStorage
import Synchronization

/// The checker checked: all checks against the simulated storage as it should be, in every odd but legal mode, and in
/// every broken one.
///
///     let matrix = await SelfTest(transport: transport, makeID: makeID).run { print($0.line) }
///     print(matrix.text)
public struct SelfTest: Sendable {
    private let transport: any AssetTransport
    private let makeID: @Sendable () -> String
    private let modesAtATime: Int
    private let checks: [Check]

    /// - Parameters:
    ///   - modesAtATime: most of a run is waiting, so several side by side take little longer than one.
    ///   - checks: those that take part.
    public init(
        transport: any AssetTransport,
        makeID: @escaping @Sendable () -> String,
        modesAtATime: Int = 6,
        checks: [Check] = Catalogue.checks
    ) {
        self.transport = transport
        self.makeID = makeID
        self.modesAtATime = modesAtATime
        self.checks = checks
    }

    /// The times of a run against a storage in this process.
    public static let options: RunOptions = {
        var options = RunOptions()
        options.timeoutMs = 2000
        options.quietMs = 60
        options.restartSeconds = 4
        options.deadlineSeconds = 90
        return options
    }()

    /// Runs the modes, all of them where none are named, the reference first.
    public func run(
        modes: [StorageMode] = StorageMode.legal + StorageMode.broken,
        progress: @escaping @Sendable (MatrixRow) -> Void = { _ in }
    ) async -> Matrix {
        let subjects: [StorageMode?] = [nil] + modes.map(Optional.some)
        let rows = Mutex<[Int: MatrixRow]>([:])
        await withTaskGroup(of: Void.self) { group in
            for (index, mode) in subjects.enumerated() {
                if index >= modesAtATime { await group.next() }
                group.addTask {
                    let row = MatrixRow(mode: mode, report: await report(mode))
                    rows.withLock { $0[index] = row }
                    progress(row)
                }
            }
        }
        let found = rows.withLock { rows in rows.sorted { $0.key < $1.key }.map(\.value) }
        return Matrix(rows: found, checks: checks)
    }

    /// One mode; `nil` where the storage itself could not be run.
    private func report(_ mode: StorageMode?) async -> RunReport? {
        try? await StorageUnderTest.run(mode: mode, transport: transport, makeID: makeID) { surroundings in
            var options = Self.options
            options.waitSeconds = 10
            return await ConformanceRun(checks: checks, surroundings: surroundings, options: options).run()
        }
    }
}
