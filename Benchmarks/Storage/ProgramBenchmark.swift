import Foundation

/// How soon `StorageSimulator` is ready, hub and all, and what it takes of a processor while nobody asks it anything.
struct ProgramBenchmark {
    /// Where the program lies.
    let program: URL
    /// Arguments beside the addresses.
    let arguments: [String]
    let name: String

    private static let repetitions = 15
    /// From the start of the process to its ready file, the median.
    private static let promiseMs = 100.0
    /// Of one processor: that is no CPU, but for what announces itself every ten seconds.
    private static let idlePercentMax = 0.5
    private static let idleSeconds = 20.0

    private let directory: String?

    /// - Parameter store: `memory` or `durable`.
    init?(_ program: String, store: String) throws {
        self.program = URL(filePath: program)
        name = store
        switch store {
        case "memory": directory = nil
        case "durable": directory = try BenchmarkStores.freshDirectory()
        default: return nil
        }
        arguments = directory.map { ["--data", $0] } ?? []
    }

    func remove() {
        if let directory { try? FileManager.default.removeItem(atPath: directory) }
    }

    func start() async throws -> Bool {
        var milliseconds: [Double] = []
        for _ in 0..<Self.repetitions {
            let began = ContinuousClock.now
            let process = try await ready()
            milliseconds.append((ContinuousClock.now - began) / .milliseconds(1))
            end(process)
        }
        milliseconds.sort()
        let median = milliseconds[Self.repetitions / 2]
        print(
            "\(name): StorageSimulator with its hub is ready after \(Int(median.rounded())) ms "
                + "(median of \(Self.repetitions); \(Int(milliseconds[0])) to \(Int(milliseconds.last ?? 0)))"
        )
        return median < Self.promiseMs * 1.1
    }

    func idle() async throws -> Bool {
        let process = try await ready()
        // What the start leaves to be done is done by then.
        try await Task.sleep(for: .seconds(2))
        let before = processorMs(process.processIdentifier)
        let began = ContinuousClock.now
        try await Task.sleep(for: .seconds(Self.idleSeconds))
        let spent = processorMs(process.processIdentifier) - before
        let percent = spent / ((ContinuousClock.now - began) / .milliseconds(1)) * 100
        end(process)
        print(
            "\(name): idle, StorageSimulator with its hub takes \((percent * 100).rounded() / 100) % of one processor"
        )
        return percent < Self.idlePercentMax
    }

    /// Starts it, and waits for its ready file.
    private func ready() async throws -> Process {
        let file = FileManager.default.temporaryDirectory.appending(path: "ready-\(UUID().uuidString)")
        let process = Process()
        process.executableURL = program
        process.arguments =
            ["--hub-listen", "127.0.0.1:0", "--port", "0", "--admin-port", "0", "--ready-file", file.path] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while !FileManager.default.fileExists(atPath: file.path) {
            guard process.isRunning else { throw CocoaError(.executableLoad) }
            try await Task.sleep(for: .microseconds(500))
        }
        return process
    }

    private func end(_ process: Process) {
        process.terminate()
        process.waitUntilExit()
    }

    /// Milliseconds of processor time that a process has had, its own and the system's for it (proc(5), `stat`).
    private func processorMs(_ pid: Int32) -> Double {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        // After the name, which stands in parentheses and may hold anything: state is the third field of all.
        let fields = (stat.split(separator: ")").last ?? "").split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) * 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
