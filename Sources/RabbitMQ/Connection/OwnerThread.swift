import CRabbitMQ
import MessageHub

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads of our own: what blocks in C must not take one of Swift's few.
enum OwnerThread {
    private final class Body {
        let call: @Sendable () -> Void
        init(_ call: @escaping @Sendable () -> Void) { self.call = call }
    }

    /// Runs `body` on a new thread that nobody joins.
    static func start(_ body: @escaping @Sendable () -> Void) throws(HubError) {
        let argument = Unmanaged.passRetained(Body(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            &attributes,
            { argument in
                crmq_name_thread("hub-connection")
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().call()
                return nil
            },
            argument.toOpaque()
        )
        guard status == 0 else {
            argument.release()
            throw HubError.unreachable("no thread could be started")
        }
    }
}
