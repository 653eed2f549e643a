import HTTPServing
import HubProtocol
import ImageFormats
import MessageHub
import Synchronization

/// What the service counts of its own work, besides what `HTTPMetrics` counts of requests.
///
/// Every label has few values, all of them of this program: names of formats, operations, outcomes and error codes.
package final class ServiceMetrics: Sendable {
    /// Upper bounds of the ranges of what storage takes, in seconds.
    static let storageBoundsSeconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// Upper bounds of the ranges of what a decoder takes, in seconds.
    static let imageBoundsSeconds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    ]

    /// How an operation of storage ended.
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case success
        case rejected
        case invalidResponse = "invalid_response"
        case unavailable
        case timeout
        case overloaded
        case cancelled

        init(_ trouble: StorageTrouble) {
            self =
                switch trouble {
                case .rejected: .rejected
                case .invalidResponse: .invalidResponse
                case .unavailable: .unavailable
                case .timedOut: .timeout
                case .overloaded: .overloaded
                case .cancelled: .cancelled
                }
        }
    }

    /// What a thread does with an image.
    package enum ImageWork: String, Sendable, Hashable {
        case decode
        case render
    }

    private struct Storage: Sendable {
        var outcomes: [Outcome: UInt64] = [:]
        /// Of those that storage answered, be it with a refusal.
        var roundTrips = Histogram(bounds: ServiceMetrics.storageBoundsSeconds)
    }

    private struct Work: Hashable, Sendable {
        let kind: ImageWork
        let format: ImageFormat
    }

    private struct State: Sendable {
        var operations: [String: Storage] = [:]
        var assets: [String: Storage] = [:]
        var assetRetries: [String: UInt64] = [:]
        var refusals: [String: UInt64] = [:]
        var uploads: UInt64 = 0
        var work: [Work: Histogram] = [:]
        var working: [ImageWork: Int] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// An operation over the hub has ended.
    func operationEnded(_ name: OperationName, _ outcome: Outcome, after duration: Duration) {
        state.withLock { Self.add(outcome, duration, to: &$0.operations[name.rawValue, default: Storage()]) }
    }

    /// An attempt at a request to the asset API has ended; `method` is the one of ours.
    func assetRequestEnded(_ method: String, _ outcome: Outcome, after duration: Duration) {
        state.withLock { Self.add(outcome, duration, to: &$0.assets[method, default: Storage()]) }
    }

    /// A request to the asset API is made again.
    func assetRequestRepeated(_ method: String) { state.withLock { $0.assetRetries[method, default: 0] += 1 } }

    /// A handler that takes uploads, which are counted: those that are kept, and those that are refused by the code of
    /// their error. What is refused further out, for want of a token, never gets to be an upload.
    func countingUploads(_ handler: @escaping RouteTable.Handler) -> RouteTable.Handler {
        { request, context in
            do {
                let response = try await handler(request, context)
                self.state.withLock { $0.uploads += 1 }
                return response
            } catch {
                let reason = ErrorAnswer.apiError(for: error).code.lowercased()
                self.state.withLock { $0.refusals[reason, default: 0] += 1 }
                throw error
            }
        }
    }

    /// Carries out work on an image, and counts how long it took.
    func measuring<Value>(
        _ kind: ImageWork,
        of format: ImageFormat,
        by time: TimeSource,
        _ work: () throws -> Value
    )
        rethrows -> Value
    {
        let start = time.now()
        state.withLock { $0.working[kind, default: 0] += 1 }
        defer {
            let seconds = (time.now() - start) / .seconds(1)
            state.withLock { state in
                state.working[kind, default: 0] -= 1
                state.work[Work(kind: kind, format: format), default: Histogram(bounds: Self.imageBoundsSeconds)]
                    .record(seconds)
            }
        }
        return try work()
    }

    private static func add(_ outcome: Outcome, _ duration: Duration, to storage: inout Storage) {
        storage.outcomes[outcome, default: 0] += 1
        switch outcome {
        case .success, .rejected: storage.roundTrips.record(duration / .seconds(1))
        case .invalidResponse, .unavailable, .timeout, .overloaded, .cancelled: break
        }
    }

    /// Writes them; all names begin with `image_service_`.
    func write(to text: inout PrometheusText) {
        let state = state.withLock { $0 }
        let operations = state.operations.sorted { $0.key < $1.key }
        text.counter(
            "image_service_storage_operations_total",
            "Operations asked of storage over the hub, by how they ended.",
            operations.flatMap { name, storage in Self.samples(storage, "operation", name) }
        )
        text.histogram(
            "image_service_hub_round_trip_seconds",
            "Seconds from asking storage over the hub until its answer was there, retries included.",
            operations.map { (["operation": $0.key], $0.value.roundTrips) }
        )
        let assets = state.assets.sorted { $0.key < $1.key }
        text.counter(
            "image_service_asset_requests_total",
            "Requests to the asset API, repeated ones too, by how they ended.",
            assets.flatMap { name, storage in Self.samples(storage, "method", name) }
        )
        text.histogram(
            "image_service_asset_request_duration_seconds",
            "Seconds that the asset API took to answer whole.",
            assets.map { (["method": $0.key], $0.value.roundTrips) }
        )
        text.counter(
            "image_service_asset_retries_total",
            "Requests to the asset API that were made again.",
            state.assetRetries.sorted { $0.key < $1.key }.map { .init(["method": $0.key], $0.value) }
        )
        text.counter("image_service_uploads_total", "Uploads that were kept.", state.uploads)
        text.counter(
            "image_service_uploads_refused_total",
            "Uploads that were refused, by the code of their error.",
            state.refusals.sorted { $0.key < $1.key }.map { .init(["reason": $0.key], $0.value) }
        )
        writeImageWork(state, to: &text)
    }

    private func writeImageWork(_ state: State, to text: inout PrometheusText) {
        let kinds: [(ImageWork, String, String)] = [
            (.decode, "Seconds that a thread took to decode an upload.", "Uploads that a thread is decoding now."),
            (.render, "Seconds that a thread took to render a variant.", "Variants that a thread is rendering now."),
        ]
        for (kind, durationHelp, nowHelp) in kinds {
            let series = state.work.filter { $0.key.kind == kind }.sorted { $0.key.format < $1.key.format }
            text.histogram(
                "image_service_\(kind.rawValue)_duration_seconds",
                durationHelp,
                series.map { (["format": $0.key.format.rawValue], $0.value) }
            )
            text.gauge("image_service_\(kind.rawValue)s_in_progress", nowHelp, state.working[kind] ?? 0)
        }
    }

    private static func samples(_ storage: Storage, _ label: String, _ name: String) -> [PrometheusText.Sample] {
        Outcome.allCases.compactMap { outcome in
            storage.outcomes[outcome].map {
                label == "operation"
                    ? .init(["operation": name, "outcome": outcome.rawValue], $0)
                    : .init(["method": name, "outcome": outcome.rawValue], $0)
            }
        }
    }
}
