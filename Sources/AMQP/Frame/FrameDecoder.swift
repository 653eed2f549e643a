/// Cuts a stream of bytes into frames, however the bytes are split (AMQP 0-9-1 §4.2.3).
///
/// A frame that lies whole in the bytes given is handed out where it lies; only what is cut off at the end is copied and
/// waits for more. Give bytes and ask until nil comes, which means that all of them are taken:
///
///     var input = bytes                              // of a socket's read
///     while let frame = try decoder.next(&input) {
///         switch frame.type { … }                    // frame.payload holds until the next call
///     }
///
/// The size of a frame is checked as soon as its seven octets of header are there, before its payload: a payload may be as
/// large as frame-max, by the eight octets of a frame's overhead more than §4.2.3 allows, as with RabbitMQ. After an error
/// there is nothing left to synchronise on, so the decoder throws that error again for ever.
public struct FrameDecoder: ~Copyable {
    private enum State {
        /// Nothing of the next frame has come.
        case betweenFrames
        /// The beginning of a protocol header is in `pending`.
        case withinProtocolHeader
        /// The beginning of a frame is in `pending`.
        case withinFrame
        /// The frame handed out last is in `pending`.
        case handedOut
        case failed(ProtocolError)
    }

    /// The largest frame in octets, overhead included, as negotiated; 0 = the limit of ``Limits/frameOctetsMax``.
    ///
    /// A change holds from the next call of ``next(_:)`` on, so it may be made for `connection.tune-ok` when that has
    /// been handed out.
    public var frameMax: UInt32

    private let limits: Limits
    private var state = State.betweenFrames
    private var pending = PendingFrame()

    /// A decoder at the beginning of a stream. Before negotiation, 4096 is what every peer must take (§4.2.3).
    public init(frameMax: UInt32 = FrameType.minimumSize, limits: Limits = .standard) {
        self.frameMax = frameMax
        self.limits = limits
    }

    /// Takes the protocol header off the front of `input`, once all of it is there; nil = more is needed.
    ///
    /// Only for a server, and before any frame. Whether the version is one to speak is for the caller to see; throws
    /// `FRAME_ERROR` as soon as the octets cannot be such a header.
    public mutating func nextProtocolHeader(
        _ input: inout UnsafeRawBufferPointer
    ) throws(ProtocolError) -> ProtocolHeader? {
        switch state {
        case .betweenFrames, .withinProtocolHeader: break
        case .failed(let error): throw error
        case .withinFrame, .handedOut:
            preconditionFailure("Cannot read a protocol header when frames have been read")
        }
        pending.fill(to: ProtocolHeader.size, from: &input)
        let bytes = pending.bytes
        guard bytes.starts(with: ProtocolHeader.letters.prefix(bytes.count)) else {
            let error = ProtocolError(.frameError, "no AMQP protocol header: the first octets are \(Array(bytes))")
            state = .failed(error)
            throw error
        }
        guard bytes.count == ProtocolHeader.size else {
            state = .withinProtocolHeader
            return nil
        }
        let header = ProtocolHeader(id: bytes[4], major: bytes[5], minor: bytes[6], revision: bytes[7])
        pending.removeAll()
        state = .betweenFrames
        return header
    }

    /// Takes the next frame off the front of `input`; nil = all of `input` is taken and more is needed.
    ///
    /// Throws `FRAME_ERROR` for an unknown type, a size over the limit, a wrong end octet and a payload that cannot be one
    /// of its type, and `UNEXPECTED_FRAME` for content on channel 0 and heartbeats on another.
    public mutating func next(_ input: inout UnsafeRawBufferPointer) throws(ProtocolError) -> RawFrame? {
        do throws(ProtocolError) {
            switch state {
            case .betweenFrames: break
            case .handedOut:
                pending.removeAll()
                state = .betweenFrames
            case .withinFrame: return try nextPending(&input)
            case .failed(let error): throw error
            case .withinProtocolHeader: preconditionFailure("Cannot read frames before the protocol header is whole")
            }
            guard input.count >= FrameHeader.size else { return stash(&input) }
            let header = try FrameHeader(input, frameMax: effectiveFrameMax)
            guard input.count >= header.frameSize else { return stash(&input) }
            let frame = try header.frame(in: input)
            input = UnsafeRawBufferPointer(rebasing: input[header.frameSize...])
            return frame
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private var effectiveFrameMax: UInt32 { frameMax == 0 ? limits.frameOctetsMax : frameMax }

    /// Keeps the beginning of a frame until the rest comes.
    private mutating func stash(_ input: inout UnsafeRawBufferPointer) -> RawFrame? {
        guard !input.isEmpty else { return nil }
        pending.fill(to: input.count, from: &input)
        state = .withinFrame
        return nil
    }

    /// Goes on with the frame whose beginning is in `pending`.
    private mutating func nextPending(_ input: inout UnsafeRawBufferPointer) throws(ProtocolError) -> RawFrame? {
        pending.fill(to: FrameHeader.size, from: &input)
        guard pending.count >= FrameHeader.size else { return nil }
        let header = try FrameHeader(pending.bytes, frameMax: effectiveFrameMax)
        pending.fill(to: header.frameSize, from: &input)
        guard pending.count == header.frameSize else { return nil }
        let frame = try header.frame(in: pending.bytes)
        state = .handedOut
        return frame
    }
}
