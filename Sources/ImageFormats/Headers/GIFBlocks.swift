/// The walk over a GIF's blocks (GIF89a §12 … §27), frame by frame.
///
///     var blocks = try GIFBlocks(bytes, budget)
///     while let frame = try blocks.nextFrame(bytes) { … }
struct GIFBlocks {
    /// One Image Descriptor (§20) with what belongs to it.
    struct Frame {
        var left = 0
        var top = 0
        var width = 0
        var height = 0
        var isInterlaced = false
        /// Bytes of the palette that holds for this frame, empty if the file gives none.
        var palette = 0..<0
        /// Palette index that leaves the canvas as it is (§23).
        var transparentIndex: UInt8?
        /// Where the LZW minimum code size stands (§22); the sub-blocks follow it.
        var dataOffset = 0
    }

    /// Size of the canvas: the logical screen, grown to the first frame where that is larger, as browsers do.
    private(set) var width: Int
    private(set) var height: Int
    private let globalPalette: Range<Int>
    private let budget: PixelBudget
    private var offset: Int
    private var transparentIndex: UInt8?
    private(set) var frames = 0
    /// What the frames so far have spent of the budget.
    private var pixels = 0

    /// Reads the Logical Screen Descriptor (§18) and steps over the Global Color Table (§19).
    init(_ bytes: Span<UInt8>, _ budget: PixelBudget) throws(ImageFault) {
        self.budget = budget
        width = try bytes.littleEndian(2, at: 6)
        height = try bytes.littleEndian(2, at: 8)
        try budget.admit(width: width, height: height)
        globalPalette = try Self.palette(bytes, flags: bytes.byte(at: 10), at: 13)
        guard bytes.holds(globalPalette.upperBound, at: 0) else { throw .truncated }
        offset = max(13, globalPalette.upperBound)
    }

    /// The next frame, or `nil` at the end.
    ///
    /// The end is the trailer (§27), the end of the file, or, once there was a frame, anything that begins no block:
    /// browsers show such a file, so it is no damage. Inside a block every byte must be there.
    mutating func nextFrame(_ bytes: Span<UInt8>) throws(ImageFault) -> Frame? {
        while bytes.holds(1, at: offset) {
            switch bytes[offset] {
            case 0x21:
                // Extension: a label and sub-blocks. The Graphic Control Extension is for the next image only.
                if try bytes.byte(at: offset + 1) == 0xF9, try bytes.byte(at: offset + 2) == 4 {
                    let isTransparent = try bytes.byte(at: offset + 3) & 1 == 1
                    transparentIndex = try isTransparent ? bytes.byte(at: offset + 6) : nil
                }
                offset = try Self.end(ofSubBlocks: bytes, at: offset + 2)
            case 0x2C: return try frame(bytes)
            default:
                guard frames > 0 else { throw .malformed("no frame, but a byte that begins no block") }
                return nil
            }
        }
        guard frames > 0 else { throw .truncated }
        return nil
    }

    private mutating func frame(_ bytes: Span<UInt8>) throws(ImageFault) -> Frame {
        var frame = Frame()
        frame.left = try bytes.littleEndian(2, at: offset + 1)
        frame.top = try bytes.littleEndian(2, at: offset + 3)
        frame.width = try bytes.littleEndian(2, at: offset + 5)
        frame.height = try bytes.littleEndian(2, at: offset + 7)
        guard frame.width > 0, frame.height > 0 else { throw .malformed("a frame without area") }
        if frames == 0 {
            width = max(width, frame.left + frame.width)
            height = max(height, frame.top + frame.height)
        }
        frames += 1
        // A viewer composes the canvas for every frame, and decodes the frame even where it hangs over.
        try budget.admit(width: frame.width, height: frame.height)
        guard frames <= budget.framesMax else { throw .tooManyFrames }
        pixels += max(width * height, frame.width * frame.height)
        guard pixels <= budget.pixelsMax else {
            throw .tooLarge(width: max(width, frame.width), height: max(height, frame.height), frames: frames)
        }
        let flags = try bytes.byte(at: offset + 9)
        frame.isInterlaced = flags & 0x40 != 0
        let localPalette = try Self.palette(bytes, flags: flags, at: offset + 10)
        frame.palette = localPalette.isEmpty ? globalPalette : localPalette
        frame.transparentIndex = transparentIndex
        frame.dataOffset = max(offset + 10, localPalette.upperBound)
        let codeSize = try bytes.byte(at: frame.dataOffset)
        // The specification means 2 to 8; browsers take all that leaves room for a code of 12 bits.
        guard 1...11 ~= codeSize else { throw .malformed("an LZW minimum code size that is not 1 to 11") }
        offset = try Self.end(ofSubBlocks: bytes, at: frame.dataOffset + 1)
        transparentIndex = nil
        return frame
    }

    /// Where the colour table stands that `flags` announce: 2^(n+1) entries of three bytes, or none.
    private static func palette(_ bytes: Span<UInt8>, flags: UInt8, at offset: Int) throws(ImageFault) -> Range<Int> {
        guard flags & 0x80 != 0 else { return 0..<0 }
        let length = 3 << (Int(flags & 7) + 1)
        guard bytes.holds(length, at: offset) else { throw .truncated }
        return offset..<offset + length
    }

    /// Where the block terminator of a sub-block sequence ends (§15, §16).
    private static func end(ofSubBlocks bytes: Span<UInt8>, at start: Int) throws(ImageFault) -> Int {
        var offset = start
        while true {
            let length = Int(try bytes.byte(at: offset))
            offset += 1 + length
            if length == 0 { return offset }
        }
    }
}
