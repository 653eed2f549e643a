import AMQP

/// Everything a decoder makes of a stream: frames as values, and the error that ended it, if one did.
struct Decoding: Equatable {
    var frames: [Frame] = []
    var error: ProtocolError?

    /// Feeds the octets in pieces that end at `splits`, each in memory of its own that is overwritten afterwards, so that
    /// a frame that still pointed into it would show.
    init(_ octets: [UInt8], splits: [Int] = [], frameMax: UInt32 = 131_072, limits: Limits = .standard) {
        var decoder = FrameDecoder(frameMax: frameMax, limits: limits)
        var start = 0
        for end in splits + [octets.count] {
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: end - start, alignment: 1)
            defer { piece.deallocate() }
            piece.copyBytes(from: octets[start..<end])
            var input = UnsafeRawBufferPointer(piece)
            do throws(ProtocolError) {
                while let frame = try decoder.next(&input) { frames.append(try Frame(frame, limits: limits)) }
            } catch {
                self.error = error
                return
            }
            piece.initializeMemory(as: UInt8.self, repeating: 0xEE)
            start = end
        }
    }

    /// Feeds the octets one at a time.
    static func octetByOctet(_ octets: [UInt8], frameMax: UInt32 = 131_072) -> Decoding {
        Decoding(octets, splits: Array(1..<max(octets.count, 1)), frameMax: frameMax)
    }
}

/// A frame's octets around a payload, whatever the payload is.
func frame(_ type: UInt8, channel: UInt16 = 1, _ payload: [UInt8]) -> [UInt8] {
    [type, UInt8(channel >> 8), UInt8(channel & 0xFF)] + bigEndian(UInt32(payload.count)) + payload + [0xCE]
}

/// The octets of an integer, the highest first.
func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// The octets that a writer makes of frames.
func encoded(_ frames: Frame..., frameMax: UInt32 = 131_072) throws -> [UInt8] {
    var writer = FrameWriter(frameMax: frameMax)
    for frame in frames { try writer.frame(frame) }
    return writer.bytes
}
