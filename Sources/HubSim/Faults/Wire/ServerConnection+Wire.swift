import NIOCore

/// Carries out what faults do to a socket.
extension ServerConnection {
    /// A fault strikes the connection's bytes from here on: what was said before goes out before.
    func strike(_ fault: WireFault) {
        flush()
        guard let context else { return }
        let now = hub.timeline.now
        wire.strike(fault, at: now, generation: hub.faults.generation)
        if case .halfOpen = fault {
            reading.pause(.fault, context)
            if wire.stalledUntil != .never {
                schedule(.halfOpen, at: wire.stalledUntil) { connection in
                    guard let context = connection.context else { return }
                    connection.reading.resume(.fault, context)
                    connection.pumpWire()
                }
            }
        }
        if wire.resetsNow { resetSocket(context) }
    }

    /// Sends bytes over a wire that is struck.
    func send(_ output: ByteBuffer) {
        wire.put(Array(buffer: output), at: hub.timeline.now, generation: hub.faults.generation)
        pumpWire()
    }

    /// Writes what is due, and sees to the rest in its time.
    func pumpWire() {
        guard let context else { return }
        while let parcel = wire.next(at: hub.timeline.now) {
            if !parcel.bytes.isEmpty {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: parcel.bytes)), promise: nil)
            }
            switch parcel.ending {
            case .none: break
            case .reset: return resetSocket(context)
            case .closed: return context.close(promise: nil)
            }
            // Writing may have found the socket closed.
            guard self.context != nil else { return }
        }
        if let due = wire.nextDue {
            if due != .never { schedule(.wire, at: due) { $0.pumpWire() } }
        } else {
            flush()
        }
    }

    private func resetSocket(_ context: ChannelHandlerContext) {
        // It fails only where the socket is closed already.
        _ = context.channel.reset()
    }
}
