import HTTPTypes
import ImageService
import Testing

@Suite struct TraceParentTests {
    static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(arguments: [
        (good, true), ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later", true),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later", false),
        ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
        ("00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", false), ("", false), ("x", false),
    ])
    func knowsValidOnes(text: String, isValid: Bool) {
        #expect(TraceParent.isValid(text) == isValid)
    }

    @Test func passesOnAValidOneAndMakesOneOtherwise() {
        #expect(TraceParent.of([.traceparent: Self.good]) == Self.good)
        let made = TraceParent.of([.traceparent: "nonsense"], random: { 0xAB })
        #expect(made == "00-00000000000000ab00000000000000ab-00000000000000ab-01")
        #expect(TraceParent.isValid(made))
        #expect(TraceParent.isValid(TraceParent.of([:])))
        #expect(TraceParent.traceID(Self.good) == "4bf92f3577b34da6a3ce929d0e0e4736")
    }

    @Test func twoOfThemAreNone() {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .traceparent, value: Self.good))
        headers.append(HTTPField(name: .traceparent, value: Self.good))
        #expect(TraceParent.of(headers) != Self.good)
    }
}
