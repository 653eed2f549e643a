/// The header of a PNG (W3C PNG, third edition) and the walk over all its chunks.
///
/// The walk proves what a decoder would otherwise take on trust: every chunk lies inside the file (libpng reserves
/// memory by the declared length of a text chunk before it reads it), the critical chunks are there and in order, and
/// an animation has the frames that it announces. Checksums are left to decoding.
///
/// An animation whose control chunks contradict each other or the image is none, as in browsers: the image stands for
/// itself, and acTL, fcTL and fdAT are ancillary chunks like any other. That is so for an acTL that is not whole,
/// announces nothing, stands twice or behind an fcTL; without any fcTL, or with more than are announced; for an fcTL that
/// is not whole or lies outside the image; for an fdAT without fcTL. What is lost is damage: announced frames that are
/// missing, a gap in the sequence, a frame without data. So is, before IDAT, an fdAT or an fcTL that does not fit the
/// image: Chromium does not show it.
enum PNGHeader {
    static func read(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> ImageHeader {
        let walk = try walk(bytes, budget)
        return ImageHeader(
            format: .png,
            width: walk.width,
            height: walk.height,
            frames: walk.isAnimated ? walk.frames : 1,
            decodeMemoryBytes: walk.decodeMemoryBytes,
            orientation: walk.orientation ?? 1
        )
    }

    /// Whether fcTL and fdAT are to be decoded: also in an animation of one frame, whose data fdAT may hold.
    static func isAnimated(_ bytes: Span<UInt8>) throws(ImageFault) -> Bool {
        try walk(bytes, PixelBudget(pixelsMax: .max)).isAnimated
    }

    private static func walk(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) -> PNGWalk {
        var walk = PNGWalk()
        var offset = 8
        while !walk.hasEnded {
            let length = try bytes.bigEndian(4, at: offset)
            let type = try bytes.bigEndian(4, at: offset + 4)
            // §5.3: length, type, data, CRC.
            guard bytes.holds(length + 12, at: offset) else { throw .truncated }
            try walk.chunk(PNGChunk(type: type, length: length), bytes.extracting(offset + 8..<offset + 8 + length))
            if type == PNGChunk.ihdr { try budget.admit(width: walk.width, height: walk.height) }
            offset += length + 12
        }
        try walk.finishAnimation()
        if walk.isAnimated { try budget.admit(width: walk.width, height: walk.height, frames: walk.frames) }
        return walk
    }
}

/// Type and length of one chunk.
private struct PNGChunk {
    static let ihdr = 0x4948_4452, plte = 0x504C_5445, idat = 0x4944_4154, iend = 0x4945_4E44
    static let actl = 0x6163_544C, fctl = 0x6663_544C, fdat = 0x6664_4154, exif = 0x6558_4966

    let type: Int
    let length: Int

    /// §5.4: bit 5 of the first byte clear, a decoder that does not know the chunk cannot show the image.
    var isCritical: Bool { type & 0x2000_0000 == 0 }

    /// §5.3: a type is four ASCII letters.
    var isNamed: Bool {
        stride(from: 0, to: 32, by: 8).allSatisfy { shift in
            switch UInt8(truncatingIfNeeded: type >> shift) {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            default: false
            }
        }
    }
}

/// What the chunks so far have said.
private struct PNGWalk {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var hasEnded = false
    /// What the first eXIf says (§11.3.3.7).
    private(set) var orientation: Int?
    private var bitsPerPixel = 0
    private var usesPalette = false
    private var hasHeader = false
    private var hasPalette = false
    private var hasData = false
    private var dataHasEnded = false
    private var animation = Animation.none
    private(set) var frames = 0
    private var nextSequence = 0
    /// What the latest fcTL still wants: its first fdAT (or, before IDAT, the image itself), or more of them.
    private var frameData = FrameData.none

    private enum FrameData { case none, missing, begun }

    /// `contradictory` is for good: what follows of it is not looked at.
    private enum Animation: Equatable { case none, announced(frames: Int), contradictory }

    var isAnimated: Bool {
        if case .announced = animation { true } else { false }
    }

    mutating func chunk(_ chunk: PNGChunk, _ data: Span<UInt8>) throws(ImageFault) {
        guard hasHeader || chunk.type == PNGChunk.ihdr else { throw .malformed("IHDR is not the first chunk") }
        if hasData, chunk.type != PNGChunk.idat { dataHasEnded = true }
        switch chunk.type {
        case PNGChunk.ihdr: try header(data)
        case PNGChunk.plte: try palette(chunk.length)
        case PNGChunk.idat:
            guard !dataHasEnded else { throw .malformed("IDAT chunks are not consecutive") }
            guard hasPalette || !usesPalette else { throw .malformed("PLTE is missing") }
            hasData = true
        case PNGChunk.iend:
            guard hasData else { throw .malformed("IDAT is missing") }
            hasEnded = true
        case PNGChunk.actl where !hasData: animation = try announced(data)
        case PNGChunk.fctl where isAnimated: try frame(data)
        case PNGChunk.fctl where !hasData: animation = .contradictory
        case PNGChunk.fdat where isAnimated: try moreFrameData(data)
        case PNGChunk.exif where orientation == nil: orientation = EXIFOrientation.read(data)
        default:
            guard chunk.isNamed else { throw .malformed("a chunk type is not four letters") }
            guard !chunk.isCritical else { throw .malformed("an unknown critical chunk") }
        }
    }

    /// §11.2.1.
    private mutating func header(_ data: Span<UInt8>) throws(ImageFault) {
        guard !hasHeader else { throw .malformed("IHDR stands twice") }
        guard data.count == 13 else { throw .malformed("IHDR has not 13 bytes") }
        hasHeader = true
        width = try data.bigEndian(4, at: 0)
        height = try data.bigEndian(4, at: 4)
        guard width > 0, height > 0 else { throw .malformed("width or height is zero") }
        guard width <= 0x7FFF_FFFF, height <= 0x7FFF_FFFF else { throw .malformed("width or height is over 2^31 - 1") }
        let depth = Int(data[8])
        let (channels, depths): (Int, Set<Int>) =
            switch data[9] {
            case 0: (1, [1, 2, 4, 8, 16])
            case 2: (3, [8, 16])
            case 3: (1, [1, 2, 4, 8])
            case 4: (2, [8, 16])
            case 6: (4, [8, 16])
            default: throw .malformed("an unknown colour type")
            }
        guard depths.contains(depth) else { throw .malformed("a bit depth that its colour type does not have") }
        guard data[10] == 0, data[11] == 0 else { throw .malformed("an unknown compression or filter method") }
        guard data[12] <= 1 else { throw .malformed("an unknown interlace method") }
        bitsPerPixel = depth * channels
        usesPalette = data[9] == 3
    }

    /// §11.2.2; outside colour type 3 a palette is a suggestion that no decoder here reads, and past IDAT it is nothing.
    private mutating func palette(_ length: Int) throws(ImageFault) {
        guard !hasData else { return }
        guard !hasPalette else { throw .malformed("PLTE stands twice") }
        guard 1...768 ~= length, length % 3 == 0 || !usesPalette else { throw .malformed("PLTE has a wrong length") }
        hasPalette = true
    }

    /// acTL, §11.3.6.1.
    private func announced(_ data: Span<UInt8>) throws(ImageFault) -> Animation {
        guard animation == .none, data.count == 8 else { return .contradictory }
        let count = try data.bigEndian(4, at: 0)
        return 1...0x7FFF_FFFF ~= count ? .announced(frames: count) : .contradictory
    }

    /// fcTL, §11.3.6.2: one before each frame; the one before IDAT makes the still image the first frame.
    private mutating func frame(_ data: Span<UInt8>) throws(ImageFault) {
        guard frameData != .missing else { throw .malformed("an animation frame without data") }
        guard data.count == 26, animation != .announced(frames: frames) else {
            guard hasData else { throw .malformed("the first animation frame is not the image itself") }
            animation = .contradictory
            return
        }
        try takeSequence(data)
        let frameWidth = try data.bigEndian(4, at: 4)
        let frameHeight = try data.bigEndian(4, at: 8)
        let right = try data.bigEndian(4, at: 12) + frameWidth
        let bottom = try data.bigEndian(4, at: 16) + frameHeight
        if !hasData {
            guard frames == 0, frameWidth == width, frameHeight == height, right == width, bottom == height else {
                throw .malformed("the first animation frame is not the image itself")
            }
        }
        guard frameWidth > 0, frameHeight > 0, right <= width, bottom <= height else {
            animation = .contradictory
            return
        }
        frameData = hasData ? .missing : .none
        frames += 1
    }

    /// fdAT, §11.3.6.3: a sequence number and what an IDAT would hold.
    private mutating func moreFrameData(_ data: Span<UInt8>) throws(ImageFault) {
        guard frameData != .none else {
            guard hasData else { throw .malformed("animation data before the image") }
            animation = .contradictory
            return
        }
        try takeSequence(data)
        frameData = .begun
    }

    private mutating func takeSequence(_ data: Span<UInt8>) throws(ImageFault) {
        guard data.holds(4, at: 0), try data.bigEndian(4, at: 0) == nextSequence else {
            throw .malformed("animation chunks are out of sequence")
        }
        nextSequence += 1
    }

    /// To be called once every chunk was seen.
    mutating func finishAnimation() throws(ImageFault) {
        guard case .announced(let announcedFrames) = animation else { return }
        guard frames > 0 else {
            animation = .contradictory
            return
        }
        guard frames == announcedFrames, frameData != .missing else {
            throw .malformed("the animation has not the frames that it announces")
        }
    }

    /// libpng, which draws, holds two rows at the most and zlib's window; a row is padded to whole pixels of the Adam7
    /// pattern. To check the rows takes less.
    var decodeMemoryBytes: Int {
        let rowBytes = ((width + 7) / 8 * 8 * bitsPerPixel + 7) / 8 + 1
        return 256 * 1024 + 3 * rowBytes
    }
}
