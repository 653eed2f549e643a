import AMQP
import FoundationEssentials
import MessageHub
import Testing

@testable import HubSim

/// Seeded fuzzing of everything that a client's bytes reach. To run it for longer:
///
///     HUBSIM_FUZZ_SECONDS=500 HUBSIM_FUZZ_SEED=1000000 swift test --filter HubFuzz
///
/// The seed that is being played is written to `HUBSIM_FUZZ_LOG`, for the case that the process does not outlive it.
@Suite("Hub fuzz")
struct HubFuzzTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func hostileClientsEndThemselvesAlone(_ seed: UInt64) throws {
        for index in UInt64(0)..<20 { try play(seed * 1000 + index) }
    }

    private static let seconds = ProcessInfo.processInfo.environment["HUBSIM_FUZZ_SECONDS"].flatMap(Int.init)

    @Test(.enabled(if: seconds != nil))
    func forLong() throws {
        let environment = ProcessInfo.processInfo.environment
        let end = ContinuousClock.now + .seconds(Self.seconds ?? 0)
        var seed = environment["HUBSIM_FUZZ_SEED"].flatMap(UInt64.init) ?? 1_000_000
        let first = seed
        while ContinuousClock.now < end {
            if let log = environment["HUBSIM_FUZZ_LOG"] {
                try "\(seed)\n".write(toFile: log, atomically: false, encoding: .utf8)
            }
            let start = ContinuousClock.now
            try play(seed)
            let time = ContinuousClock.now - start
            if time > .seconds(30) { Issue.record("seed \(seed) took \(time)") }
            seed += 1
        }
        print("seeds \(first)..<\(seed) played")
    }

    /// Plays one to three clients from a seed.
    private func play(_ seed: UInt64) throws {
        let clients = (0...seed % 3).map { number in
            var session = FuzzedSession(seed: seed &* 7 &+ number)
            return session.pieces()
        }
        try FuzzRun().play(clients)
    }

    /// What was found by fuzzing, and what is kept because it once did harm.
    @Test(arguments: try FuzzFixture.all())
    func finds(_ fixture: FuzzFixture) throws {
        for size in [1, 100, 65_536] { try FuzzRun().play([fixture.pieces(of: size)]) }
    }
}

/// A file in `fixtures/hubsim/fuzz`: all that one client says.
struct FuzzFixture: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var testDescription: String { name }

    static func all(_ here: String = #filePath) throws -> [FuzzFixture] {
        let folder = folder(here)
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".bin") }.sorted()
            .map { FuzzFixture(name: $0, bytes: [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + $0)))) }
    }

    static func folder(_ here: String = #filePath) -> String {
        var folder = here[...]
        while !FileManager.default.fileExists(atPath: folder + "/Package.swift"), let slash = folder.lastIndex(of: "/")
        {
            folder = folder[..<slash]
        }
        return folder + "/fixtures/hubsim/fuzz"
    }

    func pieces(of size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min(bytes.count, $0 + size)]) }
    }
}
