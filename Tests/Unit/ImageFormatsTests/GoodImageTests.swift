import Testing

@testable import ImageFormats

/// A file that is accepted, and what its header says.
struct GoodImage: CustomTestStringConvertible {
    let name: String
    let format: ImageFormat
    let width: Int
    let height: Int
    var frames = 1
    var orientation = 1

    var testDescription: String { name }

    init(_ name: String, _ format: ImageFormat, _ width: Int, _ height: Int, frames: Int = 1, orientation: Int = 1) {
        self.name = "good/" + name
        (self.format, self.width, self.height) = (format, width, height)
        (self.frames, self.orientation) = (frames, orientation)
    }

    static let all: [GoodImage] = png + jpeg + gif + webp + bmp + tiff + avif

    static let png: [GoodImage] =
        [
            "png-gray-1", "png-gray-2", "png-gray-4", "png-gray-8", "png-gray-16", "png-palette-1", "png-palette-2",
            "png-palette-4", "png-palette-8", "png-rgb-8", "png-rgb-16", "png-gray-alpha-8", "png-gray-alpha-16",
            "png-rgba-8", "png-rgba-16", "png-interlaced-gray-1", "png-interlaced-rgba-16", "png-palette-transparent",
            "png-transparent-color", "png-metadata", "png-unknown-ancillary", "png-ancillary-bad-crc",
            "png-ancillary-bad-content", "png-trailing-bytes", "png-extra-idat-data", "png-empty-idats",
            "png-unfiltered", "png-unfiltered-interlaced", "png-exif-damaged",
            // Without acTL before IDAT a PNG is no animation, whatever follows.
            "apng-late-actl",
            // An animation whose control chunks contradict each other is none.
            "apng-no-frames-announced", "apng-too-few-announced", "apng-no-fctl", "apng-two-actls",
            "apng-fctl-before-actl", "apng-long-actl", "apng-short-fctl", "apng-fdat-without-fctl",
            "apng-frame-outside",
            // Browsers show the rows and leave alone what follows them.
            "png-long-tail", "png-tail-bomb-interlaced", "png-wasteful-blocks", "png-palette-after-idat",
            "png-palette-of-gray", "png-palette-odd-length", "png-iend-with-data",
        ].map { GoodImage($0 + ".png", .png, 13, 9) } + [
            GoodImage("png-orientation-6-last.png", .png, 13, 9, orientation: 6),
            GoodImage("png-interlaced-1x1.png", .png, 1, 1),
            GoodImage("png-interlaced-3x1.png", .png, 3, 1),
            GoodImage("png-one-byte-idats.png", .png, 7, 5),
            GoodImage("png-tail-bomb.png", .png, 1, 1),
            GoodImage("png-small-window.png", .png, 80, 16),
            GoodImage("apng.png", .png, 13, 9, frames: 3),
            GoodImage("apng-tail-bomb.png", .png, 13, 9, frames: 3),
            GoodImage("apng-windows-differ.png", .png, 13, 9, frames: 2),
            GoodImage("apng-interlaced.png", .png, 13, 9, frames: 3),
            GoodImage("apng-hidden-still.png", .png, 13, 9, frames: 2),
        ] + (1...8).map { GoodImage("png-orientation-\($0).png", .png, 13, 9, orientation: $0) }

    static let jpeg: [GoodImage] =
        [
            "jpeg-baseline", "jpeg-444", "jpeg-gray", "jpeg-cmyk", "jpeg-progressive", "jpeg-progressive-gray",
            "jpeg-restarts", "jpeg-exif-damaged", "jpeg-trailing-bytes", "jpeg-fill-bytes", "jpeg-jfif-version-9",
            "jpeg-orientation-9",
        ].map { GoodImage($0 + ".jpg", .jpeg, 33, 17) }
        + (1...8).map { GoodImage("jpeg-orientation-\($0).jpg", .jpeg, 33, 17, orientation: $0) } + [
            GoodImage("jpeg-orientation-big-endian.jpg", .jpeg, 33, 17, orientation: 8),
            GoodImage("jpeg-orientation-little-endian.jpg", .jpeg, 33, 17, orientation: 7),
            GoodImage("jpeg-1x1.jpg", .jpeg, 1, 1),
        ]

    static let gif: [GoodImage] =
        [
            "gif-87a", "gif-still", "gif-interlaced", "gif-transparent", "gif-comment", "gif-no-trailer",
            "gif-trailing-bytes",
        ].map { GoodImage($0 + ".gif", .gif, 20, 12) }
        + ["gif-garbage-after-frame", "gif-no-end-code", "gif-no-clear-code", "gif-extra-pixels"].map {
            GoodImage($0 + ".gif", .gif, 2, 2)
        } + [
            GoodImage("gif-animated.gif", .gif, 20, 12, frames: 3),
            GoodImage("gif-frame-grows-canvas.gif", .gif, 5, 2),
            GoodImage("gif-later-frame-outside.gif", .gif, 2, 2, frames: 2),
            GoodImage("gif-mixed-code-sizes.gif", .gif, 2, 2, frames: 2),
        ]

    static let webp: [GoodImage] =
        [
            "webp-lossy", "webp-lossless", "webp-lossy-alpha", "webp-trailing-bytes", "webp-unknown-chunk",

            "webp-orientation-1",
        ].map { GoodImage($0 + ".webp", .webp, 20, 12) } + [
            GoodImage("webp-orientation-6.webp", .webp, 20, 12, orientation: 6),
            GoodImage("webp-orientation-8.webp", .webp, 20, 12, orientation: 8),
            GoodImage("webp-1x1.webp", .webp, 1, 1),
            GoodImage("webp-many-groups.webp", .webp, 64, 64),
            GoodImage("webp-lossless-large.webp", .webp, 300, 200),
            GoodImage("webp-palette.webp", .webp, 40, 30),
            GoodImage("webp-animated.webp", .webp, 20, 12, frames: 3),
            GoodImage("webp-mixed-animation.webp", .webp, 40, 30, frames: 2),
        ]

    static let bmp: [GoodImage] =
        [
            "bmp-palette-1", "bmp-palette-4", "bmp-palette-8", "bmp-16", "bmp-24", "bmp-32", "bmp-565", "bmp-alpha",
            "bmp-top-down", "bmp-os2",
        ].map { GoodImage($0 + ".bmp", .bmp, 13, 9) }
        + ["bmp-rle8", "bmp-rle4"].map { GoodImage($0 + ".bmp", .bmp, 5, 2) }

    static let tiff: [GoodImage] =
        [
            "tiff-rgb", "tiff-big-endian", "tiff-rgb-16", "tiff-gray", "tiff-palette", "tiff-cmyk", "tiff-lzw",
            "tiff-deflate", "tiff-packbits", "tiff-group4", "tiff-tiles", "tiff-planes", "tiff-turned-bits",
        ].map { GoodImage($0 + ".tif", .tiff, 20, 12) } + [
            GoodImage("tiff-orientation-6.tif", .tiff, 20, 12, orientation: 6),
            GoodImage("tiff-pages.tif", .tiff, 20, 12, frames: 3),
            GoodImage("tiff-wide-fax.tif", .tiff, 2000, 1),
        ]

    static let avif: [GoodImage] =
        ["avif-rgb", "avif-444", "avif-gray", "avif-alpha", "avif-no-pixi", "avif-trailing-bytes"].map {
            GoodImage($0 + ".avif", .avif, 20, 12)
        } + [2, 5, 6, 7, 8].map { GoodImage("avif-orientation-\($0).avif", .avif, 20, 12, orientation: $0) }
}

@Suite struct GoodImageTests {
    @Test(arguments: GoodImage.all) func isAcceptedWhole(_ image: GoodImage) throws {
        let header = try ImageValidator.validate(Fixture.bytes(image.name), limits: everyFormat)
        #expect(header.format == image.format)
        #expect(header.width == image.width)
        #expect(header.height == image.height)
        #expect(header.frames == image.frames)
        #expect(header.orientation == image.orientation)
    }

    @Test func everyFixtureIsInTheTable() throws {
        #expect(try Fixture.names(in: "good") == GoodImage.all.map(\.name).sorted())
    }

    @Test(arguments: GoodImage.all) func isRefusedWhereItsFormatIsNotAllowed(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let others = everyFormat.formats.subtracting([image.format])
        #expect(throws: ImageRejection.invalidFileType(found: image.format.rawValue, allowed: others.sorted())) {
            try ImageValidator.validate(bytes, limits: ImageLimits(formats: others))
        }
    }

    @Test(arguments: GoodImage.all) func pixelLimitHoldsExactly(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        // Pages of a TIFF have their own sizes, and tiles reach over the edge.
        let pixels =
            switch image.name {
            case "good/tiff-pages.tif": 20 * 12 + 8 * 8 + 4 * 4
            case "good/tiff-tiles.tif": 32 * 16
            default: image.width * image.height * image.frames
            }
        var limits = everyFormat
        limits.pixelsMax = pixels
        try ImageValidator.validate(bytes, limits: limits)
        limits.pixelsMax = pixels - 1
        do {
            try ImageValidator.validate(bytes, limits: limits)
            Issue.record("accepted over the limit")
        } catch {
            guard case .tooLarge(let width, let height, _, pixels - 1) = error else { throw error }
            if image.format != .tiff { #expect(width == image.width && height == image.height) }
        }
    }

    @Test(arguments: GoodImage.all.filter { $0.frames > 1 })
    func frameLimitHoldsExactly(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        var limits = everyFormat
        limits.framesMax = image.frames
        try ImageValidator.validate(bytes, limits: limits)
        limits.framesMax -= 1
        #expect(throws: ImageRejection.tooManyFrames(framesMax: image.frames - 1)) {
            try ImageValidator.validate(bytes, limits: limits)
        }
    }

    @Test(arguments: GoodImage.all) func memoryLimitHolds(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let needed = try HeaderReader.read(bytes.span, limits: everyFormat).decodeMemoryBytes
        var limits = everyFormat
        limits.memoryMaxBytes = needed
        try ImageValidator.validate(bytes, limits: limits)
        limits.memoryMaxBytes = needed - 1
        let refused = ImageRejection.memoryExceeded(neededBytes: needed, memoryMaxBytes: needed - 1)
        #expect(throws: refused) { try ImageValidator.validate(bytes, limits: limits) }
    }

    @Test func manyThreadsAtOnceAgree() async throws {
        let files = try GoodImage.all.map { ($0, try Fixture.bytes($0.name)) }
        try await withThrowingTaskGroup { group in
            for round in 0..<4 {
                for (image, bytes) in round.isMultiple(of: 2) ? files : files.reversed() {
                    group.addTask {
                        let header = try ImageValidator.validate(bytes, limits: everyFormat)
                        #expect(header.format == image.format && header.frames == image.frames)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
