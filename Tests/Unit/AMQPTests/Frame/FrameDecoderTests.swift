import AMQP
import Testing

/// Cutting a stream into frames, and refusing what is none.
@Suite struct FrameDecoderTests {
    static let heartbeat = bytes("08 0000 00000000 CE")

    /// A malformed stream and what it is refused for. Every one of them is refused however it is split.
    struct Malformed: CustomTestStringConvertible, Sendable {
        var octets: [UInt8]
        var code: ReplyCode
        var reason: String
        var detail: String?
        var testDescription: String { reason }

        init(_ digits: String, _ code: ReplyCode, _ reason: String, _ detail: String? = nil) {
            octets = bytes(digits)
            self.code = code
            self.reason = reason
            self.detail = detail
        }
    }

    static let malformed = [
        Malformed("00 0001 00000000 CE", .frameError, "type 0, all octets = <<>>: unknown_frame"),
        Malformed("04 0001 00000001 61 CE", .frameError, "type 4, all octets = <<\"a\">>: unknown_frame"),
        Malformed("FF 0001 00000002 6100 CE", .frameError, "type 255, all octets = <<97,0>>: unknown_frame"),
        Malformed(
            "09 0001 00000004 220A5C7E CE",
            .frameError,
            #"type 9, all octets = <<"\"\n\\~">>: unknown_frame"#
        ),
        Malformed(
            "09 0001 00000011 0000000000000000 0000000000000000 01 CE",
            .frameError,
            "type 9, first 16 octets = <<0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>>: unknown_frame"
        ),
        Malformed("01 0001 00000003 003200 CE", .frameError, "type 1, all octets = <<0,50,0>>: unknown_frame"),
        Malformed(
            "414D5150 00000901",
            .frameError,
            "type 65, all octets = <<>>: {frame_too_large,1342177289,4088}",
            "a protocol header, not a frame: the peer refuses the protocol version"
        ),
        Malformed(
            "03 0001 00000001 61 CD",
            .frameError,
            "type 3, all octets = <<\"a\">>: {invalid_frame_end_marker,205}"
        ),
        Malformed("09 0001 00000000 61", .frameError, "type 9, all octets = <<>>: {invalid_frame_end_marker,97}"),
        Malformed("03 0000 00000001 61 CE", .unexpectedFrame, "type 3, all octets = <<\"a\">>"),
        Malformed("02 0000 00000000 CE", .frameError, "type 2, all octets = <<>>: unknown_frame"),
        Malformed(
            "02 0000 0000000C 00000000 00000000 00000000 CE",
            .unexpectedFrame,
            "type 2, all octets = <<0,0,0,0,0,0,0,0,0,0,0,0>>"
        ),
        Malformed("08 0001 00000000 CE", .unexpectedFrame, "type 8, all octets = <<>>"),
        Malformed("08 0000 00000001 00 CE", .frameError, "type 8, all octets = <<0>>: unknown_frame"),
        Malformed("03 0001 00001001 61", .frameError, "type 3, all octets = <<>>: {frame_too_large,4097,4088}"),
        Malformed(
            "01 0000 FFFFFFFF",
            .frameError,
            "type 1, all octets = <<>>: {frame_too_large,4294967295,4088}"
        ),
    ]

    @Test(arguments: malformed)
    func refuses(_ sample: Malformed) {
        let octets = Self.heartbeat + sample.octets
        let expected = Decoding(octets, frameMax: 4096)
        #expect(expected.frames == [.heartbeat])
        #expect(expected.error?.code == sample.code)
        #expect(expected.error?.reason == sample.reason)
        if let detail = sample.detail { #expect(expected.error?.detail == detail) }
        #expect(expected.error?.code.severity == .connection)
        #expect(Decoding.octetByOctet(octets, frameMax: 4096) == expected)
        for split in 1..<octets.count {
            #expect(Decoding(octets, splits: [split], frameMax: 4096) == expected)
        }
    }

    @Test func refusesASizeBeforeThePayloadComes() {
        let source = Source(bytes("03 0001 00001001"))
        #expect(throws: ProtocolError.self) { try source.next().get() }
    }

    @Test(arguments: [4088, 4089, 4096])
    func aPayloadOfFrameMaxIsTaken(_ size: Int) {
        let body = [UInt8](repeating: 7, count: size)
        let decoding = Decoding(frame(3, body), frameMax: 4096)
        #expect(decoding.frames == [.body(channel: 1, body)])
    }

    @Test func anErrorIsForEver() {
        let source = Source(bytes("00 0001 00000000 CE") + Self.heartbeat)
        let error = ProtocolError(.frameError, "type 0, all octets = <<>>: unknown_frame")
        #expect(source.next() == .failure(error))
        #expect(source.next() == .failure(error))
    }

    @Test func frameMaxMayChangeBetweenFrames() {
        let large = [UInt8](repeating: 7, count: 5000)
        let source = Source(Self.heartbeat + frame(3, large) + frame(3, large))
        #expect(source.next() == .success(.heartbeat))
        source.decoder.frameMax = 8192
        #expect(source.next() == .success(.body(channel: 1, large)))
        source.decoder.frameMax = 4096
        #expect(throws: ProtocolError.self) { try source.next().get() }
    }

    @Test func withoutANegotiatedLimitOursHolds() {
        let limits = Limits(frameOctetsMax: 100)
        let fits = frame(3, [UInt8](repeating: 7, count: 100))
        #expect(Decoding(fits, frameMax: 0, limits: limits).frames.count == 1)
        let tooLarge = frame(3, [UInt8](repeating: 7, count: 101))
        #expect(Decoding(tooLarge, frameMax: 0, limits: limits).error?.code == .frameError)
    }

    @Test func noOctetsAreNoFrame() throws {
        var decoder = FrameDecoder()
        var input = UnsafeRawBufferPointer(start: nil, count: 0)
        let frame = try decoder.next(&input)
        #expect(frame.isNone)
        #expect(Decoding([]).frames.isEmpty)
        #expect(Decoding(Self.heartbeat, splits: [0, 0, 4, 4]).frames == [.heartbeat])
    }

    /// A frame that is there whole is handed out where it lies.
    @Test func payloadsAreNotCopiedWhereTheyNeedNotBe() throws {
        let octets = frame(3, [1, 2, 3]) + frame(3, [4, 5, 6])
        try octets.withUnsafeBytes { octets in
            var decoder = FrameDecoder()
            var input = UnsafeRawBufferPointer(rebasing: octets[..<16])
            let first = try decoder.next(&input)
            #expect(first?.payload.baseAddress == octets.baseAddress.map { $0 + 7 })
            let cutOff = try decoder.next(&input)
            #expect(cutOff.isNone)
            #expect(input.isEmpty)
            input = UnsafeRawBufferPointer(rebasing: octets[16...])
            let second = try decoder.next(&input)
            #expect(second.map { Array($0.payload) } == [4, 5, 6])
            let end = try decoder.next(&input)
            #expect(end.isNone)
        }
    }

    @Test func aBodyFrameMayBeEmpty() throws {
        let octets = frame(3, [])
        #expect(Decoding(octets).frames == [.body(channel: 1, [])])
        #expect(try encoded(.body(channel: 1, [])) == octets)
    }

    /// Large frames in small pieces: the decoder's own memory grows and is given back.
    @Test func largeFramesInPieces() {
        let frames = (0..<4).map { frame(3, [UInt8](repeating: UInt8($0), count: 300_000)) + Self.heartbeat }
        let octets = frames.flatMap { $0 }
        let whole = Decoding(octets, frameMax: 0)
        #expect(whole.frames.count == 8)
        #expect(Decoding(octets, splits: Array(stride(from: 4096, to: octets.count, by: 4096)), frameMax: 0) == whole)
        #expect(Decoding(octets, splits: Array(stride(from: 65521, to: octets.count, by: 65521)), frameMax: 0) == whole)
    }
}

/// A decoder with its input, as an object, so that expectations can ask it.
private final class Source {
    var decoder: FrameDecoder
    private let octets: UnsafeMutableRawBufferPointer
    private var input: UnsafeRawBufferPointer

    init(_ octets: [UInt8], frameMax: UInt32 = 4096) {
        decoder = FrameDecoder(frameMax: frameMax)
        self.octets = .allocate(byteCount: octets.count, alignment: 1)
        self.octets.copyBytes(from: octets)
        input = UnsafeRawBufferPointer(self.octets)
    }

    deinit { octets.deallocate() }

    /// The next frame as a value, or why there is none.
    func next() -> Result<Frame?, ProtocolError> {
        do throws(ProtocolError) {
            guard let raw = try decoder.next(&input) else { return .success(nil) }
            return .success(try Frame(raw))
        } catch {
            return .failure(error)
        }
    }
}

extension Optional {
    fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
