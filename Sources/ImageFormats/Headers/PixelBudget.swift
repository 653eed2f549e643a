/// The limits of pixels and frames, as the header parsers spend them.
struct PixelBudget {
    /// Greatest width × height × frames.
    let pixelsMax: Int
    /// Greatest number of frames.
    let framesMax: Int

    /// A limit over 2⁴⁰ pixels is none: up to it, what is computed from an admitted size fits 64 bits.
    init(pixelsMax: Int, framesMax: Int = .max) {
        self.pixelsMax = min(pixelsMax, 1 << 40)
        self.framesMax = framesMax
    }

    /// Lets an image of this size pass, or throws ``ImageFault/tooLarge(width:height:frames:)`` or
    /// ``ImageFault/tooManyFrames``.
    ///
    /// Sizes come from the file and may be anything that 32 bits hold; the product must not overflow.
    /// - Returns: the pixels of all frames.
    @discardableResult
    func admit(width: Int, height: Int, frames: Int = 1) throws(ImageFault) -> Int {
        let (area, areaOverflows) = width.multipliedReportingOverflow(by: height)
        let (pixels, overflows) = area.multipliedReportingOverflow(by: frames)
        guard !areaOverflows, !overflows, pixels <= pixelsMax else {
            throw .tooLarge(width: width, height: height, frames: frames)
        }
        guard frames <= framesMax else { throw .tooManyFrames }
        return pixels
    }

    /// The budget of these limits.
    init(_ limits: ImageLimits) {
        self.init(pixelsMax: limits.pixelsMax, framesMax: limits.framesMax)
    }
}
