import Crypto
import HTTPServing
import HTTPTypes
import HubProtocol
import ImageFormats
import JSON
import MessageHub
import NIOPosix

/// Looks at the bytes of an upload: whether they are an image that may come in, and what it shows.
///
/// The work is done on threads of its own, away from the event loops. The header is read first; what it says of the
/// memory that the decoder will need is taken from the budget before the decoder starts.
package struct ImageInspector: Sendable {
    private let limits: ImageLimits
    private let budget: MemoryBudget
    private let threads: NIOThreadPool
    private let metrics: ServiceMetrics
    private let time: TimeSource

    package init(
        limits: ImageLimits,
        budget: MemoryBudget,
        threads: NIOThreadPool,
        metrics: ServiceMetrics,
        time: TimeSource
    ) {
        self.limits = limits
        self.budget = budget
        self.threads = threads
        self.metrics = metrics
        self.time = time
    }

    /// Throws the checks of the file in the contract's order (§7): `EMPTY_FILE`, `INVALID_FILE_TYPE`,
    /// `IMAGE_TOO_LARGE`, `CORRUPT_IMAGE`; and `OVERLOADED` where no memory comes free to decode it.
    ///
    /// What comes in can also be shown: an image of which no thumbnail could be rendered is `IMAGE_TOO_LARGE`.
    ///
    /// - Parameter heldBytes: what is held for the file itself. The decoder has the rest of the memory at most: for more it
    ///   would wait in vain.
    package func inspect(_ bytes: [UInt8], heldBytes: Int) async throws -> UploadedImage {
        guard !bytes.isEmpty else { throw ImageInspector.emptyFile }
        let limits = limits.beside(heldBytes)
        // Where memory is free, which is the rule, all is done in one go: a change of threads costs more than a small image.
        let look = try await run { () -> Look in
            let header = try ImageRenderer.plan(bytes.span, Self.thumbnail, limits: limits).header
            guard let memory = budget.holdDecodeAtOnce(header.decodeMemoryBytes) else { return Look(header: header) }
            defer { memory.release() }
            return Look(header: header, sha256: try decode(bytes, header, limits))
        }
        let header = look.header
        let sha256 = if let known = look.sha256 { known } else { try await decodeInTurn(bytes, header, limits) }
        return UploadedImage(
            bytes: bytes,
            sha256: sha256,
            format: header.format.rawValue,
            mediaType: header.format.mediaType,
            width: header.width,
            height: header.height
        )
    }

    /// What is known of an image once a thread has looked at it.
    private struct Look: Sendable {
        var header: ImageHeader
        /// `nil` where it was not decoded yet, for want of memory.
        var sha256: String?
    }

    private func decodeInTurn(_ bytes: [UInt8], _ header: ImageHeader, _ limits: ImageLimits) async throws -> String {
        let memory = try await budget.holdDecode(header.decodeMemoryBytes)
        defer { memory.release() }
        return try await run { try decode(bytes, header, limits) }
    }

    /// Decodes it whole, and gives the digest of its bytes.
    private func decode(_ bytes: [UInt8], _ header: ImageHeader, _ limits: ImageLimits) throws -> String {
        try metrics.measuring(.decode, of: header.format, by: time) {
            try ImageValidator.decode(bytes.span, header, limits: limits)
        }
        return AssetName.from(digest: SHA256.hash(data: bytes))
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await threads.runIfActive(work)
        } catch let rejection as ImageRejection {
            throw ImageInspector.apiError(for: rejection)
        }
    }

    /// What the gallery shows of every image.
    private static let thumbnail: RenderOptions = {
        do throws(RenderOptions.Invalid) {
            return try RenderOptions(width: 400, height: 400, fit: .cover)
        } catch {
            preconditionFailure("Cannot get here: \(error.parameter) is within its range")
        }
    }()

    package static let emptyFile = APIError(.badRequest, "EMPTY_FILE", "The file has no bytes.")

    package static func apiError(for rejection: ImageRejection) -> APIError {
        let (status, code): (HTTPResponse.Status, String) =
            switch rejection {
            case .invalidFileType: (.unsupportedMediaType, "INVALID_FILE_TYPE")
            case .tooLarge, .tooManyFrames, .memoryExceeded: (.unprocessableContent, "IMAGE_TOO_LARGE")
            case .corrupt: (.unprocessableContent, "CORRUPT_IMAGE")
            }
        return APIError(
            status,
            code,
            rejection.message,
            details: rejection.details.mapValues { detail in
                switch detail {
                case .text(let text): .string(text)
                case .number(let number): .integer(Int64(number))
                case .list(let texts): .array(texts.map(JSONValue.string))
                }
            },
            logMessage: "\(rejection)"
        )
    }
}

extension ImageLimits {
    /// These limits for an image that memory is held for already: what is left is what decoding may take.
    package func beside(_ heldBytes: Int) -> ImageLimits {
        var limits = self
        limits.memoryMaxBytes = max(0, memoryMaxBytes - heldBytes)
        return limits
    }
}
