import HTTPServing
import HubProtocol
import Hummingbird
import ImageFormats
import JSON

// What each route takes, read and checked.

/// `GET /api/v2/images/?type=&theme=&skip=&limit=`
package struct ListRequest: Sendable {
    package var type: String?
    package var theme: String?
    package var skip: Int
    package var limit: Int

    package init(_ request: Request) throws {
        var read = ParameterReader(try QueryItems(request))
        type = read.text("type")
        theme = read.text("theme")
        skip = read.integer("skip", in: 0...Int.max) ?? 0
        limit = read.integer("limit", in: 1...ProtocolLimits.pageLimitMax) ?? ProtocolLimits.pageLimitDefault
        try read.finish()
    }

    /// The filters that are set, for the links to other pages.
    package var filters: [(name: String, value: String)] {
        [("type", type), ("theme", theme)].compactMap { name, value in value.map { (name, $0) } }
    }
}

/// A route about one image, `/api/v2/images/{image_id}…`.
package struct ImageRequest: Sendable {
    package var imageID: String

    package init(_ context: ServingContext) throws(ValidationFailure) {
        var read = ParameterReader()
        imageID = read.imageID(context.parameter("image_id"))
        try read.finish()
    }
}

/// `GET /api/v2/images/{image_id}/content?version=&width=&height=&fit=&format=&quality=&enlarge=`
package struct ContentRequest: Sendable {
    package var imageID: String
    /// `nil` for the newest.
    package var version: Int?
    /// `nil` for the bytes as they were uploaded.
    package var variant: RenderOptions?

    package init(_ request: Request, _ context: ServingContext) throws {
        var read = ParameterReader(try QueryItems(request))
        imageID = read.imageID(context.parameter("image_id"))
        version = read.integer("version", in: 1...Int.max)
        variant = VariantQuery.read(from: &read)
        try read.finish()
    }
}

/// `GET /api/v2/images/{image_id}/versions?skip=&limit=`
package struct VersionsRequest: Sendable {
    package var imageID: String
    package var skip: Int
    package var limit: Int

    package init(_ request: Request, _ context: ServingContext) throws {
        var read = ParameterReader(try QueryItems(request))
        imageID = read.imageID(context.parameter("image_id"))
        skip = read.integer("skip", in: 0...Int.max) ?? 0
        limit = read.integer("limit", in: 1...ProtocolLimits.pageLimitMax) ?? ProtocolLimits.pageLimitMax
        try read.finish()
    }
}

/// `PATCH /api/v2/images/{image_id}`: any of `name`, `type`, `subtype`, `theme`.
package struct ChangeRequest: Sendable {
    package var change: UpdateImage

    /// - Parameter body: what the request's JSON is.
    package init(imageID: String, body: JSONValue) throws(ValidationFailure) {
        guard let members = body.object else { throw ValidationFailure([FieldError(["body"], .notObject)]) }
        var errors: [FieldError] = []
        func text(_ name: String) -> String? {
            guard let value = members[name] else { return nil }
            do throws(FieldFault) {
                guard let raw = value.string else { throw .notText }
                return try FieldText.trimmed(raw)
            } catch {
                errors.append(FieldError(["body", name], error))
                return nil
            }
        }
        change = UpdateImage(
            imageID: imageID,
            name: text("name"),
            type: text("type"),
            subtype: text("subtype"),
            theme: text("theme")
        )
        if errors.isEmpty, UploadFields.labels.allSatisfy({ members[$0] == nil }) {
            errors.append(FieldError(["body"], .nothingToChange))
        }
        if !errors.isEmpty { throw ValidationFailure(errors) }
    }
}
