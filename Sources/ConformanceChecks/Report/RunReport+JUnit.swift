/// The report as JUnit XML, as CI systems read it: a suite for each profile, a case for each check.
///
/// A failed MUST is a `failure`; what could not run is an `error`, so that no reader takes it for a pass; what is not
/// applicable or expected to fail is `skipped` with its reason; a warning passes, with the reason in `system-out`.
extension RunReport {
    public var junit: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let all = Tally(results)
        text += "<testsuites name=\"StorageConformance\" \(all.attributes) time=\"\(seconds(durationMs))\">\n"
        for profile in Profile.allCases {
            let own = results.filter { $0.profile == profile }
            guard !own.isEmpty else { continue }
            let time = seconds(own.map(\.durationMs).reduce(0, +))
            text +=
                "  <testsuite name=\"\(profile.rawValue)\" \(Tally(own).attributes) skipped=\"\(Tally(own).skipped)\""
            // The usual schema has no fraction of a second here.
            text +=
                " time=\"\(time)\" timestamp=\"\(started.description.prefix(19))\" hostname=\"\(Markup.escaped(hub))\">\n"
            for result in own { text += testCase(result) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private func testCase(_ result: CheckResult) -> String {
        let name = Markup.escaped(result.id)
        let start =
            "    <testcase classname=\"\(result.profile.rawValue)\" name=\"\(name)\" time=\"\(seconds(result.durationMs))\""
        let message = Markup.escaped("\(result.reason ?? ""): \(result.message ?? "")")
        let details = Markup.escaped(TextReport.details(of: result).joined(separator: "\n"))
        let type = Markup.escaped(result.reason ?? "")
        switch result.outcome {
        case .pass: return start + "/>\n"
        case .fail:
            return start
                + ">\n      <failure type=\"\(type)\" message=\"\(message)\">\(details)</failure>\n    </testcase>\n"
        case .couldNotRun:
            return start
                + ">\n      <error type=\"\(type)\" message=\"could not run: \(message)\">\(details)</error>\n    </testcase>\n"
        case .notApplicable:
            return start + ">\n      <skipped message=\"not applicable: \(message)\"/>\n    </testcase>\n"
        case .expectedFailure:
            return start + ">\n      <skipped message=\"expected failure: \(message)\"/>\n    </testcase>\n"
        case .warn:
            return start + ">\n      <system-out>warning: \(message)\n\(details)</system-out>\n    </testcase>\n"
        }
    }

    private func seconds(_ ms: Int) -> String {
        let rest = String(ms % 1000)
        return "\(ms / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private struct Tally {
        let tests: Int
        let failures: Int
        let errors: Int
        let skipped: Int

        init(_ results: [CheckResult]) {
            tests = results.count
            failures = results.count { $0.outcome == .fail }
            errors = results.count { $0.outcome == .couldNotRun }
            skipped = results.count { $0.outcome == .notApplicable || $0.outcome == .expectedFailure }
        }

        var attributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\"" }
    }
}
