import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird

/// The images themselves: create, show, list, change, delete (contract §2).
package struct ImagesController: Sendable {
    /// Bytes of the JSON of a `PATCH`: four fields of 255 characters, however they are escaped.
    static let changeBytesMax = 64 * 1024

    private let storage: StorageClient
    private let uploads: UploadReader
    private let inspector: ImageInspector
    private let presenter: ImagePresenter
    private let metrics: ServiceMetrics

    package init(
        storage: StorageClient,
        uploads: UploadReader,
        inspector: ImageInspector,
        presenter: ImagePresenter,
        metrics: ServiceMetrics
    ) {
        self.storage = storage
        self.uploads = uploads
        self.inspector = inspector
        self.presenter = presenter
        self.metrics = metrics
    }

    package func addRoutes(to routes: inout RouteTable) {
        routes.post("/api/v2/images[/]", use: metrics.countingUploads(ErrorTable.told(create)))
        routes.get("/api/v2/images[/]", use: ErrorTable.told(list))
        routes.get("/api/v2/images/{image_id}", use: ErrorTable.told(show))
        routes.patch("/api/v2/images/{image_id}", use: ErrorTable.told(change))
        routes.delete("/api/v2/images/{image_id}", use: ErrorTable.told(delete))
    }

    @Sendable private func create(_ request: Request, _ context: ServingContext) async throws -> Response {
        var form = try await uploads.form(request, fields: UploadFields.labels)
        let labels = try UploadFields.labels(of: form)
        let image = try await inspector.inspect(form.file.takeBytes(), heldBytes: form.file.memory.heldBytes)
        let record = try await storage.create(labels, image: image, trace: .of(request.headers))
        form.file.memory.release()
        var response = presenter.answer(record, to: request, status: .created)
        response.headers[.location] = presenter.path(ImagePaths.image(record.id))
        return response
    }

    @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try ImageRequest(context)
        let record = try await storage.image(asked.imageID, trace: .of(request.headers))
        // In this order: RFC 9110 §13.2.2.
        if let condition = EntityTagCondition(.ifMatch, in: request.headers), !RecordTag(record).matches(condition) {
            throw ErrorTable.preconditionFailed
        }
        if let condition = EntityTagCondition(.ifNoneMatch, in: request.headers),
            condition.weaklyMatches(RecordTag(record).entityTag)
        {
            return presenter.notModified(record)
        }
        return presenter.answer(record, to: request)
    }

    @Sendable private func list(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try ListRequest(request)
        let page = try await storage.images(
            ListImages(type: asked.type, theme: asked.theme, skip: asked.skip, limit: asked.limit),
            trace: .of(request.headers)
        )
        var response = JSONResponse(.array(page.images.map { presenter.json($0, for: request) })).response
        response.headers[.xTotalCount] = String(page.total)
        let links = PageLinks(
            path: presenter.path(ImagePaths.collection),
            filters: asked.filters,
            skip: asked.skip,
            limit: asked.limit
        )
        response.headers[.link] = links.value(
            hasNext: page.total - asked.limit > asked.skip,
            total: page.total
        )
        return response
    }

    @Sendable private func change(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try ImageRequest(context)
        let body = try await JSONBody.read(request, bytesMax: ImagesController.changeBytesMax)
        let change = try ChangeRequest(imageID: asked.imageID, body: body).change
        let (trace, deadline) = (TraceContext.of(request.headers), storage.newDeadline())
        _ = try await storage.precondition(
            of: request,
            on: asked.imageID,
            trace: trace,
            deadline: deadline
        )
        let record = try await storage.update(change, trace: trace, deadline: deadline)
        return presenter.answer(record, to: request)
    }

    @Sendable private func delete(_ request: Request, _ context: ServingContext) async throws -> Response {
        let asked = try ImageRequest(context)
        let (trace, deadline) = (TraceContext.of(request.headers), storage.newDeadline())
        _ = try await storage.precondition(
            of: request,
            on: asked.imageID,
            trace: trace,
            deadline: deadline
        )
        try await storage.delete(asked.imageID, trace: trace, deadline: deadline)
        return Response(status: .noContent)
    }
}
