import NIOCore

/// What a connection waits for, and what comes of it when nothing comes.
extension ServerConnection {
    /// Runs something at a time, on the event loop, unless the connection ends before.
    func schedule(
        _ deadline: Deadline,
        at: Instant,
        _ body: @escaping @Sendable (ServerConnection) -> Void
    ) {
        guard let door else { return }
        let token = hub.timeline.schedule(at: at, isRecurring: deadline == .heartbeat) { door.onLoopLater(body) }
        if let former = deadlines.updateValue(token, forKey: deadline) { hub.timeline.cancel(former) }
    }

    func handshakeDeadlineReached() {
        if !session.isPastHandshake { cut("handshake took too long") }
    }

    /// Sees to it that a client that does not answer our `close` is cut off.
    func watchClose() {
        schedule(.closeOk, at: hub.timeline.now.adding(milliseconds: limits.closeMs)) {
            $0.cut("close was not answered")
        }
    }

    /// Sees to it that a client that takes nothing for too long is cut off.
    func watchStall() {
        guard let context else { return }
        let taken = Int64(writtenBytes) - Int64(bufferedBytes(context))
        schedule(.stall, at: hub.timeline.now.adding(milliseconds: limits.writeStallMs)) { connection in
            guard let context = connection.context, !context.channel.isWritable else { return }
            let takenSince = Int64(connection.writtenBytes) - Int64(connection.bufferedBytes(context))
            if takenSince == taken { connection.cut("takes nothing") } else { connection.watchStall() }
        }
    }

    /// Beats the heart and sets the next beat.
    func beat() {
        let now = hub.timeline.now
        guard let next = session.nextBeat(after: now) else { return }
        schedule(.heartbeat, at: next) { connection in
            guard connection.context != nil else { return }
            guard !connection.isDeaf() else { return connection.cut("heartbeats missed") }
            if connection.session.beat(at: connection.hub.timeline.now, isRead: !connection.reading.isPaused) {
                if connection.wire.sendsNoHeartbeats { connection.session.takeOutput { _ in } }
                connection.flush()
                connection.beat()
            } else {
                connection.cut("heartbeats missed")
            }
        }
    }

    /// Whether a fault keeps the client's signs of life from us, and has for two intervals.
    private func isDeaf() -> Bool {
        guard let since = wire.isDeafSince else { return false }
        return since.adding(milliseconds: 2000 * Int64(session.heart.intervalSeconds)) <= hub.timeline.now
    }
}
