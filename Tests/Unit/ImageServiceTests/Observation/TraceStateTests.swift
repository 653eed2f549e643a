import HTTPTypes
import ImageService
import Testing

@Suite struct TraceStateTests {
    private static func headers(_ states: [String], traceparent: String = TraceParentTests.good) -> HTTPFields {
        var headers: HTTPFields = [.traceparent: traceparent]
        for state in states { headers.append(HTTPField(name: .tracestate, value: state)) }
        return headers
    }

    @Test(
        arguments: [
            (["a=1"], "a=1"), (["a=1,b@c=2"], "a=1,b@c=2"), ([" a=1 , ,\tb=x y "], "a=1,b=x y"),
            (["a=1", "b=2"], "a=1,b=2"),
            ([], nil), ([""], nil), ([","], nil), (["a"], nil), (["a="], nil), (["=1"], nil), (["a=1=2"], nil),
            (["a=\u{FC}"], nil), (["a b=1"], nil), (["a=1", "b"], nil),
        ] as [([String], String?)]
    )
    func isTheListOfAllItsFields(_ states: [String], _ expected: String?) {
        #expect(TraceContext.of(Self.headers(states)).tracestate == expected)
    }

    @Test func goesWithAValidParentAlone() {
        #expect(TraceContext.of(Self.headers(["a=1"], traceparent: "nonsense")).tracestate == nil)
        #expect(TraceContext.of([.tracestate: "a=1"]).tracestate == nil)
        #expect(TraceContext.of(Self.headers(["a=1"])).traceparent == TraceParentTests.good)
    }

    @Test func hasAtMostThirtyTwoMembers() {
        let members = (1...33).map { "k\($0)=v" }
        #expect(TraceContext.of(Self.headers(Array(members.prefix(32)))).tracestate != nil)
        #expect(TraceContext.of(Self.headers(members)).tracestate == nil)
    }

    /// W3C Trace Context 1 §3.3.1.5: the long ones first, then from the end.
    @Test func isCutToItsBound() {
        let long = "long=" + String(repeating: "x", count: 200)
        let short = (1...30).map { "k\($0)=" + String(repeating: "y", count: 20) }
        let cut = TraceContext.of(Self.headers([long] + short)).tracestate ?? ""
        #expect(!cut.contains("long="))
        #expect(cut.hasPrefix(short[0] + "," + short[1]))
        #expect((480...512).contains(cut.utf8.count))
        #expect(cut.split(separator: ",").map(String.init) == Array(short.prefix(cut.split(separator: ",").count)))
    }
}
