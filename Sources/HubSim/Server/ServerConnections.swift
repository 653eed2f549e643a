import CMalloc
import NIOCore
import Synchronization

/// The sockets that are open, so that they can be bounded, waited for and closed.
final class ServerConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Whether free memory will be given back soon.
        var willGiveBack = false
    }

    /// How long no socket must be open before free memory goes back to the system.
    private static let idleBeforeGivingBack = TimeAmount.milliseconds(500)

    private let state = Mutex(State())
    private let connectionsMax: Int

    init(connectionsMax: Int) { self.connectionsMax = connectionsMax }

    /// Notes a socket until it closes.
    /// - Returns: false where there are too many.
    func add(_ channel: any Channel) -> Bool {
        let isAdded = state.withLock { state in
            guard state.channels.count < connectionsMax else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isAdded else { return false }
        channel.closeFuture.whenComplete { [self] _ in remove(channel) }
        return true
    }

    /// Waits until no socket is open.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.waiting.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// Tells all that the hub ends.
    func tellAll() {
        for channel in state.withLock({ Array($0.channels.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(HubEnds())
        }
    }

    /// Closes sockets that have nothing more to send.
    func closeTold() {
        for channel in state.withLock({ Array($0.channels.values) }) {
            channel.getOption(.bufferedWritableBytes).whenSuccess { bytes in
                if bytes == 0 { channel.close(promise: nil) }
            }
        }
    }

    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    private func remove(_ channel: any Channel) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [] }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
        giveBackMemoryLater(on: channel.eventLoop)
    }

    /// Once nobody is there, lets the system have what connections and messages took and left free. The C library would
    /// keep most of it.
    private func giveBackMemoryLater(on eventLoop: any EventLoop) {
        let isDue = state.withLock { state in
            guard state.channels.isEmpty, !state.willGiveBack else { return false }
            state.willGiveBack = true
            return true
        }
        guard isDue else { return }
        eventLoop.scheduleTask(in: Self.idleBeforeGivingBack) { [weak self] in
            guard let self else { return }
            let isIdle = state.withLock { state in
                state.willGiveBack = false
                return state.channels.isEmpty
            }
            if isIdle { cmalloc_give_back_free_memory() }
        }
    }
}
