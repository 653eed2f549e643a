/// Which part of an image is shown, and how large: computed in whole numbers, so that it is the same everywhere.
struct RenderGeometry: Hashable {
    /// Width and height, in pixels.
    struct Size: Hashable {
        var width: Int
        var height: Int

        var swapped: Size { Size(width: height, height: width) }
    }

    /// The middle part of the image that is shown.
    private(set) var shown: Size
    /// Its size as rendered.
    private(set) var output: Size

    /// For an image of this size as displayed.
    init(displayed image: Size, _ options: RenderOptions) {
        shown = image
        let side = RenderOptions.sideMax
        switch (options.width, options.height, options.fit) {
        case (let width?, let height?, .fill):
            output = Size(width: width, height: height)
            if !options.enlarge { output = Self.smaller(output, image) }
        case (let width?, let height?, .cover):
            let box = Size(width: width, height: height)
            // The largest part with the proportions of the box; without enlarging, it is what there is at most.
            shown = Self.within(image, proportions: box)
            output = options.enlarge || (width <= shown.width && height <= shown.height) ? box : shown
            output = Self.smaller(output, Size(width: side, height: side))
        case (let width, let height, _):
            let box = Size(width: width ?? side, height: height ?? side)
            let fits = image.width <= box.width && image.height <= box.height
            let grows = options.enlarge && (width != nil || height != nil)
            output = fits && !grows ? image : Self.within(box, proportions: image)
        }
    }

    /// The largest size within `box` that has these proportions, rounded, at least 1 pixel a side.
    private static func within(_ box: Size, proportions: Size) -> Size {
        if box.width * proportions.height <= box.height * proportions.width {
            let height = (box.width * proportions.height + proportions.width / 2) / proportions.width
            return Size(width: box.width, height: min(max(1, height), box.height))
        }
        let width = (box.height * proportions.width + proportions.height / 2) / proportions.height
        return Size(width: min(max(1, width), box.width), height: box.height)
    }

    private static func smaller(_ left: Size, _ right: Size) -> Size {
        Size(width: min(left.width, right.width), height: min(left.height, right.height))
    }
}
