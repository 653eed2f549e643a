import HTTPTypes
import Synchronization

/// What a server was asked and what it answered, in numbers for `GET /metrics`.
///
/// How many series there are is bounded by the program alone: routes are templates, and methods and paths that are no
/// route of it count as `other`.
public final class HTTPMetrics: Sendable {
    /// What stands for a path or a method that the program does not know.
    public static let other = "other"
    /// Upper bounds of the ranges of durations, in seconds.
    public static let durationBoundsSeconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// A route as it was asked.
    struct Asked: Hashable, Sendable {
        let method: String
        let route: String

        init(_ method: HTTPRequest.Method, route: String?) {
            self.method = HTTPMetrics.methods.contains(method.rawValue) ? method.rawValue : HTTPMetrics.other
            self.route = route ?? HTTPMetrics.other
        }

        static func precedes(_ left: Asked, _ right: Asked) -> Bool {
            (left.route, left.method) < (right.route, right.method)
        }
    }

    private struct Answers: Sendable {
        var byStatus: [Int: UInt64] = [:]
        var durations = Histogram(bounds: HTTPMetrics.durationBoundsSeconds)

        mutating func add(status: Int, seconds: Double) {
            byStatus[status, default: 0] += 1
            durations.record(seconds)
        }
    }

    private struct State: Sendable {
        var answers: [Asked: Answers] = [:]
        /// Requests whose answer has begun, or not even that.
        var inFlight = 0
        var receivedBytes: UInt64 = 0
        var sentBytes: UInt64 = 0
        /// What could not be read as a request, by the status that it was answered with.
        var unreadable: [Int: UInt64] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    func began() { state.withLock { $0.inFlight += 1 } }

    func answered(_ asked: Asked, status: Int, seconds: Double) {
        state.withLock { $0.answers[asked, default: Answers()].add(status: status, seconds: seconds) }
    }

    func ended() { state.withLock { $0.inFlight -= 1 } }

    func received(_ bytes: Int) { state.withLock { $0.receivedBytes += UInt64(bytes) } }

    func sent(_ bytes: Int) { state.withLock { $0.sentBytes += UInt64(bytes) } }

    /// Counts what could not be read as a request: it has no route, and no middleware ever saw it.
    public func refusedUnread(status: HTTPResponse.Status) {
        state.withLock { $0.unreadable[status.code, default: 0] += 1 }
    }

    /// Writes them.
    ///
    /// - Parameter prefix: what the names begin with, such as `image_service`.
    public func write(to text: inout PrometheusText, prefix: String) {
        let state = state.withLock { $0 }
        let routes = state.answers.sorted { Asked.precedes($0.key, $1.key) }
        text.counter(
            "\(prefix)_http_requests_total",
            "Requests that were answered, by route and status.",
            routes.flatMap { asked, answers in
                answers.byStatus.sorted { $0.key < $1.key }.map { status, count in
                    PrometheusText.Sample(
                        ["method": asked.method, "route": asked.route, "status": "\(status)"],
                        count
                    )
                }
            }
        )
        text.histogram(
            "\(prefix)_http_request_duration_seconds",
            "Seconds from the header of a request until its answer was ready to be sent.",
            routes.map { asked, answers in (["method": asked.method, "route": asked.route], answers.durations) }
        )
        text.gauge(
            "\(prefix)_http_requests_in_flight",
            "Requests that are being answered now, answers that are still being sent included.",
            state.inFlight
        )
        text.counter(
            "\(prefix)_http_unreadable_requests_total",
            "What could not be read as an HTTP request, by the status of the answer.",
            state.unreadable.sorted { $0.key < $1.key }.map { .init(["status": "\($0.key)"], $0.value) }
        )
        text.counter(
            "\(prefix)_http_received_bytes_total",
            "Bytes of request bodies that were read.",
            state.receivedBytes
        )
        text.counter(
            "\(prefix)_http_sent_bytes_total",
            "Bytes of answers' bodies that were handed to the network.",
            state.sentBytes
        )
    }
}
