import HTTPServing
import HTTPTypes
import Hummingbird
import MessageHub
import NIOCore

/// How it stands with the hub, in numbers.
package struct HubTraffic: Sendable, Hashable {
    package var isConnected: Bool
    /// Connections that were opened after one was lost.
    package var reconnects: Int
    package var requests: RequesterCounters

    package init(isConnected: Bool = false, reconnects: Int = 0, requests: RequesterCounters = RequesterCounters()) {
        self.isConnected = isConnected
        self.reconnects = reconnects
        self.requests = requests
    }
}

/// `GET /metrics`: the service's numbers in Prometheus's text format (docs/running-for-real.md says what to watch).
package struct MetricsController: Sendable {
    private let version: String
    private let http: HTTPMetrics
    private let service: ServiceMetrics
    private let hub: @Sendable () -> HubTraffic
    private let budget: MemoryBudget
    private let variants: VariantRenderer

    package init(
        version: String,
        http: HTTPMetrics,
        service: ServiceMetrics,
        hub: @escaping @Sendable () -> HubTraffic,
        budget: MemoryBudget,
        variants: VariantRenderer
    ) {
        self.version = version
        self.http = http
        self.service = service
        self.hub = hub
        self.budget = budget
        self.variants = variants
    }

    package func addRoutes(to routes: inout RouteTable) {
        routes.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: PrometheusText.mediaType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text()))
            )
        }
    }

    private func text() -> String {
        var text = PrometheusText()
        text.gauge("image_service_build_info", "Which program this is.", [.init(["version": version], 1)])
        http.write(to: &text, prefix: "image_service")
        service.write(to: &text)
        write(hub(), to: &text)
        writeMemory(to: &text)
        writeVariants(to: &text)
        if let process = ProcessNumbers.read() { write(process, to: &text) }
        return text.text
    }

    private func write(_ hub: HubTraffic, to text: inout PrometheusText) {
        text.gauge("image_service_hub_connected", "1 while there is a connection to the hub.", hub.isConnected ? 1 : 0)
        text.counter(
            "image_service_hub_reconnects_total",
            "Connections to the hub that were opened after one was lost.",
            hub.reconnects
        )
        text.gauge(
            "image_service_hub_requests_pending",
            "Requests that wait for their reply over the hub.",
            hub.requests.inFlight
        )
        text.counter(
            "image_service_hub_retries_total",
            "Requests that were sent again: on a new connection, or because the hub refused them.",
            hub.requests.retries
        )
        text.counter(
            "image_service_hub_replies_ignored_total",
            "Replies that nobody waited for.",
            [
                .init(["why": "ended"], hub.requests.duplicateReplies),
                .init(["why": "unknown"], hub.requests.unknownReplies),
            ]
        )
        text.counter(
            "image_service_hub_mismatched_correlations_total",
            "Replies that were right but for their correlation id.",
            hub.requests.mismatchedCorrelations
        )
    }

    private func writeMemory(to text: inout PrometheusText) {
        let load = budget.load
        text.gauge(
            "image_service_inflight_bytes",
            "Memory that requests hold for bytes in transfer and for decoding.",
            [.init(["kind": "transfer"], load.transferBytes), .init(["kind": "decode"], load.decodeBytes)]
        )
        text.gauge(
            "image_service_inflight_bytes_limit",
            "What they may hold together (MAX_INFLIGHT_BYTES).",
            load.bytesMax
        )
        text.gauge("image_service_decodes_waiting", "Decodes that wait for memory.", load.waiting)
        text.counter(
            "image_service_memory_refusals_total",
            "Requests for memory that were refused; each is a 503 OVERLOADED.",
            load.refusals
        )
    }

    private func writeVariants(to text: inout PrometheusText) {
        let cache = variants.cacheLoad
        text.counter("image_service_variant_cache_hits_total", "Variants that were remembered.", cache.hits)
        text.counter("image_service_variant_cache_misses_total", "Variants that had to be rendered.", cache.misses)
        text.gauge("image_service_variant_cache_entries", "Variants that are remembered.", cache.entries)
        text.gauge("image_service_variant_cache_bytes", "Bytes of the variants that are remembered.", cache.bytes)
    }

    private func write(_ process: ProcessNumbers, to text: inout PrometheusText) {
        text.gauge("process_resident_memory_bytes", "Memory of the process in RAM.", process.residentBytes)
        text.counter(
            "process_cpu_seconds_total",
            "CPU time of the process, user and system.",
            [.init([:], process.cpuSeconds)]
        )
        text.gauge("process_open_fds", "Open file descriptors.", process.openFiles)
        text.gauge("process_threads", "Threads of the process.", process.threads)
    }
}
