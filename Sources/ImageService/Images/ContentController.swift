import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import ImageFormats
import NIOCore

/// The bytes of images, and their versions (contract §2).
package struct ContentController: Sendable {
    private let storage: StorageClient
    private let uploads: UploadReader
    private let inspector: ImageInspector
    private let presenter: ImagePresenter
    private let variants: VariantRenderer
    private let budget: MemoryBudget
    private let metrics: ServiceMetrics
    /// Whether caches between us and the client may keep content: not where a token is needed to see it.
    private let isPublic: Bool

    package init(
        storage: StorageClient,
        uploads: UploadReader,
        inspector: ImageInspector,
        presenter: ImagePresenter,
        variants: VariantRenderer,
        budget: MemoryBudget,
        metrics: ServiceMetrics,
        isPublic: Bool
    ) {
        self.storage = storage
        self.uploads = uploads
        self.inspector = inspector
        self.presenter = presenter
        self.variants = variants
        self.budget = budget
        self.metrics = metrics
        self.isPublic = isPublic
    }

    package func addRoutes(to routes: inout RouteTable) {
        routes.get("/api/v2/images/{image_id}/content", use: ErrorTable.told(download))
        routes.put("/api/v2/images/{image_id}/content", use: metrics.countingUploads(ErrorTable.told(replace)))
        routes.get("/api/v2/images/{image_id}/versions", use: ErrorTable.told(versions))
    }

    @Sendable private func download(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try ContentRequest(request, context)
        let (trace, deadline) = (TraceContext.of(request.headers), storage.newDeadline())
        let record = try await storage.image(
            asked.imageID,
            version: asked.version,
            trace: trace,
            deadline: deadline
        )
        var content = ByteContent(
            bytes: ByteBuffer(),
            contentType: ImageFormat(rawValue: record.content.format)?.mediaType ?? "application/octet-stream",
            entityTag: ContentTag.of(record, as: asked.variant),
            cacheControl: cacheControl(isVersionGiven: asked.version != nil)
        )
        // Who has the bytes already is told so before anybody fetches them.
        if let condition = EntityTagCondition(.ifNoneMatch, in: request.headers),
            condition.weaklyMatches(content.entityTag)
        {
            return try content.response(to: request)
        }
        guard let options = asked.variant else {
            let plan = try content.plan(for: request, byteCount: record.content.size)
            guard let range = plan.range else { return plan.response() }
            guard request.method != .head else {
                try await storage.requireBytes(of: record, trace: trace, deadline: deadline)
                return plan.response(ResponseBody(contentLength: range.count) { _ in })
            }
            let memory = try budget.holdTransfer(AssetDownload.Limits.memoryBytes(of: range.count))
            let download = try await storage.download(
                range,
                of: record,
                trace: trace,
                deadline: deadline
            )
            return plan.response(Self.body(download, length: range.count, context)).holding(memory)
        }
        let variant = try await self.variant(of: record, options, trace: trace, deadline)
        content.bytes = variant.bytes
        content.contentType = variant.format.mediaType
        let memory = try budget.holdTransfer(variant.bytes.readableBytes)
        return try content.response(to: request).holding(memory)
    }

    private func variant(
        of record: ImageRecord,
        _ options: RenderOptions,
        trace: TraceContext?,
        _ deadline: Deadline
    ) async throws -> Variant {
        let key = VariantKey(original: ContentTag.of(record).description, options: options)
        if let variant = variants.remembered(key) { return variant }
        let memory = try budget.holdTransfer(record.content.size)
        defer { memory.release() }
        let bytes = try await storage.bytes(of: record, trace: trace, deadline: deadline)
        return try await variants.render(bytes, as: key)
    }

    /// An answer has begun when storage fails in the middle of it, so all that is left is to break it off.
    private static func body(_ download: AssetDownload, length: Int, _ context: ServingContext) -> ResponseBody {
        if let only = download.onlyPiece { return ResponseBody(byteBuffer: only) }
        return ResponseBody(contentLength: length) { [logger = context.logger] writer in
            do {
                for try await piece in download { try await writer.write(piece) }
            } catch let trouble as StorageTrouble {
                logger.warning("A download breaks off", metadata: ["reason": "\(trouble)"])
                throw trouble
            }
            try await writer.finish(nil)
        }
    }

    @Sendable private func replace(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try ImageRequest(context)
        var file = try await uploads.newContent(request)
        let image = try await inspector.inspect(file.takeBytes(), heldBytes: file.memory.heldBytes)
        let (trace, deadline) = (TraceContext.of(request.headers), storage.newDeadline())
        let known = try await storage.precondition(
            of: request,
            on: asked.imageID,
            trace: trace,
            deadline: deadline
        )
        let record = try await storage.createVersion(
            of: asked.imageID,
            image: image,
            expectedVersion: known?.version,
            trace: trace,
            deadline: deadline
        )
        file.memory.release()
        var response = presenter.answer(record, to: request, status: .created)
        response.headers[.location] =
            presenter.path(ImagePaths.content(of: record.id)) + "?version=\(record.version)"
        return response
    }

    @Sendable private func versions(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try VersionsRequest(request, context)
        let page = try await storage.versions(
            ListImageVersions(imageID: asked.imageID, skip: asked.skip, limit: asked.limit),
            trace: .of(request.headers)
        )
        let publicURL = presenter.publicURL(for: request)
        var response = JSONResponse(
            .array(page.versions.map { VersionView($0, of: asked.imageID, publicURL: publicURL).json })
        ).response
        let links = PageLinks(
            path: presenter.path(ImagePaths.versions(of: asked.imageID)),
            skip: asked.skip,
            limit: asked.limit
        )
        // The protocol does not say how many versions there are: after a full page there may be more.
        response.headers[.link] = links.value(hasNext: page.versions.count == asked.limit)
        return response
    }

    /// A version never changes its bytes; what the newest one is, does.
    private func cacheControl(isVersionGiven: Bool) -> String {
        let scope = isPublic ? "public" : "private"
        return isVersionGiven ? "\(scope), max-age=31536000, immutable" : "\(scope), no-cache"
    }
}

extension Response {
    /// Holds memory until the answer was written, or given up.
    fileprivate func holding(_ memory: HeldMemory) -> Response {
        var response = self
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            defer { memory.release() }
            try await body.write(writer)
        }
        return response
    }
}
