import Testing

@testable import ConformanceChecks

@Suite("Baselines") struct BaselineTests {
    @Test func aKnownFailureIsExpected() {
        let report = SampleReport.report([.fail, .pass], baseline: SampleReport.baseline(0))
        #expect(report.results[0].outcome == .expectedFailure)
        #expect(report.stale.isEmpty)
        #expect(report.exitStatus == 0)
    }

    @Test func anotherMessageIsStale() {
        let report = SampleReport.report([.fail, .pass], baseline: SampleReport.baseline(0, message: "another"))
        #expect(report.results[0].outcome == .fail)
        #expect(report.stale.map(\.check) == [Catalogue.checks[0].id])
        #expect(report.exitStatus == 3)
    }

    @Test func aFailureBesideIsAFailure() {
        let report = SampleReport.report([.fail, .fail], baseline: SampleReport.baseline(0, message: "another"))
        #expect(report.exitStatus == 1)
    }

    @Test func whatPassesIsStale() {
        let report = SampleReport.report([.pass], baseline: SampleReport.baseline(0))
        #expect(report.exitStatus == 3)
    }

    @Test func whatCouldNotRunSaysNothing() {
        let report = SampleReport.report([.couldNotRun, .pass], baseline: SampleReport.baseline(0))
        #expect(report.stale.isEmpty)
        #expect(report.exitStatus == 2)
    }

    @Test func whatWasNotAskedForSaysNothing() {
        let report = SampleReport.report([.pass], baseline: SampleReport.baseline(5))
        #expect(report.exitStatus == 0)
    }

    @Test func aFileIsRead() throws {
        let id = Catalogue.checks[3].id
        let text = "{\"failures\":[{\"check\":\"\(id)\",\"reason\":\"r\",\"message\":\"m\"}]}"
        let baseline = try Baseline(parsing: Array(text.utf8))
        #expect(baseline.entries == [.init(check: id, reason: "r", message: "m")])
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"failures\":{}}", "{\"failures\":[],\"more\":1}",
        "{\"failures\":[{\"check\":\"no.such-check\",\"reason\":\"r\",\"message\":\"m\"}]}",
        "{\"failures\":[{\"check\":\"reply.once\",\"message\":\"m\"}]}",
        "{\"failures\":[{\"check\":\"reply.once\",\"reason\":\"r\",\"message\":\"m\",\"x\":1}]}",
    ])
    func aMalformedFileIsRefused(text: String) {
        #expect(throws: BaselineError.self) { try Baseline(parsing: Array(text.utf8)) }
    }
}
