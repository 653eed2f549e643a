import AMQP

/// Cuts one direction of a connection into frames, whole and as they are, for those who look on.
///
/// It is not the decoder of the session: it keeps the octets, and goes on where the session gives up.
struct WireCutter {
    enum Piece: Sendable {
        case protocolHeader([UInt8])
        /// A whole frame, from its type to its end octet.
        case frame([UInt8])
        /// What is no frame; nothing after it is either.
        case rest([UInt8])
    }

    private enum State {
        case beginning, frames, garbage
    }

    private let frameBytesMax: Int
    private var state = State.beginning
    private var pending: [UInt8] = []

    /// - Parameter frameBytesMax: the largest frame, overhead included; larger ones are no frames.
    init(frameBytesMax: Int) { self.frameBytesMax = frameBytesMax }

    /// Takes octets and hands out what is whole.
    mutating func take(_ input: UnsafeRawBufferPointer, _ body: (Piece) -> Void) {
        pending.append(contentsOf: input)
        var start = 0
        while start < pending.count, let length = next(pending[start...]) {
            let octets = Array(pending[start..<start + length])
            start += length
            switch state {
            case .beginning:
                body(.protocolHeader(octets))
                state = .frames
            case .frames: body(.frame(octets))
            case .garbage: body(.rest(octets))
            }
        }
        pending.removeFirst(start)
    }

    /// Hands out what never became whole.
    mutating func end(_ body: (Piece) -> Void) {
        guard !pending.isEmpty else { return }
        body(.rest(pending))
        pending = []
    }

    /// How long the next piece is; nil: it is not yet whole.
    private mutating func next(_ octets: ArraySlice<UInt8>) -> Int? {
        let start = octets.startIndex
        if state == .beginning {
            // A server begins with a frame.
            let letters = Array("AMQP".utf8)
            if octets.prefix(4).elementsEqual(letters.prefix(octets.count)) {
                return octets.count < ProtocolHeader.size ? nil : ProtocolHeader.size
            }
            state = FrameType(rawValue: octets[start]) == nil ? .garbage : .frames
        }
        guard state == .frames else { return octets.count }
        guard FrameType(rawValue: octets[start]) != nil else {
            state = .garbage
            return octets.count
        }
        guard octets.count >= 7 else { return nil }
        let size = octets[start + 3..<start + 7].reduce(0) { $0 << 8 | Int($1) } + FrameType.overhead
        guard size <= frameBytesMax, octets.count < size || octets[start + size - 1] == FrameType.end else {
            state = .garbage
            return octets.count
        }
        return octets.count < size ? nil : size
    }
}
