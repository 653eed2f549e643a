import CRabbitMQ
import MessageHub

/// A descriptor by which other threads wake the one that waits for the hub.
final class Wakeup: Sendable {
    let descriptor: Int32

    init() throws(HubError) {
        descriptor = crmq_wakeup_open()
        guard descriptor >= 0 else { throw HubError.unreachable("no file descriptor is left") }
    }

    deinit { crmq_wakeup_close(descriptor) }

    /// May be called by any thread. Several signals before the thread wakes are one.
    func signal() { crmq_wakeup_signal(descriptor) }
}
