import Testing

@testable import ImageFormats

/// A file that is refused, and how.
struct BadImage: CustomTestStringConvertible {
    /// What is not accepted is so by its header, and what is not drawable by what libtiff says.
    enum Refusal { case notAnImage, notAccepted(String), notDrawable(String), tooLarge, corrupt(String) }

    let name: String
    let refusal: Refusal

    var testDescription: String { name }

    init(_ name: String, _ refusal: Refusal) {
        self.name = "bad/" + name
        self.refusal = refusal
    }

    static let all: [BadImage] = png + apng + jpeg + gif + webp + bmp + tiff + avif + others

    /// The texts are parts of our own reasons, or of the library's where nothing but the library finds the damage.
    static let png = [
        BadImage("png-signature-only.png", .corrupt("truncated")),
        BadImage("png-truncated.png", .corrupt("truncated")),
        BadImage("png-missing-iend.png", .corrupt("truncated")),
        BadImage("png-iend-without-crc.png", .corrupt("truncated")),
        BadImage("png-missing-idat.png", .corrupt("IDAT is missing")),
        BadImage("png-missing-plte.png", .corrupt("PLTE is missing")),
        BadImage("png-missing-ihdr.png", .corrupt("IHDR is not the first")),
        BadImage("png-split-idat.png", .corrupt("not consecutive")),
        BadImage("png-unknown-critical.png", .corrupt("unknown critical")),
        BadImage("png-chunk-name.png", .corrupt("four letters")),
        BadImage("png-crlf-to-lf.png", .notAnImage),
        BadImage("png-bit-depth-0.png", .corrupt("bit depth")),
        BadImage("png-bit-depth-3.png", .corrupt("bit depth")),
        BadImage("png-color-type-1.png", .corrupt("colour type")),
        BadImage("png-zero-width.png", .corrupt("zero")),
        BadImage("png-width-2-31.png", .corrupt("over 2^31 - 1")),
        BadImage("png-ihdr-bad-crc.png", .corrupt("CRC")),
        BadImage("png-idat-bad-crc.png", .corrupt("CRC")),
        BadImage("png-last-empty-idat-bad-crc.png", .corrupt("CRC")),
        BadImage("png-plte-bad-crc.png", .corrupt("CRC")),
        BadImage("png-iend-bad-crc.png", .corrupt("CRC")),
        BadImage("png-bad-adler.png", .corrupt("data check")),
        BadImage("png-missing-adler.png", .corrupt("data")),
        BadImage("png-bad-zlib.png", .corrupt("block type")),
        BadImage("png-zlib-header.png", .corrupt("header check")),
        BadImage("png-no-zlib.png", .corrupt("data")),
        BadImage("png-missing-row.png", .corrupt("data")),
        BadImage("png-filter-type-5.png", .corrupt("filter")),
        BadImage("png-text-bomb.png", .corrupt("truncated")),
        BadImage("png-palette-twice.png", .corrupt("twice")),
        BadImage("png-palette-too-long.png", .corrupt("wrong length")),
        BadImage("png-huge.png", .tooLarge),
        BadImage("png-huge-header-only.png", .tooLarge),
    ]

    static let apng = [
        BadImage("apng-bad-crc.png", .corrupt("checksum in fdAT")),
        BadImage("apng-bad-zlib.png", .corrupt("in fdAT")),
        BadImage("apng-bad-adler.png", .corrupt("data check in fdAT")),
        BadImage("apng-cut-frame.png", .corrupt("ends early")),
        BadImage("apng-cut-frame-in-the-middle.png", .corrupt("ends early")),
        BadImage("apng-missing-row.png", .corrupt("too few rows")),
        BadImage("apng-filter-type.png", .corrupt("filter type")),
        BadImage("apng-no-frame-data.png", .corrupt("not the frames")),
        BadImage("apng-too-many-announced.png", .corrupt("not the frames")),
        BadImage("apng-sequence.png", .corrupt("sequence")),
        BadImage("apng-hidden-still-bad-zlib.png", .corrupt("ends early")),
        BadImage("apng-first-frame-smaller.png", .corrupt("not the image itself")),
        BadImage("apng-first-fctl-short.png", .corrupt("not the image itself")),
        BadImage("apng-fdat-before-idat.png", .corrupt("before the image")),
        BadImage("apng-frame-bomb.png", .tooLarge),
    ]

    static let jpeg = [
        BadImage("jpeg-soi-only.jpg", .corrupt("truncated")),
        BadImage("jpeg-truncated.jpg", .corrupt("truncated")),
        BadImage("jpeg-truncated-with-eoi.jpg", .corrupt("premature end")),
        BadImage("jpeg-truncated-header.jpg", .corrupt("truncated")),
        BadImage("jpeg-missing-eoi.jpg", .corrupt("truncated")),
        BadImage("jpeg-missing-scan.jpg", .corrupt("no scan")),
        BadImage("jpeg-missing-sof.jpg", .corrupt("SOF is missing")),
        BadImage("jpeg-bad-code.jpg", .corrupt("Huffman")),
        BadImage("jpeg-extra-scan-data.jpg", .corrupt("extraneous")),
        BadImage("jpeg-lost-restart.jpg", .corrupt("Corrupt JPEG data")),
        BadImage("jpeg-progressive-truncated.jpg", .corrupt("truncated")),
        BadImage("jpeg-12-bit.jpg", .notAccepted("12 bits")),
        BadImage("jpeg-arithmetic.jpg", .notAccepted("arithmetic")),
        BadImage("jpeg-lossless.jpg", .notAccepted("lossless")),
        BadImage("jpeg-height-later.jpg", .notAccepted("height")),
        BadImage("jpeg-zero-width.jpg", .corrupt("width is zero")),
        BadImage("jpeg-taller-than-data.jpg", .corrupt("premature end")),
        BadImage("jpeg-huge.jpg", .tooLarge),
        BadImage("jpeg-two-sofs.jpg", .corrupt("SOF stands twice")),
        BadImage("jpeg-many-scans.jpg", .corrupt("100 scans")),
    ]

    static let gif = [
        BadImage("gif-header-only.gif", .corrupt("truncated")),
        BadImage("gif-no-frame.gif", .corrupt("no frame")),
        BadImage("gif-truncated.gif", .corrupt("truncated")),
        BadImage("gif-truncated-extension.gif", .corrupt("truncated")),
        BadImage("gif-animated-truncated.gif", .corrupt("truncated")),
        BadImage("gif-too-few-pixels.gif", .corrupt("too few pixels")),
        BadImage("gif-no-pixels.gif", .corrupt("too few pixels")),
        BadImage("gif-undefined-code.gif", .corrupt("undefined")),
        BadImage("gif-undefined-first-code.gif", .corrupt("undefined")),
        BadImage("gif-second-frame-damaged.gif", .corrupt("too few pixels")),
        BadImage("gif-code-size-12.gif", .corrupt("minimum code size")),
        BadImage("gif-zero-frame.gif", .corrupt("without area")),
        BadImage("gif-garbage-before-frame.gif", .corrupt("no frame")),
        BadImage("gif-huge-screen.gif", .tooLarge),
        BadImage("gif-huge-frame.gif", .tooLarge),
        BadImage("gif-frame-bomb.gif", .tooLarge),
    ]

    static let webp = [
        BadImage("webp-header-only.webp", .corrupt("truncated")),
        BadImage("webp-reserved-flag-01.webp", .corrupt("libwebp does not take")),
        BadImage("webp-reserved-flag-40.webp", .corrupt("libwebp does not take")),
        BadImage("webp-reserved-flag-80.webp", .corrupt("libwebp does not take")),
        BadImage("webp-last-chunk-unpadded.webp", .corrupt("libwebp does not take")),
        BadImage("webp-truncated.webp", .corrupt("truncated")),
        BadImage("webp-truncated-lossless.webp", .corrupt("truncated")),
        BadImage("webp-cut-and-mended.webp", .corrupt("picture's data")),
        BadImage("webp-lossless-cut-and-mended.webp", .corrupt("picture's data")),
        BadImage("webp-alpha-damaged.webp", .corrupt("colour cache")),
        BadImage("webp-riff-too-long.webp", .corrupt("truncated")),
        BadImage("webp-riff-too-short.webp", .corrupt("longer than what holds it")),
        BadImage("webp-riff-absurd.webp", .corrupt("truncated")),
        BadImage("webp-chunk-too-long.webp", .corrupt("longer than what holds it")),
        BadImage("webp-no-image.webp", .corrupt("no image")),
        BadImage("webp-no-key-frame.webp", .corrupt("key frame")),
        BadImage("webp-lossless-damaged.webp", .corrupt("prefix code")),
        BadImage("webp-canvas-lies.webp", .corrupt("size of its canvas")),
        BadImage("webp-huge-canvas.webp", .tooLarge),
        BadImage("webp-frame-bomb.webp", .tooLarge),
        BadImage("webp-frame-outside.webp", .corrupt("outside")),
        BadImage("webp-frame-size-lies.webp", .corrupt("size that it announces")),
        BadImage("webp-animated-truncated.webp", .corrupt("truncated")),
        BadImage("webp-second-frame-damaged.webp", .corrupt("picture's data")),
    ]

    static let bmp = [
        BadImage("bmp-truncated.bmp", .corrupt("truncated")),
        BadImage("bmp-truncated-header.bmp", .corrupt("truncated")),
        BadImage("bmp-truncated-palette.bmp", .corrupt("truncated")),
        BadImage("bmp-truncated-rle.bmp", .corrupt("truncated")),
        BadImage("bmp-rle-outside.bmp", .corrupt("pixels outside")),
        BadImage("bmp-rle-step-outside.bmp", .corrupt("step outside")),
        BadImage("bmp-rle-top-down.bmp", .corrupt("do not go together")),
        BadImage("bmp-huge.bmp", .tooLarge),
        BadImage("bmp-least-height.bmp", .tooLarge),
        BadImage("bmp-zero-height.bmp", .corrupt("zero")),
        BadImage("bmp-3-bits.bmp", .corrupt("do not go together")),
        BadImage("bmp-two-planes.bmp", .corrupt("plane")),
        BadImage("bmp-pixels-in-header.bmp", .corrupt("inside the header")),
        BadImage("bmp-mask-with-gap.bmp", .corrupt("gaps")),
        BadImage("bmp-masks-share-bits.bmp", .corrupt("share bits")),
        BadImage("bmp-jpeg-inside.bmp", .notAccepted("compression 4")),
        BadImage("bmp-text.bmp", .notAnImage),
    ]

    static let tiff = [
        BadImage("tiff-header-only.tif", .corrupt("truncated")),
        BadImage("tiff-truncated.tif", .corrupt("truncated")),
        BadImage("tiff-truncated-lzw.tif", .corrupt("truncated")),
        BadImage("tiff-short-strip.tif", .corrupt("data")),
        BadImage("tiff-bad-zlib.tif", .corrupt("scanline")),
        BadImage("tiff-bad-lzw.tif", .corrupt("code")),
        BadImage("tiff-circle.tif", .corrupt("share")),
        BadImage("tiff-huge.tif", .tooLarge),
        BadImage("tiff-huge-tile.tif", .tooLarge),
        BadImage("tiff-most-tiles.tif", .tooLarge),
        BadImage("tiff-page-bomb.tif", .tooLarge),
        BadImage("tiff-jpeg-inside.tif", .notAccepted("compression 7")),
        BadImage("tiff-cmyk-16.tif", .notDrawable("no colours")),
        BadImage("tiff-rgb-one-sample.tif", .notDrawable("no colours")),
        BadImage("tiff-float.tif", .notAccepted("no integers")),
        BadImage("tiff-no-strips.tif", .corrupt("missing or zero")),
        BadImage("tiff-shared-values.tif", .corrupt("share")),
    ]

    static let avif = [
        BadImage("avif-header-only.avif", .corrupt("truncated")),
        BadImage("avif-truncated.avif", .corrupt("truncated")),
        BadImage("avif-no-data.avif", .corrupt("truncated")),
        BadImage("avif-damaged.avif", .corrupt("")),
        BadImage("avif-huge.avif", .tooLarge),
        BadImage("avif-size-lies.avif", .corrupt("")),
        BadImage("avif-zero-size.avif", .corrupt("no size")),
        BadImage("avif-grid.avif", .notAccepted("tiles")),
        BadImage("avif-animated.avif", .notAccepted("animated")),
        BadImage("avif-two-frames.avif", .notAccepted("several frames")),
        BadImage("avif-empty-extents.avif", .corrupt("no room")),
        BadImage("avif-shared-data.avif", .corrupt("share")),
    ]

    static let others = [
        "empty.png", "one-byte.png", "text.png", "svg.png", "html.png", "zeros.jpg", "pdf.jpg", "riff-wave.webp",
    ].map { BadImage($0, .notAnImage) }
}

@Suite struct BadImageTests {
    @Test(arguments: BadImage.all) func isRefused(_ image: BadImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let rejection = try #require(throws: ImageRejection.self) {
            try ImageValidator.validate(bytes, limits: everyFormat)
        }
        switch (image.refusal, rejection) {
        case (.notAnImage, .invalidFileType(found: nil, _)), (.tooLarge, .tooLarge): break
        case (.notAccepted(let text), .invalidFileType(let found?, _)),
            (.notDrawable(let text), .invalidFileType(let found?, _)):
            #expect(found.contains(text))
        case (.corrupt(let text), .corrupt(_, let reason)): #expect(text.isEmpty || reason.contains(text))
        default: Issue.record("refused otherwise: \(rejection)")
        }
    }

    @Test func everyFixtureIsInTheTable() throws {
        #expect(try Fixture.names(in: "bad") == BadImage.all.map(\.name).sorted())
    }

    /// What is too large or not accepted is so by the header alone: no decoder may see it.
    @Test(arguments: BadImage.all) func headerAloneRefusesWhatIsNotDamaged(_ image: BadImage) throws {
        switch image.refusal {
        case .corrupt, .notDrawable: return
        case .notAnImage, .notAccepted, .tooLarge: break
        }
        let bytes = try Fixture.bytes(image.name)
        #expect(throws: ImageRejection.self) { try HeaderReader.read(bytes.span, limits: everyFormat) }
    }
}
