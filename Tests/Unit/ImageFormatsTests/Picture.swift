import CLibGD

/// Pixels of an encoded image, read back by libgd: eight bits of red, green and blue, seven of transparency.
struct Picture: Equatable {
    struct Pixel: Equatable {
        var red: Int
        var green: Int
        var blue: Int
        var transparency = 0

        /// The greatest difference of a channel.
        func distance(to other: Pixel) -> Int {
            max(
                abs(red - other.red),
                abs(green - other.green),
                abs(blue - other.blue),
                abs(transparency - other.transparency)
            )
        }
    }

    let width: Int
    let height: Int
    private let pixels: [Pixel]

    init(width: Int, height: Int, _ pixel: (Int, Int) -> Pixel) {
        (self.width, self.height) = (width, height)
        pixels = (0..<height).flatMap { y in (0..<width).map { pixel($0, y) } }
    }

    /// Decodes PNG, JPEG or WebP.
    init?(_ bytes: [UInt8]) {
        var bytes = bytes
        let count = Int32(bytes.count)
        let image: gdImagePtr? =
            switch bytes.first {
            case 0x89: gdImageCreateFromPngPtr(count, &bytes)
            case 0xFF: gdImageCreateFromJpegPtr(count, &bytes)
            default: gdImageCreateFromWebpPtr(count, &bytes)
            }
        guard let image else { return nil }
        defer { gdImageDestroy(image) }
        self.init(width: Int(image.pointee.sx), height: Int(image.pointee.sy)) { x, y in
            let color = Int(gdImageGetTrueColorPixel(image, Int32(x), Int32(y)))
            return Pixel(
                red: color >> 16 & 255,
                green: color >> 8 & 255,
                blue: color & 255,
                transparency: color >> 24 & 127
            )
        }
    }

    subscript(x: Int, y: Int) -> Pixel { pixels[y * width + x] }

    /// The mean over all pixels of the greatest difference of a channel; `nil` for pictures of other sizes.
    func meanDistance(to other: Picture) -> Double? {
        guard width == other.width, height == other.height else { return nil }
        return Double(zip(pixels, other.pixels).map { $0.distance(to: $1) }.reduce(0, +)) / Double(pixels.count)
    }
}
