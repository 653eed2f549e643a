import Foundation

/// One of the package's programs, running as a process of its own, as a user would start it.
///
///     let hub = try await ProgramProcess.start("HubSimServer", ["--port", "0"])
///     let url = try hub.address("amqp")
///     hub.kill()
///
/// It is ready when `start` returns: the program wrote its ready file. Everything is ended when the value goes.
public final class ProgramProcess: @unchecked Sendable {
    // @unchecked: Foundation's Process is only touched under `lock` after the start.
    private let process: Process
    private let lock = NSLock()
    private let folder: URL
    /// What the ready file said.
    public let addresses: [String: String]
    /// The operating system's number of the process.
    public var pid: Int32 { process.processIdentifier }

    private init(process: Process, folder: URL, addresses: [String: String]) {
        self.process = process
        self.folder = folder
        self.addresses = addresses
    }

    deinit {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts a program and waits for its ready file.
    ///
    /// - Parameters:
    ///   - name: the product, such as `HubSimServer`.
    ///   - arguments: what stands after it; `--ready-file` is added.
    ///   - environment: variables beside `PATH` and `HOME`; nothing else of ours reaches the program.
    ///   - wrapper: a program that becomes this one, with its own arguments, such as `["taskset", "-c", "0"]`.
    public static func start(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        wrapper: [String] = []
    ) async throws -> ProgramProcess {
        let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let readyFile = folder.appending(path: "ready.json")
        let errorFile = folder.appending(path: "stderr.txt")
        try Data().write(to: errorFile)

        let process = Process()
        let program = Programs.folder.appending(path: name)
        process.executableURL = wrapper.isEmpty ? program : URL(filePath: "/usr/bin/env")
        process.arguments =
            (wrapper.isEmpty ? [] : wrapper + [program.path]) + arguments + ["--ready-file", readyFile.path]
        process.currentDirectoryURL = folder
        var variables = environment
        for key in ["PATH", "HOME", "TMPDIR"] { variables[key] = ProcessInfo.processInfo.environment[key] }
        process.environment = variables
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()

        let limit = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < limit, process.isRunning {
            if let data = try? Data(contentsOf: readyFile), !data.isEmpty {
                let json = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
                return ProgramProcess(
                    process: process,
                    folder: folder,
                    addresses: json.compactMapValues { $0 as? String }
                )
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        let said = (try? String(contentsOf: errorFile, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(at: folder)
        throw ProgramError("\(name) \(arguments.joined(separator: " ")) was not ready; it said: \(said.suffix(4000))")
    }

    /// What it has written to standard error so far: its log.
    public var said: String {
        (try? String(contentsOf: folder.appending(path: "stderr.txt"), encoding: .utf8)) ?? ""
    }

    /// An address of the ready file, such as `http`, `amqp`, `storage`.
    public func address(_ key: String) throws -> String {
        guard let address = addresses[key] else { throw ProgramError("the ready file has no '\(key)': \(addresses)") }
        return address
    }

    /// Ends it at once (SIGKILL), as a power failure would, and waits until it is gone.
    public func kill() {
        signal(SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to end (SIGTERM), waits until it is gone, and tells its exit status.
    public func terminate() -> Int32 {
        signal(SIGTERM)
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Waits until it has ended by itself, and tells its exit status.
    public func waitForEnd() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func signal(_ number: Int32) {
        lock.withLock {
            if process.isRunning { _ = Foundation.kill(process.processIdentifier, number) }
        }
    }
}

/// A program did not do what the test needs.
public struct ProgramError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Where the package's programs lie: beside the test bundle that runs.
public enum Programs {
    public static let folder: URL = {
        // `swift test` runs <build>/<config>/<package>PackageTests.xctest; Swift Testing may run a helper that loads it.
        let candidates =
            CommandLine.arguments.map { URL(filePath: $0) }
            + [Bundle.main.bundleURL, Bundle.main.executableURL].compactMap { $0 }
        for candidate in candidates {
            for folder in [candidate, candidate.deletingLastPathComponent()] {
                let program = folder.appending(path: "HubSimServer")
                if FileManager.default.isExecutableFile(atPath: program.path) { return folder }
            }
        }
        return URL(filePath: ".build/debug")
    }()
}
