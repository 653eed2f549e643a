/// The orientation that an EXIF block gives (EXIF 2.32 §4.6.4, tag 0x0112).
enum EXIFOrientation {
    /// Orientation 1 … 8 of a TIFF structure (EXIF without the `Exif` prefix).
    ///
    /// A block that cannot be read says nothing: browsers show such a picture as stored, so the answer is 1.
    static func read(_ tiff: Span<UInt8>) -> Int {
        (try? orientation(tiff)) ?? 1
    }

    private static func orientation(_ tiff: Span<UInt8>) throws(ImageFault) -> Int {
        let isLittleEndian: Bool
        switch try tiff.bigEndian(4, at: 0) {
        case 0x4949_2A00: isLittleEndian = true
        case 0x4D4D_002A: isLittleEndian = false
        default: return 1
        }
        func integer(_ size: Int, at offset: Int) throws(ImageFault) -> Int {
            try isLittleEndian ? tiff.littleEndian(size, at: offset) : tiff.bigEndian(size, at: offset)
        }
        let directory = try integer(4, at: 4)
        // At most 65,535 entries of 12 bytes: tag, type, count, value.
        let entries = try integer(2, at: directory)
        for entry in 0..<entries {
            let offset = directory + 2 + 12 * entry
            guard try integer(2, at: offset) == 0x0112 else { continue }
            let (type, count) = (try integer(2, at: offset + 2), try integer(4, at: offset + 4))
            let value = try integer(2, at: offset + 8)
            return type == 3 && count == 1 && 1...8 ~= value ? value : 1
        }
        return 1
    }
}
