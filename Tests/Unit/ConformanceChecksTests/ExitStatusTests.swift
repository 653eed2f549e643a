import Testing

@testable import ConformanceChecks

@Suite("Exit statuses") struct ExitStatusTests {
    @Test(
        arguments: [
            ([.pass, .pass], 0), ([.pass, .warn], 0), ([.pass, .notApplicable], 0), ([.pass, .fail], 1),
            ([.fail, .couldNotRun], 1), ([.pass, .couldNotRun], 2), ([.notApplicable, .notApplicable], 2), ([], 2),
        ] as [([Outcome], Int32)]
    )
    func followFromTheOutcomes(outcomes: [Outcome], status: Int32) {
        #expect(SampleReport.report(outcomes).exitStatus == status)
    }

    @Test func aFaultOfTheCheckerIs70WhateverElse() {
        let report = SampleReport.report([.fail, .pass]) { $0.faults = ["it broke"] }
        #expect(report.exitStatus == 70)
    }

    @Test func whatWasCutShortIsIncomplete() {
        let report = SampleReport.report([.pass]) {
            $0.isComplete = false
            $0.cutShort = "interrupted"
        }
        #expect(report.exitStatus == 2)
    }

    @Test func whatWasLeftIsIncomplete() {
        #expect(SampleReport.report([.pass]) { $0.leftovers = ["image 1"] }.exitStatus == 2)
    }
}
