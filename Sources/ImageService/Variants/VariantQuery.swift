import HTTPServing
import ImageFormats

/// The parameters of a rendered variant: `width`, `height`, `fit`, `format`, `quality`, `enlarge` (contract §2).
package enum VariantQuery {
    /// Reads them; `nil` where none is given, and then the bytes go out as they were uploaded.
    package static func read(from read: inout ParameterReader) -> RenderOptions? {
        let width = read.integer("width", in: 1...RenderOptions.sideMax)
        let height = read.integer("height", in: 1...RenderOptions.sideMax)
        let fit = read.choice("fit", of: RenderOptions.Fit.allCases)
        let format = read.choice("format", of: RenderOptions.formats.sorted())
        let quality = read.integer("quality", in: 1...100)
        let enlarge = read.flag("enlarge")
        guard width != nil || height != nil || fit != nil || format != nil || quality != nil || enlarge != nil else {
            return nil
        }
        do throws(RenderOptions.Invalid) {
            return try RenderOptions(
                width: width,
                height: height,
                fit: fit ?? .contain,
                format: format,
                quality: quality ?? RenderOptions.defaultQuality,
                enlarge: enlarge ?? false
            )
        } catch {
            preconditionFailure("Cannot get here: \(error.parameter) was read within its range")
        }
    }
}

extension RenderOptions {
    /// The options as a part of an entity tag: the same options, the same text.
    var tag: String {
        let sides = [("w", width), ("h", height)].compactMap { name, side in side.map { "\(name)\($0)" } }
        let others = [fit.rawValue, format?.rawValue ?? "same", "q\(quality)"] + (enlarge ? ["enlarged"] : [])
        return (sides + others).joined(separator: "-")
    }
}
