import CImageCodecs

/// Renders a variant of an image: another size, another format, upright, without metadata.
///
///     let options = try RenderOptions(width: 320, format: .webp)
///     let plan = try ImageRenderer.plan(original.span, options, limits: limits)
///     try reserve(bytes: plan.memoryBytes)
///     let variant = try ImageRenderer.render(original.span, plan, limits: limits)
///
/// A pure function of bytes to bytes on the caller's thread. Transparency is kept, and becomes white in JPEG; of an
/// animation the first frame is shown. Colour profiles are dropped like all metadata, and pixels taken as sRGB.
///
/// The original may be any bytes: it goes through ``HeaderReader`` first. It need not decode whole: an original that was
/// accepted does, and one that was not is drawn as far as its decoder comes, or refused.
public enum ImageRenderer {
    /// What rendering will give and take, if the original is within the limits and
    /// ``RenderPlan/memoryBytes`` within `memoryMaxBytes`.
    public static func plan(
        _ bytes: Span<UInt8>,
        _ options: RenderOptions,
        limits: ImageLimits
    ) throws(ImageRejection) -> RenderPlan {
        let header = try HeaderReader.read(bytes, limits: limits)
        let facts: DrawingFacts
        do throws(ImageFault) { facts = try DrawingFacts(bytes, header) } catch {
            throw error.rejection(of: header.format, limits)
        }
        let plan = RenderPlan(header, facts, options)
        guard plan.memoryBytes <= limits.memoryMaxBytes else {
            throw .memoryExceeded(neededBytes: plan.memoryBytes, memoryMaxBytes: limits.memoryMaxBytes)
        }
        return plan
    }

    /// The rendered image, in ``RenderPlan/format``.
    ///
    /// - Parameter plan: what ``plan(_:_:limits:)`` returned for these very bytes and limits.
    public static func render(
        _ bytes: Span<UInt8>,
        _ plan: RenderPlan,
        limits: ImageLimits
    ) throws(ImageRejection) -> [UInt8] {
        do throws(ImageFault) {
            let canvas = try Canvas(plan.window)
            switch plan.header.format {
            case .gif: try GIFPicture.draw(bytes, PixelBudget(limits), on: canvas)
            case .bmp: try BMPPicture.draw(bytes, on: canvas)
            case .png, .jpeg, .webp, .tiff, .avif: try draw(bytes, plan, on: canvas)
            }
            return try canvas.encode(plan)
        } catch {
            throw error.rejection(of: plan.header.format, limits)
        }
    }

    /// The formats that a library draws.
    private static func draw(
        _ bytes: Span<UInt8>,
        _ plan: RenderPlan,
        on canvas: borrowing Canvas
    ) throws(ImageFault) {
        let (width, height) = (UInt32(plan.header.width), UInt32(plan.header.height))
        let memoryMax = plan.decoderMemoryBytes
        let handle = canvas.handle
        var picture = WebPChunks.Picture()
        var directory = 0
        if plan.header.format == .webp {
            var chunks = try WebPChunks(bytes)
            guard let first = try chunks.nextPicture(bytes) else { throw .malformed("the file holds no image") }
            picture = first
        }
        if plan.header.format == .tiff { directory = try TIFFHeader.firstDirectoryOffset(bytes) }
        let outcome = bytes.withUnsafeBufferPointer { buffer in
            switch plan.header.format {
            case .png: icc_png_draw(buffer.baseAddress, buffer.count, width, height, memoryMax, handle)
            case .jpeg:
                icc_jpeg_draw(
                    buffer.baseAddress,
                    buffer.count,
                    width,
                    height,
                    UInt32(plan.reduction),
                    memoryMax,
                    handle
                )
            case .webp:
                icc_webp_draw(
                    buffer.baseAddress.map { $0 + picture.data.lowerBound },
                    picture.data.count,
                    UInt32(picture.width),
                    UInt32(picture.height),
                    UInt32(plan.reduction),
                    UInt32(picture.left),
                    UInt32(picture.top),
                    handle
                )
            case .tiff:
                icc_tiff_draw(buffer.baseAddress, buffer.count, UInt32(directory), width, height, memoryMax, handle)
            case .avif: icc_avif_draw(buffer.baseAddress, buffer.count, width, height, handle)
            case .gif, .bmp: preconditionFailure("Cannot draw \(plan.header.format) with a library")
            }
        }
        try outcome.check()
    }
}
