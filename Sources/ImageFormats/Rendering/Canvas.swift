import CImageCodecs

/// What a picture is drawn on to become another: owns the canvas of the C side.
struct Canvas: ~Copyable {
    let handle: OpaquePointer

    init(_ window: RenderPlan.Window) throws(ImageFault) {
        let handle = icc_canvas_create(
            icc_window(
                x: UInt32(window.x),
                y: UInt32(window.y),
                width: UInt32(window.width),
                height: UInt32(window.height),
                canvas_width: UInt32(window.canvas.width),
                canvas_height: UInt32(window.canvas.height)
            )
        )
        guard let handle else { throw .outOfMemory }
        self.handle = handle
    }

    deinit { icc_canvas_free(handle) }

    /// Draws a row of the image from column `x` on: red, green, blue and alpha of each pixel. Rows come in order.
    func drawRow(_ y: Int, x: Int = 0, _ pixels: [UInt8]) {
        icc_canvas_draw_row(handle, UInt32(y), UInt32(x), pixels, UInt32(pixels.count / 4))
    }

    /// Sizes, turns and encodes what was drawn.
    consuming func encode(_ plan: RenderPlan) throws(ImageFault) -> [UInt8] {
        let format =
            switch plan.format {
            case .jpeg: ICC_JPEG
            case .webp: ICC_WEBP
            case .png, .gif, .avif, .bmp, .tiff: ICC_PNG
            }
        let rendering = icc_rendering(
            width: UInt32(plan.stored.width),
            height: UInt32(plan.stored.height),
            orientation: Int32(plan.header.orientation),
            format: Int32(format),
            quality: Int32(plan.quality)
        )
        var encoded = icc_bytes()
        let outcome = icc_canvas_encode(handle, rendering, &encoded)
        defer { icc_bytes_free(encoded) }
        try outcome.check()
        return [UInt8](UnsafeBufferPointer(start: encoded.data, count: encoded.count))
    }
}
