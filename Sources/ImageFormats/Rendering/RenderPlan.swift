/// How an image will be rendered, and what that takes: known before a pixel is decoded.
public struct RenderPlan: Sendable, Hashable {
    /// The header of the original.
    public let header: ImageHeader
    /// Width of the rendered image in pixels, as displayed.
    public let width: Int
    /// Height of the rendered image in pixels, as displayed.
    public let height: Int
    /// Format of the rendered image.
    public let format: ImageFormat
    /// Upper bound of the memory, in bytes, that rendering takes besides the original: decoding, drawing, encoding and
    /// the result.
    public let memoryBytes: Int

    /// 1 … 100, for JPEG and WebP.
    let quality: Int
    /// Size of the rendered image before it is turned by its orientation.
    let stored: RenderGeometry.Size
    /// By how much the decoder itself divides the sides: that saves time and memory where it can.
    let reduction: Int
    /// What of the (reduced) image goes on the canvas.
    let window: Window
    /// What the decoder takes of `memoryBytes`.
    let decoderMemoryBytes: Int

    /// A part of an image, and the size that it has on the canvas: its own, or less, and then it is shrunk by averaging
    /// while it is drawn.
    struct Window: Hashable {
        var x: Int
        var y: Int
        var width: Int
        var height: Int
        var canvas: RenderGeometry.Size
    }

    init(_ header: ImageHeader, _ facts: DrawingFacts, _ options: RenderOptions) {
        self.header = header
        let displayed = RenderGeometry.Size(width: header.displaySize.width, height: header.displaySize.height)
        let geometry = RenderGeometry(displayed: displayed, options)
        (width, height) = (geometry.output.width, geometry.output.height)
        format = options.format ?? (RenderOptions.formats.contains(header.format) ? header.format : .png)
        quality = options.quality
        // From here on as stored: an image on its side has its width where its height is displayed.
        let isOnSide = header.orientation >= 5
        stored = isOnSide ? geometry.output.swapped : geometry.output
        let shown = isOnSide ? geometry.shown.swapped : geometry.shown
        reduction = header.canBeReduced ? Self.reduction(shown, to: stored) : 1
        window = Self.window(header, shown, reduction: reduction, to: stored)
        decoderMemoryBytes = header.drawingMemoryBytes(reduction: reduction, isInterlaced: facts.isInterlaced)
        memoryBytes = Self.memoryBytes(
            decoder: decoderMemoryBytes,
            window,
            stored,
            encodingBytesPerPixel: Self.encodingBytesPerPixel(format, facts)
        )
    }

    /// Reducing and shrinking average whole pixels, and leave twice the size at least for libgd to do the rest well.
    private static func reduction(_ shown: RenderGeometry.Size, to output: RenderGeometry.Size) -> Int {
        [8, 4, 2].first { output.width * $0 * 2 <= shown.width && output.height * $0 * 2 <= shown.height } ?? 1
    }

    private static func window(
        _ header: ImageHeader,
        _ shown: RenderGeometry.Size,
        reduction: Int,
        to output: RenderGeometry.Size
    ) -> Window {
        func reduced(_ side: Int) -> Int { (side + reduction - 1) / reduction }
        let x = (header.width - shown.width) / 2 / reduction
        let y = (header.height - shown.height) / 2 / reduction
        let width = min(reduced(shown.width), reduced(header.width) - x)
        let height = min(reduced(shown.height), reduced(header.height) - y)
        // Boxes are of whole pixels, two wide and two high at least, or there are none.
        let canvas = RenderGeometry.Size(
            width: width >= 4 * output.width ? 2 * output.width : width,
            height: height >= 4 * output.height ? 2 * output.height : height
        )
        return Window(x: x, y: y, width: width, height: height, canvas: canvas)
    }

    /// First the decoder and the canvas are there; then the canvas and what it becomes; then that and the result.
    private static func memoryBytes(
        decoder: Int,
        _ window: Window,
        _ output: RenderGeometry.Size,
        encodingBytesPerPixel: Int
    ) -> Int {
        let canvas = imageBytes(window.canvas)
        let isResampled = window.canvas != output
        // Enlarging goes by way of an image of the new width and the old height.
        let between = RenderGeometry.Size(width: output.width, height: window.canvas.height)
        let isEnlarged = output.width > window.canvas.width || output.height > window.canvas.height
        let resampling = canvas + (isResampled ? imageBytes(output) : 0) + (isEnlarged ? imageBytes(between) : 0)
        let phases = [
            decoder + canvas + window.canvas.width * 32, resampling, imageBytes(output) * 2,
            imageBytes(output) + output.width * output.height * encodingBytesPerPixel,
        ]
        return 1024 * 1024 + (phases.max() ?? 0)
    }

    /// libgd's image: four bytes a pixel, and a block and a pointer for each row.
    private static func imageBytes(_ size: RenderGeometry.Size) -> Int {
        size.width * size.height * 4 + size.height * 32
    }

    /// The encoder, and the result: libgd doubles its buffer when it is full, and Swift has a copy. Measured with noise,
    /// the worst there is to encode.
    private static func encodingBytesPerPixel(_ format: ImageFormat, _ facts: DrawingFacts) -> Int {
        switch format {
        case .jpeg: 12
        case .webp: facts.mayBeTransparent ? 48 : 16
        case .png, .gif, .avif, .bmp, .tiff: 16
        }
    }
}
