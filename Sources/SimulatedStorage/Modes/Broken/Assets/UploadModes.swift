import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON

extension StorageMode {
    /// Mistakes in taking an asset.
    static let ofUploads: [StorageMode] = [
        .broken(
            "put-answers-no-size",
            breaks: "AST-PUT-001",
            "Answers a `PUT` without `size`.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isPut, response.status.kind == .successful else { return response }
                return try await response.changingBody { $0["size"] = nil }
            }
        ),
        .broken(
            "put-of-a-new-asset-is-200",
            breaks: "AST-PUT-001",
            "Answers the first `PUT` of an asset with 200.",
            StatusChange(of: .put, from: .created, to: .ok)
        ),
        .broken(
            "put-again-is-a-conflict",
            breaks: "AST-PUT-002",
            "Answers the second `PUT` of an asset with 409.",
            ErrorChange(of: .put, from: .ok, to: .conflict, "ASSET_EXISTS")
        ),
        .broken(
            "put-again-is-201",
            breaks: "AST-PUT-002",
            "Answers every `PUT` with 201, as an upsert does.",
            StatusChange(of: .put, from: .ok, to: .created)
        ),
        .broken(
            "digests-are-not-verified",
            breaks: "AST-PUT-003",
            "Keeps any bytes under any name.",
            DigestsAreNotVerified()
        ),
        .broken(
            "digests-of-large-assets-are-not-verified",
            breaks: "AST-PUT-003",
            "Verifies the digest of what fits into its buffer of 64 KiB, and of nothing larger.",
            DigestsAreNotVerified { _, size in size > 65536 }
        ),
        .broken(
            "digests-of-chunks-are-not-verified",
            breaks: "AST-PUT-003",
            "Verifies the digest only where `Content-Length` says how much there is to read.",
            DigestsAreNotVerified { exchange, _ in exchange.request.headers[.contentLength] == nil }
        ),
        .broken(
            "digests-are-not-verified-again",
            breaks: "AST-PUT-003",
            "Answers a `PUT` of an asset that is there without looking at its bytes.",
            AlteredAnswers { exchange, faultless in
                guard exchange.isPut, let (asset, _) = try await exchange.core.assets.get(exchange.name) else {
                    return try await faultless(exchange)
                }
                _ = try await exchange.collected()
                return exchange.receipt(size: asset.size, isNew: false)
            }
        ),
        .broken(
            "upper-case-names-are-taken",
            breaks: "AST-PUT-004",
            "Takes a digest in upper case for the one in lower case.",
            AlteredAnswers { exchange, faultless in
                guard exchange.isPut, AssetName.isValid(exchange.name.lowercased()) else {
                    return try await faultless(exchange)
                }
                var exchange = exchange
                exchange.context.pathParameters["sha256"] = exchange.name.lowercased()
                return try await faultless(exchange)
            }
        ),
        .broken(
            "too-large-is-500",
            breaks: "AST-PUT-005",
            "Answers a `PUT` that is too large with 500.",
            ErrorChange(of: .put, from: .contentTooLarge, to: .internalServerError, "INTERNAL_ERROR")
        ),
        .broken(
            "no-room-is-500",
            breaks: "AST-PUT-006",
            "Answers a `PUT` for which there is no room with 500.",
            ErrorChange(
                of: .put,
                from: HTTPResponse.Status(code: 507),
                to: .internalServerError,
                "INTERNAL_ERROR"
            )
        ),
        .broken(
            "content-type-of-the-last-put",
            breaks: "AST-PUT-007",
            "Serves an asset as the `Content-Type` of its last `PUT`.",
            ContentTypeOfLastPut()
        ),
        .broken(
            "half-an-upload-is-kept",
            breaks: "AST-PUT-008",
            "Writes to the asset's own file at once: of an upload that breaks off, the beginning is served.",
            HalfAnUploadIsKept()
        ),
    ]
}

private final class ContentTypeOfLastPut: Conduct {
    private let types = RecentNotes<String>()

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        var response = try await faultless(exchange)
        guard exchange.isAboutAsset, response.status.kind == .successful else { return response }
        if exchange.isPut, let type = exchange.request.headers[.contentType] { types.note(type, for: exchange.name) }
        if exchange.isRead, let type = types[exchange.name] { response.headers[.contentType] = type }
        return response
    }
}
