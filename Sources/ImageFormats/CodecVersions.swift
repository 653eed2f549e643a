import CImageCodecs

/// The versions of the image libraries that this program runs with, for one line at its start.
public enum CodecVersions {
    /// Library and version, in a fixed order: `libpng`, `libgd`, `libjpeg-turbo`, `libwebp`, `libtiff`,
    /// `libavif`, `zlib`.
    public static var all: [(library: String, version: String)] {
        let webp = icc_libwebp_version()
        return [
            ("libpng", String(cString: icc_libpng_version())),
            ("libgd", String(cString: icc_libgd_version())),
            ("libjpeg-turbo", String(cString: icc_libjpeg_version())),
            ("libwebp", "\(webp >> 16).\(webp >> 8 & 255).\(webp & 255)"),
            // Its text says more: "LIBTIFF, Version 4.5.0" and lines of copyright.
            (
                "libtiff",
                String(cString: icc_libtiff_version()).prefix { $0 != "\n" }.split(separator: " ").last.map(String.init)
                    ?? ""
            ),
            ("libavif", String(cString: icc_libavif_version())),
            ("zlib", String(cString: icc_zlib_version())),
        ]
    }

    /// All of them on one line: `libpng 1.6.39, libgd 2.3.3, …`.
    public static var line: String {
        all.map { "\($0.library) \($0.version)" }.joined(separator: ", ")
    }
}
