import AMQP

/// From what a tap saw to what a trace tells.
extension TracedFrame {
    init(_ event: WireEvent) {
        var channel: UInt16 = 0
        let content: Content
        var isSecretive = event.party.notes.withLock { $0.isSecretive }
        switch event.matter {
        case .opened: content = .opened(isInProcess: event.party.isInProcess)
        case .protocolHeader(let octets):
            content = .protocolHeader(
                ProtocolHeader(id: octets[4], major: octets[5], minor: octets[6], revision: octets[7])
            )
        case .frame(let octets, let size): (channel, content) = Self.frame(octets, size: size)
        case .rest(let octets):
            isSecretive = isSecretive || Masking.isOfConnection(octets[...])
            content = Self.rest(octets, isSecretive: isSecretive)
        case .method(let number, let method): (channel, content) = (number, .method(method))
        case .header(let number, let header): (channel, content) = (number, .header(header))
        case .body(let number, let excerpt, let size):
            (channel, content) = (number, .body(size: size, excerpt: excerpt))
        case .closed(let ending): content = .closed(by: ending)
        }
        let name = event.party.notes.withLock { notes in
            if case .method(.connectionStartOk(let startOk)) = content,
                let name = startOk.clientProperties["connection_name"]?.string
            {
                notes.name = Excerpt.name(name)
            }
            notes.isSecretive = isSecretive
            return notes.name
        }
        self.init(
            time: event.at.sinceStart,
            connection: event.party.number,
            name: name,
            direction: event.direction,
            channel: channel,
            content: content
        )
    }

    /// A whole frame; of a body, there may be only the beginning.
    private static func frame(_ octets: [UInt8], size: Int) -> (UInt16, Content) {
        let channel = UInt16(octets[1]) << 8 | UInt16(octets[2])
        if octets[0] == FrameType.body.rawValue {
            let payload = octets[7..<min(octets.count, size - 1)]
            return (channel, .body(size: size - FrameType.overhead, excerpt: Array(payload.prefix(Excerpt.octetsMax))))
        }
        do throws(ProtocolError) {
            switch try decoded(octets) {
            case .method(_, let method): return (channel, .method(method.withoutSecret))
            case .header(_, let header): return (channel, .header(header))
            case .body(_, let octets): return (channel, .body(size: octets.count, excerpt: octets))
            case .heartbeat: return (channel, .heartbeat)
            }
        } catch {
            // Why a method of class connection cannot be read might tell what is in it.
            let reason = Masking.isOfConnection(octets[...]) ? "\(error.code)" : "\(error)"
            return (channel, .unreadable(size: size, reason: reason))
        }
    }

    private static func decoded(_ octets: [UInt8]) throws(ProtocolError) -> Frame {
        var decoder = FrameDecoder(frameMax: 0)
        return try octets.withUnsafeBufferPointer { buffer throws(ProtocolError) in
            var input = UnsafeRawBufferPointer(buffer)
            guard let frame = try decoder.next(&input) else {
                throw ProtocolError(.frameError, "a frame that is not whole")
            }
            return try Frame(frame)
        }
    }

    private static func rest(_ octets: [UInt8], isSecretive: Bool) -> Content {
        let reason = isSecretive ? "no frame" : "no frame: \(Excerpt.text(Array(octets.prefix(8)), of: octets.count))"
        return .unreadable(size: octets.count, reason: reason)
    }
}
