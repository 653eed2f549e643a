import HubProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TimeSource {
    /// The machine's clocks: for wiring, and for nothing else.
    public static var system: TimeSource {
        TimeSource(clock: ContinuousClock()) {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return Timestamp(millisecondsSinceEpoch: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
        }
    }
}
