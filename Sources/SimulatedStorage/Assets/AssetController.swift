import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird

/// The asset API (contract §4) and the health of the storage side.
struct AssetController: Sendable {
    let spaces: StorageSpaces
    let authorization: BearerAuthorization
    let health: @Sendable () -> StorageHealth

    /// What an asset is served as that came without a media type.
    private static let defaultContentType = "application/octet-stream"

    func addRoutes(to routes: inout RouteTable) {
        routes.put("/api/v2/assets/{sha256}", use: put)
        routes.get("/api/v2/assets/{sha256}", use: get)
        routes.delete("/api/v2/assets/{sha256}", use: delete)
        routes.get("/health") { _, _ in health().response(asksReadiness: false) }
        routes.get("/health/live") { _, _ in health().response(asksReadiness: false) }
        routes.get("/health/ready") { _, _ in health().response(asksReadiness: true) }
    }

    @Sendable private func put(_ request: Request, _ context: ServingContext) async throws -> Response {
        try authorization.check(request)
        let assets = try spaces.space(of: request).core.assets
        let name = context.parameter("sha256")
        let body = try BodyReader(request, bytesMax: assets.assetBytesMax)
        let receipt: AssetLibrary.Receipt
        do {
            receipt = try await assets.put(
                name,
                contentType: request.headers[.contentType] ?? Self.defaultContentType,
                expectedBytes: body.contentLength,
                body: body
            )
        } catch let error as AssetError {
            throw APIError(error)
        }
        let path = AssetName.path(of: name)
        return JSONResponse(
            ["url": .string(path), "sha256": .string(name), "size": .integer(Int64(receipt.size))],
            status: receipt.isNew ? .created : .ok,
            headers: receipt.isNew ? [.location: path] : [:]
        ).response
    }

    @Sendable private func get(_ request: Request, _ context: ServingContext) async throws -> Response {
        try authorization.check(request)
        let name = context.parameter("sha256")
        guard let (asset, bytes) = try await spaces.space(of: request).core.assets.get(name) else {
            throw APIError(AssetError.notFound)
        }
        let content = ByteContent(
            bytes: bytes,
            contentType: asset.contentType,
            entityTag: EntityTag(name),
            // A name never changes its bytes.
            cacheControl: "public, max-age=31536000, immutable"
        )
        return try content.response(to: request)
    }

    @Sendable private func delete(_ request: Request, _ context: ServingContext) async throws -> Response {
        try authorization.check(request)
        do {
            try await spaces.space(of: request).core.assets.delete(context.parameter("sha256"))
        } catch let error as AssetError {
            throw APIError(error)
        }
        return Response(status: .noContent)
    }
}

extension APIError {
    /// The answer to an asset's error.
    init(_ error: AssetError) {
        switch error {
        case .digestMismatch:
            self.init(.badRequest, "DIGEST_MISMATCH", "The name is not the SHA-256 of the bytes, in lower-case hex.")
        case .empty:
            self.init(.badRequest, "EMPTY_FILE", "The request has no bytes.")
        case .tooLarge(let bytesMax):
            self = .fileTooLarge(bytesMax: bytesMax)
        case .full:
            self.init(.init(code: 507, reasonPhrase: "Insufficient Storage"), "STORAGE_FULL", "There is no more room.")
        case .notFound:
            self.init(.notFound, "ASSET_NOT_FOUND", "There is no asset with this name.")
        case .inUse:
            self.init(.conflict, "ASSET_IN_USE", "A version of an image refers to this asset.")
        }
    }
}
