import Testing

@testable import ImageFormats

@Suite struct RenderTests {
    private func render(_ name: String, _ options: RenderOptions) throws -> [UInt8] {
        let bytes = try Fixture.bytes(name)
        let plan = try ImageRenderer.plan(bytes.span, options, limits: everyFormat)
        let rendered = try ImageRenderer.render(bytes.span, plan, limits: everyFormat)
        let header = try ImageValidator.validate(rendered, limits: everyFormat)
        #expect(header.format == plan.format && header.width == plan.width && header.height == plan.height)
        #expect(header.orientation == 1 && header.frames == 1)
        return rendered
    }

    private func picture(_ name: String, _ options: RenderOptions? = nil) throws -> Picture {
        try #require(Picture(render(name, options ?? RenderOptions(format: .png))))
    }

    @Test(arguments: GoodImage.all, [ImageFormat.png, .jpeg, .webp])
    func everyGoodImageBecomesAGoodImage(_ image: GoodImage, _ format: ImageFormat) throws {
        _ = try render(image.name, RenderOptions(format: format))
        _ = try render(image.name, RenderOptions(width: 7, height: 5, fit: .cover, format: format))
        _ = try render(image.name, RenderOptions(width: 3, format: format, quality: 1))
        _ = try render(image.name, RenderOptions(width: 40, height: 50, fit: .fill, format: format, enlarge: true))
    }

    @Test(arguments: GoodImage.all) func withoutOptionsTheFormatStaysIfItCan(_ image: GoodImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let plan = try ImageRenderer.plan(bytes.span, RenderOptions(), limits: everyFormat)
        let isOnSide = image.orientation >= 5
        #expect(plan.format == (RenderOptions.formats.contains(image.format) ? image.format : .png))
        #expect(plan.width == (isOnSide ? image.height : image.width))
        #expect(plan.height == (isOnSide ? image.width : image.height))
    }

    /// What follows the last row, and a palette that is only suggested, change no pixel.
    @Test(arguments: [
        ("png-long-tail", "png-rgb-8"), ("png-wasteful-blocks", "png-rgb-8"), ("png-iend-with-data", "png-rgb-8"),
        ("png-palette-odd-length", "png-rgb-8"), ("png-palette-of-gray", "png-gray-8"),
        ("png-tail-bomb-interlaced", "apng-interlaced"),
    ])
    func oddPNGsShowTheSamePixels(_ odd: String, _ plain: String) throws {
        let shown = try picture("good/\(odd).png")
        #expect(try shown == picture("good/\(plain).png"))
    }

    /// EXIF 2.32 §4.6.4: where the 0th row and the 0th column of the stored image are, as displayed.
    @Test(arguments: 1...8, [("jpeg", "jpg"), ("png", "png")])
    func orientationIsApplied(_ orientation: Int, _ format: (name: String, suffix: String)) throws {
        let stored = try picture("good/\(format.name)-orientation-1.\(format.suffix)")
        let shown = try picture("good/\(format.name)-orientation-\(orientation).\(format.suffix)")
        let (right, bottom) = (stored.width - 1, stored.height - 1)
        let isOnSide = orientation >= 5
        let expected = Picture(
            width: isOnSide ? stored.height : stored.width,
            height: isOnSide ? stored.width : stored.height
        ) { x, y in
            switch orientation {
            case 2: stored[right - x, y]
            case 3: stored[right - x, bottom - y]
            case 4: stored[x, bottom - y]
            case 5: stored[y, x]
            case 6: stored[y, bottom - x]
            case 7: stored[right - y, bottom - x]
            case 8: stored[right - y, x]
            default: stored[x, y]
            }
        }
        #expect(shown == expected)
    }

    @Test func transparencyIsKept() throws {
        for format in [ImageFormat.png, .webp] {
            let rendered = try picture("good/webp-lossless.webp", RenderOptions(format: format))
            #expect(rendered[10, 6].transparency == 0)
            #expect(abs(rendered[0, 0].transparency - 96) <= 2)
        }
    }

    /// In the source that pixel is (0, 0, 40) at a quarter of opacity.
    @Test func transparencyIsWhiteInJPEG() throws {
        let flat = try picture("good/webp-lossless.webp", RenderOptions(format: .jpeg, quality: 100))
        #expect(flat[0, 0].distance(to: .init(red: 191, green: 191, blue: 201)) <= 24)
    }

    @Test func gifTransparencyIsKept() throws {
        let plain = try picture("good/gif-still.gif")
        let transparent = try picture("good/gif-transparent.gif")
        var holes = 0
        for y in 0..<plain.height {
            for x in 0..<plain.width where transparent[x, y] != plain[x, y] {
                #expect(transparent[x, y].transparency == 127)
                holes += 1
            }
        }
        #expect(holes > 0)
    }

    /// Rows that come in another order are the same rows.
    @Test(arguments: [
        ("good/gif-still.gif", "good/gif-interlaced.gif"), ("good/gif-still.gif", "good/gif-animated.gif"),
        ("good/png-unfiltered.png", "good/png-unfiltered-interlaced.png"),
        ("good/tiff-rgb.tif", "good/tiff-big-endian.tif"),
    ])
    func sameImageOtherOrder(_ one: String, _ other: String) throws {
        let (left, right) = (try picture(one), try picture(other))
        #expect(try #require(left.meanDistance(to: right)) < 1)
    }

    @Test func bmpRowsRunUpwards() throws {
        let (upwards, downwards) = (try picture("good/bmp-24.bmp"), try picture("good/bmp-top-down.bmp"))
        #expect(upwards == Picture(width: 13, height: 9) { downwards[$0, 8 - $1] })
        // The file's first row, y = 0, is the lowest: bytes 0, 29, 58 are blue, green, red.
        #expect(upwards[0, 8] == .init(red: 58, green: 29, blue: 0))
    }

    @Test func bmpColors() throws {
        // The run of 7 three times, 9 twice; above it 1, 2, 3 and, after a step, 4. The palette is 11i, 23i, 5i as BGR.
        let runs = try picture("good/bmp-rle8.bmp")
        let indices = [[1, 2, 3, 0, 4], [7, 7, 7, 9, 9]]
        for (y, row) in indices.enumerated() {
            for (x, index) in row.enumerated() {
                #expect(runs[x, y] == .init(red: 5 * index & 255, green: 23 * index & 255, blue: 11 * index & 255))
            }
        }
        let nibbles = try picture("good/bmp-rle4.bmp")
        #expect((0..<5).map { nibbles[$0, 1].red / 5 } == [1, 2, 1, 2, 1])
        #expect((0..<5).map { nibbles[$0, 0].red / 5 } == [1, 2, 3, 4, 5])
        // 0x1D00 | 0x00 in 565, at the left of the lowest row: bytes 0 and 29.
        let words = try picture("good/bmp-565.bmp")
        #expect(words[0, 8] == .init(red: 3 * 255 / 31, green: 0x28 * 255 / 63, blue: 0))
    }

    @Test func tiffPlanes() throws {
        let planes = try picture("good/tiff-planes.tif")
        #expect(planes == Picture(width: 20, height: 12) { _, _ in .init(red: 10, green: 120, blue: 200) })
    }

    /// Lossy files of the same scene look alike, whatever their process and colour space.
    @Test(arguments: [
        ("good/jpeg-progressive.jpg", "good/jpeg-baseline.jpg"), ("good/jpeg-cmyk.jpg", "good/jpeg-444.jpg"),
    ])
    func sameSceneOtherEncoding(_ one: String, _ other: String) throws {
        #expect(try #require(try picture(one).meanDistance(to: try picture(other))) < 15)
    }

    @Test(arguments: ["good/webp-lossless.webp", "good/avif-alpha.avif", "good/webp-lossy-alpha.webp"])
    func sameSceneOtherFormat(_ name: String) throws {
        let lossless = try picture("good/webp-lossless.webp")
        #expect(try #require(lossless.meanDistance(to: try picture(name))) < 40)
    }

    @Test func metadataIsStripped() throws {
        let png = try render("good/png-metadata.png", RenderOptions())
        let jpeg = try render("good/jpeg-orientation-6.jpg", RenderOptions())
        for marker in ["tEXt", "tIME", "gAMA", "iCCP", "Exif"] {
            let letters = Array(marker.utf8)
            for bytes in [png, jpeg] {
                #expect(!bytes.indices.dropLast(3).contains { Array(bytes[$0..<$0 + 4]) == letters })
            }
        }
    }

    /// One colour stays that colour, however the picture is shrunk, cut or enlarged.
    @Test(arguments: [(1, 1), (3, 2), (9, 12), (20, 12), (47, 5), (90, 80)], RenderOptions.Fit.allCases)
    func uniformStaysUniform(_ size: (Int, Int), _ fit: RenderOptions.Fit) throws {
        let options = try RenderOptions(width: size.0, height: size.1, fit: fit, format: .png, enlarge: true)
        let rendered = try picture("good/tiff-planes.tif", options)
        for y in 0..<rendered.height {
            for x in 0..<rendered.width {
                #expect(rendered[x, y].distance(to: .init(red: 10, green: 120, blue: 200)) <= 1)
            }
        }
    }

    /// 1 × 1 is the mean of all pixels: whole boxes, cut boxes and libgd's part together.
    @Test func shrinkingAverages() throws {
        let whole = try picture("good/png-unfiltered.png")
        let (one, mean) = (
            try picture("good/png-unfiltered.png", RenderOptions(width: 1, height: 1, fit: .fill)), whole
        )
        var sums = (0, 0, 0)
        for y in 0..<mean.height {
            for x in 0..<mean.width {
                sums = (sums.0 + mean[x, y].red, sums.1 + mean[x, y].green, sums.2 + mean[x, y].blue)
            }
        }
        let count = mean.width * mean.height
        let expected = Picture.Pixel(red: sums.0 / count, green: sums.1 / count, blue: sums.2 / count)
        #expect(one[0, 0].distance(to: expected) <= 12)
    }

    @Test func coverShowsTheMiddle() throws {
        let whole = try picture("good/png-unfiltered.png")
        // 13 × 9 as 3 × 9: columns 5 … 7, not resampled.
        let middle = try picture(
            "good/png-unfiltered.png",
            RenderOptions(width: 3, height: 9, fit: .cover, format: .png)
        )
        #expect(middle == Picture(width: 3, height: 9) { whole[$0 + 5, $1] })
    }

    @Test func memoryIsBoundedBeforehand() throws {
        let bytes = try Fixture.bytes("good/png-rgb-8.png")
        let options = try RenderOptions(width: 10_000, height: 10_000, fit: .fill, enlarge: true)
        #expect {
            try ImageRenderer.plan(bytes.span, options, limits: everyFormat)
        } throws: { error in
            guard case .memoryExceeded(let needed, everyFormat.memoryMaxBytes)? = error as? ImageRejection else {
                return false
            }
            return needed > 400_000_000
        }
    }

    @Test(arguments: BadImage.all) func badImagesAreRefusedOrDrawnButNeverCrash(_ image: BadImage) throws {
        let bytes = try Fixture.bytes(image.name)
        let options = try RenderOptions(width: 8, format: .webp)
        do throws(ImageRejection) {
            let plan = try ImageRenderer.plan(bytes.span, options, limits: everyFormat)
            let rendered = try ImageRenderer.render(bytes.span, plan, limits: everyFormat)
            #expect(throws: Never.self) { try ImageValidator.validate(rendered, limits: everyFormat) }
        } catch {
            #expect(!error.message.isEmpty)
        }
    }
}
