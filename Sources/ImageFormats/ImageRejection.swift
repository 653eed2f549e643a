/// Why an image is not taken.
///
/// ``message`` is for the client, ``details`` for its program, ``description`` for the log. None of the three carries
/// bytes of the file, memory addresses or paths.
public enum ImageRejection: Error, Sendable, Hashable {
    /// The bytes are no allowed format, whatever name or type they claim. `found` is what they are, as far as it was
    /// recognised: a format that is not allowed, or a variant of one that nothing here decodes.
    case invalidFileType(found: String?, allowed: [ImageFormat])
    /// Width × height × frames is over `pixelsMax`. For animations `frames` may be the count at which it went over.
    case tooLarge(width: Int, height: Int, frames: Int, pixelsMax: Int)
    /// More frames or pages than `framesMax`, however small they are.
    case tooManyFrames(framesMax: Int)
    /// An allowed format that does not decode whole: truncated, a bad checksum, contradictory structure.
    case corrupt(format: ImageFormat, reason: String)
    /// Decoding would take more memory than allowed.
    case memoryExceeded(neededBytes: Int, memoryMaxBytes: Int)

    /// One value of ``ImageRejection/details``.
    public enum Detail: Sendable, Hashable {
        case text(String)
        case number(Int)
        case list([String])
    }

    /// A sentence that is safe to show to whoever sent the file.
    public var message: String {
        switch self {
        case .invalidFileType(let found?, let allowed):
            "This is \(found), which is not accepted. Accepted formats: \(Self.names(allowed))."
        case .invalidFileType(nil, let allowed):
            "The file is not an image in an accepted format (\(Self.names(allowed)))."
        case .tooLarge(let width, let height, let frames, let pixelsMax):
            frames == 1
                ? "The image has \(width) × \(height) pixels; at most \(pixelsMax) pixels are accepted."
                : "The image has \(frames) frames of \(width) × \(height) pixels; "
                    + "at most \(pixelsMax) pixels are accepted."
        case .tooManyFrames(let framesMax):
            "The image has more than \(framesMax) frames."
        case .corrupt(let format, _):
            "The \(format.rawValue) image is damaged or incomplete and cannot be decoded."
        case .memoryExceeded:
            "Decoding the image would take more memory than is allowed."
        }
    }

    /// The facts behind ``message``, by name.
    public var details: [String: Detail] {
        switch self {
        case .invalidFileType(let found, let allowed):
            var details: [String: Detail] = ["allowed": .list(allowed.map(\.rawValue))]
            if let found { details["found"] = .text(found) }
            return details
        case .tooLarge(let width, let height, let frames, let pixelsMax):
            return [
                "width": .number(width), "height": .number(height), "frames": .number(frames),
                "pixels_max": .number(pixelsMax),
            ]
        case .tooManyFrames(let framesMax):
            return ["frames_max": .number(framesMax)]
        case .corrupt(let format, let reason):
            return ["format": .text(format.rawValue), "reason": .text(reason)]
        case .memoryExceeded(let neededBytes, let memoryMaxBytes):
            return ["needed_bytes": .number(neededBytes), "memory_max_bytes": .number(memoryMaxBytes)]
        }
    }

    private static func names(_ formats: [ImageFormat]) -> String {
        formats.map(\.rawValue).joined(separator: ", ")
    }
}

extension ImageRejection: CustomStringConvertible {
    /// One line for the log.
    public var description: String {
        switch self {
        case .invalidFileType(let found, _): "no accepted format: \(found ?? "not recognised")"
        case .tooLarge(let width, let height, let frames, let pixelsMax):
            "\(width) × \(height) × \(frames) is over \(pixelsMax) pixels"
        case .tooManyFrames(let framesMax): "more than \(framesMax) frames"
        case .corrupt(let format, let reason): "corrupt \(format.rawValue): \(reason)"
        case .memoryExceeded(let needed, let limit): "decoding takes \(needed) bytes of memory, over \(limit)"
        }
    }
}
