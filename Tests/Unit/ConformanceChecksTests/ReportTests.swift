import Foundation
import JSON
import TestSupport
import Testing

@testable import ConformanceChecks

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Reports") struct ReportTests {
    private static let all = SampleReport.report(Outcome.allCases) {
        $0.leftovers = ["image 1"]
        $0.stale = [Baseline.Stale(check: "reply.once", message: "passes", fails: false)]
    }

    @Test(arguments: [
        all, SampleReport.report([]),
        SampleReport.report([.pass]) {
            $0.isComplete = false
            $0.cutShort = "interrupted"
            $0.announcement = nil
            $0.storageURL = nil
        },
    ])
    func jsonFitsItsSchema(report: RunReport) throws {
        let schema = try JSONSchema(named: "conformance-report.schema.json")
        let json = try JSONValue(parsing: report.json.encoded())
        let problems = schema.problems(of: json)
        #expect(problems.isEmpty, "\(problems)")
    }

    @Test func theSchemaRefusesWhatIsNoReport() throws {
        let schema = try JSONSchema(named: "conformance-report.schema.json")
        guard case .object(var members) = Self.all.json else {
            Issue.record("a report is no object")
            return
        }
        members["exit_status"] = 5
        members["surprise"] = true
        members["hub"] = nil
        #expect(schema.problems(of: .object(members)).count == 3)
    }

    /// What the usual schema of JUnit XML wants, as far as readers depend on it.
    @Test func junitHasACaseForEveryCheck() throws {
        let xml = try XMLDocument(xmlString: Self.all.junit)
        let root = try #require(xml.rootElement())
        #expect(root.name == "testsuites")
        #expect(root.attribute(forName: "tests")?.stringValue == "6")
        #expect(root.attribute(forName: "failures")?.stringValue == "1")
        #expect(root.attribute(forName: "errors")?.stringValue == "1")
        var cases = 0
        for suite in root.elements(forName: "testsuite") {
            for name in ["name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"] {
                #expect(suite.attribute(forName: name) != nil, "a suite has no \(name)")
            }
            for element in suite.elements(forName: "testcase") {
                cases += 1
                #expect(
                    element.attribute(forName: "classname")?.stringValue
                        == suite.attribute(forName: "name")?.stringValue
                )
                #expect((element.children ?? []).count <= 1)
            }
        }
        #expect(cases == 6)
    }

    @Test func whatCouldNotRunReadsAsNoPass() {
        #expect(SampleReport.report([.couldNotRun]).junit.contains("<error "))
    }

    @Test func theHTMLPageNeedsNothingElse() {
        let html = Self.all.html
        for outside in ["src=", "<link", "@import", "url(", "<script", "http-equiv"] {
            #expect(!html.contains(outside), "the page has \(outside)")
        }
        // What came from outside stays text.
        #expect(html.contains("&lt;script&gt;alert(1)"))
        for result in Self.all.results { #expect(html.contains("id=\"\(result.id)\"")) }
        #expect(html.contains("docs/protocol.md#\(Self.all.results[0].requirements[0])"))
    }

    @Test func theSummarySaysWhatToDo() {
        let text = TextReport.summary(of: SampleReport.report([.pass, .fail]))
        let failed = Catalogue.checks[1]
        for part in [
            failed.id, failed.requirements[0], "docs/protocol.md#", "a.reason", "what is wrong", "sent message_hub",
            "first difference at /status: should be \"success\", is \"error\"", "a-mode", "nothing of it is left",
        ] {
            #expect(text.contains(part), "no \(part) in:\n\(text)")
        }
    }

    @Test func controlCharactersDoNotBreakXML() throws {
        let report = SampleReport.report([]) {
            $0.results = [SampleReport.result(0, .fail, message: "\u{0}\u{1B}]<&>\"\u{FFFF} \u{1F3A8}")]
        }
        let xml = try XMLDocument(xmlString: report.junit)
        #expect(xml.rootElement()?.name == "testsuites")
    }

    @Test func controlCharactersAreSeen() {
        let field = Evidence.Field(name: "type", value: "a\u{7F}b")
        let evidence = Evidence(.sent, atMs: 0, address: "", fields: [field], body: Array("\u{0}x\u{85}\n\ty".utf8))
        #expect(evidence.fields[0].value == "a\\u{7F}b")
        #expect(evidence.text == "\\u{0}x\\u{85}\n\ty")
    }
}
