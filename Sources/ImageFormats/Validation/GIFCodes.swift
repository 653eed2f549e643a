/// The LZW codes of one GIF frame, out of its sub-blocks (GIF89a appendix F), and the size that they have at present.
struct GIFCodes {
    /// The code that empties the table, and the code that ends the data.
    let clear: Int
    let end: Int
    /// The number that the next string in the table gets: codes from here on are undefined, but for this one, which
    /// stands for the previous string and its own first colour.
    private(set) var defined: Int
    private let sizeBitsMin: Int
    private var sizeBits: Int
    /// Where the next byte lies, and how many are left in this sub-block.
    private var offset: Int
    private var blockLeft = 0
    private var pending: UInt32 = 0
    private var pendingBits = 0

    init(_ bytes: Span<UInt8>, _ frame: GIFBlocks.Frame) throws(ImageFault) {
        let colorBits = Int(try bytes.byte(at: frame.dataOffset))
        clear = 1 << colorBits
        end = clear + 1
        defined = clear + 2
        sizeBitsMin = colorBits + 1
        sizeBits = sizeBitsMin
        offset = frame.dataOffset + 1
    }

    /// The next code, or `nil` where the sub-blocks end.
    mutating func next(_ bytes: Span<UInt8>) throws(ImageFault) -> Int? {
        while pendingBits < sizeBits {
            if blockLeft == 0 {
                blockLeft = Int(try bytes.byte(at: offset))
                offset += 1
                if blockLeft == 0 {
                    offset -= 1
                    return nil
                }
            }
            pending |= UInt32(try bytes.byte(at: offset)) << UInt32(pendingBits)
            pendingBits += 8
            offset += 1
            blockLeft -= 1
        }
        let code = Int(pending & ((1 << UInt32(sizeBits)) - 1))
        pending >>= UInt32(sizeBits)
        pendingBits -= sizeBits
        return code
    }

    /// After a clear code: the table is empty, codes are short again.
    mutating func reset() {
        defined = clear + 2
        sizeBits = sizeBitsMin
    }

    /// After a code that added a string: codes grow by a bit when the table outgrows them. A full table stays as it is
    /// until a clear code comes.
    mutating func define() {
        guard defined < 1 << GIFCodeLengths.bitsMax else { return }
        defined += 1
        if defined == 1 << sizeBits, sizeBits < GIFCodeLengths.bitsMax { sizeBits += 1 }
    }
}
