import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import SimulatedStorage
import SimulatorAdmin

/// The storage's page, what it is kept up to date by, and the pictures on it.
///
///     StorageConsole(storage: storage).addRoutes(to: &routes)
public struct StorageConsole: Sendable {
    /// Images that the page is sent; how many there are in all is told beside.
    private static let imagesMax = 60
    /// What a browser shows as a picture, and can do no harm with.
    private static let pictureTypes = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]

    private let storage: SimulatedStorage
    private let page: AdminPage

    /// - Parameter hubPage: where the page of a hub in the same process is; nil: there is none.
    public init(storage: SimulatedStorage, hubPage: String? = nil) {
        self.storage = storage
        page = StoragePage.page(hubPage: hubPage)
    }

    /// Adds `/` and `/_sim/storage/…`.
    public func addRoutes(to routes: inout RouteTable) {
        routes.get("/") { request, _ in try page.response(to: request) }
        routes.get("/_sim/storage/view", use: view)
        routes.get("/_sim/storage/pictures/{sha256}", use: picture)
    }

    @Sendable private func view(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try AdminRequest.namespace(request)
        let (images, total) = try await storage.newestImages(namespace: namespace, limit: Self.imagesMax)
        return JSONResponse([
            "state": try await storage.state(namespace: namespace),
            "namespaces": .array(storage.namespaces.map(JSONValue.string)),
            "images": .array(images.map(\.json)), "images_total": .integer(Int64(total)),
        ]).response
    }

    /// The bytes of an asset, where they are a picture. A namespace comes in the query: an element has no headers.
    @Sendable private func picture(_ request: Request, _ context: ServingContext) async throws -> Response {
        let namespace = try QueryItems(request)["namespace"] ?? ""
        let name = context.parameter("sha256")
        guard let (type, bytes) = try await storage.asset(name, namespace: namespace),
            Self.pictureTypes.contains(type)
        else { throw APIError(.notFound, "NOT_FOUND", "There is no such picture.") }
        var response = try ByteContent(
            bytes: bytes,
            contentType: type,
            entityTag: EntityTag(name),
            cacheControl: "private, max-age=3600"
        ).response(to: request)
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        return response
    }
}
