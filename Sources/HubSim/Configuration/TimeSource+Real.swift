import HubProtocol
import MessageHub

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TimeSource {
    /// The real clock.
    static var real: TimeSource {
        TimeSource(clock: ContinuousClock()) {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return Timestamp(millisecondsSinceEpoch: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
        }
    }
}
