import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON

/// How images are shown: as JSON with URLs that the client can use, under their entity tag.
package struct ImagePresenter: Sendable {
    private let address: @Sendable () -> PublicURL

    /// - Parameter address: asked for every answer, because the bound port is known only once the service listens.
    package init(address: @escaping @Sendable () -> PublicURL) { self.address = address }

    /// What URLs in the answer to this request start with.
    package func publicURL(for request: Request) -> String { address().text(requestHost: request.head.authority) }

    /// An absolute path as clients have to write it.
    package func path(_ path: String) -> String { address().pathPrefix + path }

    package func json(_ record: ImageRecord, for request: Request) -> JSONValue {
        ImageView(record, publicURL: publicURL(for: request)).json
    }

    package func answer(_ record: ImageRecord, to request: Request, status: HTTPResponse.Status = .ok) -> Response {
        JSONResponse(json(record, for: request), status: status, headers: headers(record)).response
    }

    package func notModified(_ record: ImageRecord) -> Response {
        Response(status: .notModified, headers: headers(record))
    }

    /// A record changes at any time, so caches have to ask; its entity tag makes asking cheap.
    private func headers(_ record: ImageRecord) -> HTTPFields {
        [.eTag: RecordTag(record).entityTag.description, .cacheControl: "no-cache"]
    }
}

extension HTTPField.Name {
    static let link = named("Link")
    static let xTotalCount = named("X-Total-Count")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("Cannot name \(text)") }
        return name
    }
}
