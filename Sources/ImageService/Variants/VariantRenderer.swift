import HubProtocol
import ImageFormats
import MessageHub
import NIOCore
import NIOPosix
import Synchronization

/// Renders variants on threads of their own, within the memory that the budget has, and remembers the latest.
package final class VariantRenderer: Sendable {
    /// The bounds on what is remembered.
    package enum Limits {
        /// Bytes of variants in memory, besides `MAX_INFLIGHT_BYTES`.
        static let cacheBytesMax = 32 << 20
    }

    private let limits: ImageLimits
    private let budget: MemoryBudget
    private let threads: NIOThreadPool
    private let metrics: ServiceMetrics
    private let time: TimeSource
    private let cache: Mutex<Remembered>

    private struct Remembered: Sendable {
        var variants: VariantCache
        var hits: UInt64 = 0
        var misses: UInt64 = 0
    }

    /// How much is remembered, and how much that helped since the start.
    package struct CacheLoad: Sendable, Hashable {
        package var hits: UInt64
        package var misses: UInt64
        package var entries: Int
        package var bytes: Int
    }

    /// - Parameter limits: what an original may be and cost. Every format is drawn, whichever may come in today.
    package init(
        limits: ImageLimits,
        budget: MemoryBudget,
        threads: NIOThreadPool,
        metrics: ServiceMetrics,
        time: TimeSource,
        cacheBytesMax: Int = Limits.cacheBytesMax
    ) {
        var limits = limits
        limits.formats = Set(ImageFormat.allCases)
        self.limits = limits
        self.budget = budget
        self.threads = threads
        self.metrics = metrics
        self.time = time
        cache = Mutex(Remembered(variants: VariantCache(bytesMax: cacheBytesMax)))
    }

    package var cacheLoad: CacheLoad {
        cache.withLock {
            CacheLoad(hits: $0.hits, misses: $0.misses, entries: $0.variants.count, bytes: $0.variants.usedBytes)
        }
    }

    /// The variant where it is remembered.
    package func remembered(_ key: VariantKey) -> Variant? {
        cache.withLock { cache in
            let variant = cache.variants.variant(key)
            if variant != nil { cache.hits += 1 }
            return variant
        }
    }

    /// Renders the variant, or finds that somebody else has while this one waited for memory.
    ///
    /// Throws `CORRUPT_IMAGE` or `IMAGE_TOO_LARGE` where the original cannot be drawn, which was then not put there by
    /// this service, and `OVERLOADED` where no memory comes free.
    package func render(_ original: ByteBuffer, as key: VariantKey) async throws -> Variant {
        // The original is in memory beside what rendering takes.
        let limits = limits.beside(original.readableBytes)
        let (bytes, plan) = try await run {
            let bytes = Array(original.readableBytesView)
            return (bytes, try ImageRenderer.plan(bytes.span, key.options, limits: limits))
        }
        let memory = try await budget.holdDecode(plan.memoryBytes)
        defer { memory.release() }
        if let variant = remembered(key) { return variant }
        cache.withLock { $0.misses += 1 }
        let rendered = try await run { [metrics, time] in
            try metrics.measuring(.render, of: plan.format, by: time) {
                try ImageRenderer.render(bytes.span, plan, limits: limits)
            }
        }
        let variant = Variant(bytes: ByteBuffer(bytes: rendered), format: plan.format)
        cache.withLock { $0.variants.keep(variant, as: key) }
        return variant
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await threads.runIfActive(work)
        } catch let rejection as ImageRejection {
            throw ImageInspector.apiError(for: rejection)
        }
    }
}
