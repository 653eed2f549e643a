import Testing

@testable import ImageFormats

/// Every beginning of every good file: none may crash, and none may pass while image data is missing.
@Suite struct TruncationTests {
    /// Bytes after the image that no viewer needs.
    static let spare = [
        "good/png-trailing-bytes.png": 14, "good/jpeg-trailing-bytes.jpg": 14, "good/webp-trailing-bytes.webp": 14,
        "good/avif-trailing-bytes.avif": 14,
        // What pads the last row, and the code that ends an image whose rows are all there.
        "good/bmp-palette-1.bmp": 2, "good/bmp-palette-4.bmp": 1, "good/bmp-palette-8.bmp": 3, "good/bmp-16.bmp": 2,
        "good/bmp-24.bmp": 1, "good/bmp-565.bmp": 2, "good/bmp-top-down.bmp": 1, "good/bmp-os2.bmp": 1,
        "good/bmp-rle8.bmp": 2, "good/bmp-rle4.bmp": 3,
    ]

    @Test(arguments: GoodImage.all.filter { $0.format != .gif })
    func onlyTheWholeImageIsAccepted(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let complete = bytes.count - Self.spare[image.name, default: 0]
        for length in 0..<complete {
            #expect(throws: ImageRejection.self, "accepted at \(length) of \(bytes.count)") {
                try ImageValidator.validate(Array(bytes[..<length]), limits: everyFormat)
            }
        }
        for length in complete...bytes.count {
            try ImageValidator.validate(Array(bytes[..<length]), limits: everyFormat)
        }
    }

    /// A GIF without trailer is accepted, and so is one that was cut between two frames: nothing in it tells.
    @Test(arguments: GoodImage.gif)
    func onlyWholeFramesOfAGIFAreAccepted(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let ends = try frameEnds(bytes)
        #expect(ends.count == image.frames)
        for length in 0...bytes.count {
            let whole = ends.count { $0 <= length }
            let header = try? ImageValidator.validate(Array(bytes[..<length]), limits: everyFormat)
            if let header { #expect(header.frames == whole, "at \(length)") }
            if ends.contains(length) { #expect(header != nil, "at \(length)") }
        }
    }

    /// Where the data of each frame ends, read in the plainest way.
    private func frameEnds(_ bytes: [UInt8]) throws -> [Int] {
        var ends: [Int] = []
        var offset = 13 + (bytes[10] & 0x80 != 0 ? 6 << Int(bytes[10] & 7) : 0)
        while offset < bytes.count, bytes[offset] == 0x21 || bytes[offset] == 0x2C {
            let isFrame = bytes[offset] == 0x2C
            offset += isFrame ? 11 + (bytes[offset + 9] & 0x80 != 0 ? 6 << Int(bytes[offset + 9] & 7) : 0) : 2
            while bytes[offset] != 0 { offset += 1 + Int(bytes[offset]) }
            offset += 1
            if isFrame { ends.append(offset) }
        }
        return ends
    }
}
