import NIOCore
import Synchronization

/// A socket's connection as the hub sees it: keeps directives until its event loop comes to them.
final class SocketDoor: Door {
    private let directives = Mutex<[Directive]>([])
    private let eventLoop: any EventLoop
    private let connection: NIOLoopBound<ServerConnection>
    private let work: WorkCount
    private let received = Atomic<UInt64>(0)
    private let sent = Atomic<UInt64>(0)

    init(_ connection: ServerConnection, on eventLoop: any EventLoop, counting work: WorkCount) {
        self.work = work
        self.eventLoop = eventLoop
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
    }

    func take(_ new: ArraySlice<Directive>) -> Bool {
        directives.withLock { kept in
            let wasIdle = kept.isEmpty
            kept.append(contentsOf: new)
            return wasIdle
        }
    }

    func wake() {
        onLoop { $0.carryOut() }
    }

    var traffic: Traffic {
        Traffic(receivedBytes: received.load(ordering: .relaxed), sentBytes: sent.load(ordering: .relaxed))
    }

    func received(bytes: Int) { received.add(UInt64(bytes), ordering: .relaxed) }
    func sent(bytes: Int) { sent.add(UInt64(bytes), ordering: .relaxed) }

    /// Takes what is kept, in exchange for an empty array whose memory is used again.
    func takeDirectives(into taken: inout [Directive]) {
        directives.withLock { swap(&$0, &taken) }
    }

    /// Runs something on the connection's event loop: now, if this is it.
    func onLoop(_ body: @escaping @Sendable (ServerConnection) -> Void) {
        if eventLoop.inEventLoop {
            body(connection.value)
        } else {
            onLoopLater(body)
        }
    }

    /// Runs something on the connection's event loop, after what is there.
    func onLoopLater(_ body: @escaping @Sendable (ServerConnection) -> Void) {
        work.begin()
        eventLoop.execute { [connection, work] in
            body(connection.value)
            work.end()
        }
    }
}
