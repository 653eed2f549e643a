/// The walk over a WebP's chunks (RFC 9649 §2), picture by picture.
///
///     var chunks = try WebPChunks(bytes)
///     while let picture = try chunks.nextPicture(bytes) { … }
struct WebPChunks {
    /// One still image or animation frame.
    struct Picture {
        /// Where the picture lies on the canvas.
        var left = 0
        var top = 0
        var width = 0
        var height = 0
        /// The bytes that libwebp decodes: the optional ALPH chunk and the VP8 or VP8L chunk.
        var data = 0..<0
        /// Whether the picture is lossless (VP8L), which the decoder must hold whole.
        var isLossless = false
        /// The content of the VP8 or VP8L chunk.
        var bitstream = 0..<0
        /// The content of the ALPH chunk of a lossy picture, empty without one.
        var alpha = 0..<0
    }

    /// Size of the canvas.
    let width: Int
    let height: Int
    /// Orientation by the EXIF chunk, known when the last picture has been read.
    private(set) var orientation = 1
    private let isExtended: Bool
    private let isAnimated: Bool
    private var offset = 12
    private let end: Int
    /// Chunks so far, those inside frames apart.
    private(set) var count = 0
    private var pictures = 0
    private var hasAnimationChunk = false

    /// Reads the file header and, in the extended format, VP8X: as much of the file as gives the size.
    init(_ bytes: Span<UInt8>) throws(ImageFault) {
        // §2.4: the RIFF size counts from after itself; bytes past it are no part of the image.
        let size = try bytes.littleEndian(4, at: 4)
        guard size >= 12 else { throw .malformed("the RIFF size has no room for an image") }
        end = size + 8
        let first = try WebPChunk(bytes, at: 12, end: end)
        isExtended = first.type == WebPChunk.vp8x
        guard isExtended else {
            // The simple format: one bitstream, whose own size is the canvas.
            let picture = try Self.bitstream(bytes, first)
            (width, height) = (picture.width, picture.height)
            isAnimated = false
            return
        }
        guard first.data.count >= 10 else { throw .malformed("VP8X is shorter than 10 bytes") }
        isAnimated = try bytes.byte(at: first.data.lowerBound) & 0x02 != 0
        width = try bytes.littleEndian(3, at: first.data.lowerBound + 4) + 1
        height = try bytes.littleEndian(3, at: first.data.lowerBound + 7) + 1
        offset = first.end
    }

    /// The next picture, or `nil` at the end.
    mutating func nextPicture(_ bytes: Span<UInt8>) throws(ImageFault) -> Picture? {
        guard bytes.holds(end, at: 0) else { throw .truncated }
        // What follows the image of the simple format is no part of it.
        if pictures > 0, !isExtended { return nil }
        while offset < end {
            let chunk = try WebPChunk(bytes, at: offset, end: end)
            count += 1
            switch chunk.type {
            case WebPChunk.vp8, WebPChunk.vp8l, WebPChunk.alph:
                guard !isAnimated, pictures == 0 else { throw .malformed("an image chunk that no frame holds") }
                let picture = try Self.picture(bytes, from: offset, end: end)
                guard picture.width == width, picture.height == height else {
                    throw .malformed("the image has not the size of its canvas")
                }
                offset = picture.data.upperBound
                pictures += 1
                return picture
            case WebPChunk.anim: hasAnimationChunk = true
            case WebPChunk.anmf:
                guard isAnimated, hasAnimationChunk else { throw .malformed("a frame in a file without ANIM") }
                let frame = try self.frame(bytes, chunk)
                offset = chunk.end
                pictures += 1
                return frame
            case WebPChunk.exif where isExtended:
                orientation = Self.orientation(bytes.extracting(chunk.data))
            default: break
            }
            offset = chunk.end
        }
        guard pictures > 0 else { throw .malformed("the file holds no image") }
        return nil
    }

    /// ANMF, §2.7.1.1.
    private func frame(_ bytes: Span<UInt8>, _ chunk: WebPChunk) throws(ImageFault) -> Picture {
        let start = chunk.data.lowerBound
        guard chunk.data.count >= 16 else { throw .malformed("ANMF is shorter than 16 bytes") }
        let frameWidth = try bytes.littleEndian(3, at: start + 6) + 1
        let frameHeight = try bytes.littleEndian(3, at: start + 9) + 1
        var picture = try Self.picture(bytes, from: start + 16, end: chunk.data.upperBound)
        picture.left = try 2 * bytes.littleEndian(3, at: start)
        picture.top = try 2 * bytes.littleEndian(3, at: start + 3)
        guard picture.width == frameWidth, picture.height == frameHeight else {
            throw .malformed("a frame has not the size that it announces")
        }
        guard picture.left + frameWidth <= width, picture.top + frameHeight <= height else {
            throw .malformed("a frame outside the canvas")
        }
        return picture
    }

    /// An optional ALPH chunk, unknown chunks that the decoder skips too, and the bitstream.
    private static func picture(_ bytes: Span<UInt8>, from start: Int, end: Int) throws(ImageFault) -> Picture {
        var first: WebPChunk?
        var offset = start
        while offset < end {
            let chunk = try WebPChunk(bytes, at: offset, end: end)
            switch chunk.type {
            case WebPChunk.alph:
                guard first == nil else { throw .malformed("ALPH stands twice") }
                first = chunk
            case WebPChunk.vp8, WebPChunk.vp8l:
                var picture = try bitstream(bytes, chunk)
                // A lossless bitstream holds its own alpha; an ALPH beside it is ignored (§2.7.1.2).
                if let first, !picture.isLossless {
                    guard !first.data.isEmpty else { throw .malformed("ALPH is empty") }
                    picture.alpha = first.data
                    picture.data = first.start..<chunk.end
                }
                return picture
            default: break
            }
            offset = chunk.end
        }
        throw .malformed("an image without a bitstream")
    }

    /// The size that the bitstream itself gives: the key frame header of VP8 (RFC 6386 §9.1) or the header of VP8L
    /// (RFC 9649 §3.4).
    private static func bitstream(_ bytes: Span<UInt8>, _ chunk: WebPChunk) throws(ImageFault) -> Picture {
        var picture = Picture()
        picture.data = chunk.start..<chunk.end
        picture.bitstream = chunk.data
        let start = chunk.data.lowerBound
        switch chunk.type {
        case WebPChunk.vp8:
            guard chunk.data.count >= 10 else { throw .malformed("VP8 is shorter than its header") }
            guard try bytes.byte(at: start) & 1 == 0, try bytes.bigEndian(3, at: start + 3) == 0x9D012A else {
                throw .malformed("VP8 does not begin with a key frame")
            }
            picture.width = try bytes.littleEndian(2, at: start + 6) & 0x3FFF
            picture.height = try bytes.littleEndian(2, at: start + 8) & 0x3FFF
        case WebPChunk.vp8l:
            guard chunk.data.count >= 5, try bytes.byte(at: start) == 0x2F else {
                throw .malformed("VP8L without its signature")
            }
            let bits = try bytes.littleEndian(4, at: start + 1)
            guard bits >> 29 == 0 else { throw .malformed("an unknown version of VP8L") }
            picture.width = (bits & 0x3FFF) + 1
            picture.height = (bits >> 14 & 0x3FFF) + 1
            picture.isLossless = true
        default: throw .malformed("the first chunk is no image")
        }
        guard picture.width > 0, picture.height > 0 else { throw .malformed("width or height is zero") }
        return picture
    }

    /// EXIF in WebP is a bare TIFF structure; some writers put JPEG's `Exif` prefix before it.
    private static func orientation(_ exif: Span<UInt8>) -> Int {
        EXIFOrientation.read(exif.has("Exif\0\0", at: 0) ? exif.extracting(6..<exif.count) : exif)
    }
}

/// Type and place of one RIFF chunk (§2.3).
private struct WebPChunk {
    static let vp8 = 0x5650_3820, vp8l = 0x5650_384C, vp8x = 0x5650_3858, alph = 0x414C_5048
    static let anim = 0x414E_494D, anmf = 0x414E_4D46, exif = 0x4558_4946

    let type: Int
    let start: Int
    let data: Range<Int>
    /// Where the next chunk begins: data of an odd length is padded; whether it is at the very end, decoding
    /// finds out.
    let end: Int

    init(_ bytes: Span<UInt8>, at offset: Int, end limit: Int) throws(ImageFault) {
        guard limit - offset >= 8 else { throw .malformed("bytes after the last chunk") }
        start = offset
        type = try bytes.bigEndian(4, at: offset)
        let length = try bytes.littleEndian(4, at: offset + 4)
        guard length <= limit - offset - 8 else { throw .malformed("a chunk is longer than what holds it") }
        data = offset + 8..<offset + 8 + length
        end = min(limit, data.upperBound + length % 2)
    }
}
