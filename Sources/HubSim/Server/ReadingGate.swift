import NIOCore

/// Why a connection is not read from, and whether it is.
struct ReadingGate {
    enum Reason: Hashable {
        /// The hub is short of memory and the client publishes.
        case blocked
        /// The client does not take what it is sent.
        case outbound
        /// A fault has it half open.
        case fault
    }

    private var reasons: Set<Reason> = []

    var isPaused: Bool { !reasons.isEmpty }

    mutating func pause(_ reason: Reason, _ context: ChannelHandlerContext) {
        guard reasons.insert(reason).inserted, reasons.count == 1 else { return }
        set(context.channel, isRead: false)
    }

    mutating func resume(_ reason: Reason, _ context: ChannelHandlerContext) {
        guard reasons.remove(reason) != nil, reasons.isEmpty else { return }
        set(context.channel, isRead: true)
    }

    /// Reads, whatever there was against it.
    mutating func open(_ context: ChannelHandlerContext) {
        guard isPaused else { return }
        reasons.removeAll()
        set(context.channel, isRead: true)
    }

    private func set(_ channel: any Channel, isRead: Bool) {
        // It fails only where the socket is closed, and then there is nothing to close.
        channel.setOption(.autoRead, value: isRead).whenFailure { _ in channel.close(promise: nil) }
    }
}
