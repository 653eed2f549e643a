import HubProtocol
import JSON

@testable import ConformanceChecks

/// Reports for tests: one check for each outcome that is asked for.
enum SampleReport {
    /// A result of the catalogue's check of this place.
    static func result(
        _ index: Int,
        _ outcome: Outcome,
        reason: String = "a.reason",
        message: String = "what is wrong"
    ) -> CheckResult {
        let check = Catalogue.checks[index]
        let says = outcome != .pass
        var result = CheckResult(check, outcome, reason: says ? reason : nil, message: says ? message : nil)
        result.evidence = [
            Evidence(
                .sent,
                atMs: 1,
                address: "message_hub / storage.request",
                fields: [.init(name: "reply_to", value: "<queue> & \"more\"")],
                body: Array("{\"name\":\"<script>alert(1)</script>\"}".utf8)
            ),
            Evidence(.received, atMs: 2, address: "(default exchange) / q", fields: [], body: [0xFF, 0x00]),
        ]
        if says {
            result.expected = ["status": "success"]
            result.actual = ["status": "error", "error": ["code": "INTERNAL_ERROR"]]
        }
        return result
    }

    static func report(
        _ outcomes: [Outcome],
        baseline: Baseline = .none,
        change: (inout RunReport) -> Void = { _ in }
    ) -> RunReport {
        let results = outcomes.enumerated().map { result($0.offset, $0.element) }
        let (applied, stale) = baseline.applied(to: results)
        var report = RunReport(
            runID: "run",
            hub: "amqp://hub",
            topology: Topology(),
            storageURL: "http://storage",
            announcement: ["event": "service.announced"],
            started: Timestamp("2026-01-02T03:04:05.678Z") ?? Timestamp(millisecondsSinceEpoch: 0),
            durationMs: 1234,
            results: applied,
            stale: stale,
            isComplete: true,
            cutShort: nil,
            leftovers: [],
            imagesMade: 2,
            assetsMade: 1,
            faults: [],
            guesses: [Guess(mode: "a-mode", title: "Does <it>.", requirement: "HUB-COR-001", percent: 90)]
        )
        change(&report)
        return report
    }

    /// A baseline that expects the failure of the catalogue's check of this place.
    static func baseline(_ index: Int, message: String = "what is wrong") -> Baseline {
        Baseline(entries: [.init(check: Catalogue.checks[index].id, reason: "a.reason", message: message)])
    }
}
