import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The number of files, sockets above all, that the system lets this process have open.
enum OpenFiles {
    /// Raises the soft limit to the hard one. The soft one is low for the sake of programs that use `select`, which this
    /// is not; a client that finds no descriptor left would wait without an answer.
    static func allowAsManyAsPossible(logger: Logger) {
        var limit = rlimit()
        #if canImport(Glibc)
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let kind = RLIMIT_NOFILE
        #endif
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if setrlimit(kind, &limit) != 0 {
            logger.warning("the limit of open files stays as it is", metadata: ["files": "\(before)"])
        }
    }
}
