/// The pixel limit, as the header parsers spend it.
struct PixelBudget {
    /// Greatest width × height × frames.
    let pixelsMax: Int

    /// Lets an image of this size pass, or throws ``ImageFault/tooLarge(width:height:frames:)``.
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
        return pixels
    }
}
