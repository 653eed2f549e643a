import HTTPServing
import Testing

@Suite struct PrometheusTextTests {
    @Test func metricsAreWrittenWithHelpAndType() {
        var text = PrometheusText()
        text.counter("a_total", "All of\nit.", 3)
        text.gauge("b", "B.", [.init(["name": "x\"y\\z\n"], 1.5), .init([:], Double.infinity)])
        #expect(
            text.text == """
                # HELP a_total All of\\nit.
                # TYPE a_total counter
                a_total 3
                # HELP b B.
                # TYPE b gauge
                b{name="x\\"y\\\\z\\n"} 1.5
                b +Inf

                """
        )
    }

    @Test func histogramsAddUp() {
        var histogram = Histogram(bounds: [1, 2.5])
        for value in [0.5, 1, 2, 9] { histogram.record(value) }
        var text = PrometheusText()
        text.histogram("h", "H.", [(labels: ["route": "/"], histogram: histogram)])
        #expect(
            text.text == """
                # HELP h H.
                # TYPE h histogram
                h_bucket{route="/",le="1"} 2
                h_bucket{route="/",le="2.5"} 3
                h_bucket{route="/",le="+Inf"} 4
                h_sum{route="/"} 12.5
                h_count{route="/"} 4

                """
        )
    }
}
