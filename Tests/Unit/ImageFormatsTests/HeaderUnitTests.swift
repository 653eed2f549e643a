import Testing

@testable import ImageFormats

@Suite struct HeaderUnitTests {
    @Test(arguments: [
        ("png", ImageFormat.png), ("PNG", .png), ("jpeg", .jpeg), ("jpg", .jpeg), ("JPG", .jpeg), ("gif", .gif),
        ("webp", .webp), ("avif", .avif), ("bmp", .bmp), ("tiff", .tiff), ("tif", .tiff),
    ])
    func formatsByName(_ name: String, _ format: ImageFormat) {
        #expect(ImageFormat(name: name) == format)
    }

    @Test(arguments: ["", "svg", "jpegs", " png", "image/png"]) func otherNamesAreNoFormats(_ name: String) {
        #expect(ImageFormat(name: name) == nil)
    }

    @Test func mediaTypesAreThoseOfIANA() {
        #expect(
            ImageFormat.allCases.map(\.mediaType) == [
                "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/tiff",
            ]
        )
    }

    @Test(arguments: [
        (Int.max, Int.max, Int.max), (Int.max, 2, 1), (2, 2, Int.max), (1 << 32, 1 << 31, 1), (101, 1, 1),
    ])
    func budgetRefusesWithoutOverflow(_ width: Int, _ height: Int, _ frames: Int) {
        #expect(throws: ImageFault.tooLarge(width: width, height: height, frames: frames)) {
            try PixelBudget(pixelsMax: 100).admit(width: width, height: height, frames: frames)
        }
    }

    @Test func budgetAdmitsUpToItself() throws {
        #expect(try PixelBudget(pixelsMax: 100).admit(width: 5, height: 10, frames: 2) == 100)
    }

    @Test func readsIntegersOfBothOrders() throws {
        let bytes: [UInt8] = [1, 2, 3, 4]
        #expect(try bytes.span.bigEndian(4, at: 0) == 0x0102_0304)
        #expect(try bytes.span.littleEndian(3, at: 1) == 0x04_0302)
    }

    @Test(arguments: [-1, 1, 4, 5, Int.max, Int.min]) func readsNothingOutside(_ offset: Int) {
        let bytes: [UInt8] = [1, 2, 3, 4]
        #expect(throws: ImageFault.truncated) { try bytes.span.bigEndian(4, at: offset) }
        #expect(throws: ImageFault.truncated) { try bytes.span.littleEndian(4, at: offset) }
    }

    @Test(arguments: [
        "", "II*\0", "II*\0\u{8}\0\0\0", "II*\0\u{8}\0\0\0\u{7F}\u{7F}", "MM\0*\0\0\0\u{8}\0\u{1}", "XX*\0\u{8}\0\0\0",
    ])
    func exifThatSaysNothingIsUpright(_ text: String) {
        #expect(EXIFOrientation.read(Array(text.utf8).span) == 1)
    }

    @Test(arguments: 1...8) func orientationsOnTheirSideSwapTheSides(_ orientation: Int) {
        let header = ImageHeader(format: .jpeg, width: 3, height: 2, decodeMemoryBytes: 0, orientation: orientation)
        #expect(header.displaySize == (orientation < 5 ? (3, 2) : (2, 3)))
    }

    @Test func rejectionsTellClientAndLogApart() {
        let corrupt = ImageRejection.corrupt(format: .png, reason: "IDAT: CRC error")
        #expect(corrupt.message == "The png image is damaged or incomplete and cannot be decoded.")
        #expect(corrupt.details == ["format": .text("png"), "reason": .text("IDAT: CRC error")])
        #expect("\(corrupt)" == "corrupt png: IDAT: CRC error")
        let type = ImageRejection.invalidFileType(found: "bmp", allowed: [.png, .gif])
        #expect(type.message == "This is bmp, which is not accepted. Accepted formats: png, gif.")
        #expect(type.details == ["found": .text("bmp"), "allowed": .list(["png", "gif"])])
        let large = ImageRejection.tooLarge(width: 5, height: 4, frames: 3, pixelsMax: 9)
        #expect(large.message == "The image has 3 frames of 5 × 4 pixels; at most 9 pixels are accepted.")
        #expect(
            large.details == [
                "width": .number(5), "height": .number(4), "frames": .number(3), "pixels_max": .number(9),
            ]
        )
    }

    @Test func libraryVersionsAreKnown() {
        #expect(CodecVersions.all.allSatisfy { $0.version.first?.isNumber == true })
        #expect(CodecVersions.line.hasPrefix("libpng 1."))
    }

    /// libwebp's tables are the one thing that a small WebP can make large; 64 × 64 pixels take next to nothing.
    @Test func groupsOfPrefixCodesAreCounted() throws {
        let bytes = try Fixture.bytes("good/webp-many-groups.webp")
        var chunks = try WebPChunks(bytes.span)
        let picture = try #require(try chunks.nextPicture(bytes.span))
        let stream = picture.bitstream.lowerBound + 5..<picture.bitstream.upperBound
        let lossless = try LosslessPicture(bytes.span, in: stream, width: 64, height: 64)
        #expect(lossless.groups == 256)
        #expect(lossless.cacheBits == 11)
        #expect(lossless.tableBytes > 5_000_000)
    }
}
