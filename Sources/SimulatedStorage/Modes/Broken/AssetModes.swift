import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import NIOCore
import Synchronization

extension StorageMode {
    /// Mistakes of the asset API.
    static let ofAssets: [StorageMode] = [
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
        .broken(
            "content-type-is-forgotten",
            breaks: "AST-GET-001",
            "Serves every asset as `application/octet-stream`.",
            AlteredAnswers { exchange, faultless in
                var response = try await faultless(exchange)
                if exchange.isRead, response.status.kind == .successful {
                    response.headers[.contentType] = "application/octet-stream"
                }
                return response
            }
        ),
        .broken(
            "head-is-not-allowed",
            breaks: "AST-GET-002",
            "Answers `HEAD` with 405.",
            AlteredAnswers { exchange, faultless in
                guard exchange.isAboutAsset, exchange.request.method == .head else {
                    return try await faultless(exchange)
                }
                return APIError(.methodNotAllowed, "METHOD_NOT_ALLOWED", "Use GET.", headers: [.allow: "GET"]).response
            }
        ),
        .broken(
            "head-without-length",
            breaks: "AST-GET-002",
            "Answers `HEAD` with a `Content-Length` of 0.",
            AlteredAnswers { exchange, faultless in
                var response = try await faultless(exchange)
                if exchange.isAboutAsset, exchange.request.method == .head { response.headers[.contentLength] = "0" }
                return response
            }
        ),
        .broken(
            "weak-etag",
            breaks: "AST-GET-003",
            "Serves a weak `ETag`, as its web framework makes them.",
            AlteredAnswers { exchange, faultless in
                var response = try await faultless(exchange)
                if exchange.isAboutAsset, let tag = response.headers[.eTag] { response.headers[.eTag] = "W/" + tag }
                return response
            }
        ),
        .broken(
            "no-etag",
            breaks: "AST-GET-003",
            "Serves no `ETag`.",
            AlteredAnswers { exchange, faultless in
                var response = try await faultless(exchange)
                if exchange.isAboutAsset { response.headers[.eTag] = nil }
                return response
            }
        ),
        .broken(
            "if-none-match-is-ignored",
            breaks: "AST-GET-004",
            "Sends the bytes again to who has them already.",
            WithoutField(.ifNoneMatch)
        ),
        .broken(
            "range-is-ignored",
            breaks: "AST-GET-005",
            "Answers a range with 200 and the whole.",
            WithoutField(.range)
        ),
        .broken(
            "range-is-a-byte-short",
            breaks: "AST-GET-005",
            "Takes the last byte of a range for the first one after it.",
            AlteredAnswers { exchange, faultless in
                try await faultless(exchange.changing { $0[.range] = $0[.range]?.withShorterRange })
            }
        ),
        .broken(
            "range-outside-is-the-whole",
            breaks: "AST-GET-005",
            "Answers a range that lies outside with 200 and the whole.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isAboutAsset, response.status == .rangeNotSatisfiable else { return response }
                return try await faultless(exchange.without(.range))
            }
        ),
        .broken(
            "missing-asset-without-code",
            breaks: "AST-GET-007",
            "Answers 404 with its framework's own body, `{\"detail\": \"Not Found\"}`.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isRead, response.status == .notFound else { return response }
                return JSONResponse(["detail": "Not Found"], status: .notFound).response
            }
        ),
        .broken(
            "delete-keeps-the-asset",
            breaks: "AST-DEL-001",
            "Answers `DELETE` with 204 and leaves the bytes to a job that never runs.",
            AlteredAnswers { exchange, faultless in
                guard exchange.isAboutAsset, exchange.request.method == .delete,
                    let (asset, _) = try await exchange.core.assets.get(exchange.name), asset.references == 0
                else { return try await faultless(exchange) }
                return Response(status: .noContent)
            }
        ),
        .broken(
            "delete-removes-what-is-in-use",
            breaks: "AST-DEL-002",
            "Removes an asset that a version refers to.",
            AssetsGo(.whenDeletedInUse)
        ),
        .broken(
            "delete-of-nothing-is-204",
            breaks: "AST-DEL-003",
            "Answers `DELETE` of an asset that is not there with 204.",
            StatusChange(of: .delete, from: .notFound, to: .noContent)
        ),
        .broken(
            "no-health",
            breaks: "AST-HEA-001",
            "Has no route `/health`.",
            AlteredAnswers { exchange, faultless in
                guard exchange.path == "/health" else { return try await faultless(exchange) }
                return APIError(.notFound, "NOT_FOUND", "There is no such route.").response
            }
        ),
        .broken(
            "shared-asset-goes-with-one-image",
            breaks: "AST-COL-001",
            "Removes an image's asset with the image, though another image refers to it.",
            AssetsGo(.withAnyImage)
        ),
        .broken(
            "asset-goes-with-its-last-image",
            breaks: "AST-COL-002",
            "Removes an asset at once when the last image that refers to it is deleted.",
            AssetsGo(.withLastImage)
        ),
        .broken(
            "token-is-not-checked",
            breaks: "AST-SEC-001",
            "Is given a token and asks nobody for it.",
            TokenIsNotChecked()
        ),
        .broken(
            "unknown-headers-are-400",
            breaks: "AST-HTT-003",
            "Refuses a request with a header `X-…` that it does not know.",
            AlteredAnswers { exchange, faultless in
                let isUnknown = exchange.request.headers.contains { field in
                    field.name.canonicalName.hasPrefix("x-") && !knownHeaders.contains(field.name.canonicalName)
                }
                guard exchange.isAboutAsset, isUnknown else { return try await faultless(exchange) }
                return APIError(.badRequest, "MALFORMED_REQUEST", "There is an unknown header.").response
            }
        ),
        .broken(
            "needs-content-length",
            breaks: "AST-HTT-004",
            "Refuses a `PUT` without `Content-Length` with 411.",
            AlteredAnswers { exchange, faultless in
                guard exchange.isPut, exchange.request.headers[.contentLength] == nil else {
                    return try await faultless(exchange)
                }
                return APIError(.lengthRequired, "MALFORMED_REQUEST", "Say how long the body is.").response
            }
        ),
        .broken(
            "errors-as-plain-text",
            breaks: "AST-ERR-001",
            "Answers errors with a line of text.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isAboutAsset, response.status.code >= 400 else { return response }
                return Response(
                    status: response.status,
                    headers: [.contentType: "text/plain"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: response.status.reasonPhrase))
                )
            }
        ),
        .broken(
            "unknown-paths-are-200",
            breaks: "AST-ERR-002",
            "Answers a path that it does not know with 200 and a page.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.context.route == nil, response.status == .notFound else { return response }
                return Response(
                    status: .ok,
                    headers: [.contentType: "text/html"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: "<html></html>"))
                )
            }
        ),
        .broken(
            "wrong-method-is-404",
            breaks: "AST-ERR-003",
            "Answers a method that a path does not have with 404.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard response.status == .methodNotAllowed else { return response }
                return APIError(.notFound, "NOT_FOUND", "There is no such route.").response
            }
        ),
        .broken(
            "empty-assets-are-taken",
            breaks: "AST-PUT-009",
            "Answers a `PUT` without bytes with 201.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                let (answer, body) = try await response.collected()
                let json = try? JSONValue(parsing: Array(body.readableBytesView))
                guard exchange.isPut, json?["error"]?["code"] == "EMPTY_FILE" else { return answer }
                return exchange.receipt(size: 0, isNew: true)
            }
        ),
        .broken(
            "url-that-leads-nowhere",
            breaks: "AST-PUT-010",
            "Answers a `PUT` with a `url` under which there is nothing: the place on its own disk.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isPut, response.status.kind == .successful else { return response }
                return try await response.changingBody { $0["url"] = .string("/var/lib/storage/" + exchange.name) }
            }
        ),
        .broken(
            "puts-at-the-same-time-collide",
            breaks: "AST-PUT-011",
            "Answers a `PUT` with 500 while another of the same asset is under way.",
            PutsCollide()
        ),
        .broken(
            "if-range-is-ignored",
            breaks: "AST-GET-008",
            "Answers a range though `If-Range` names another `ETag`.",
            WithoutField(.ifRange)
        ),
        .broken(
            "bad-names-are-400",
            breaks: "AST-GET-009",
            "Answers `GET` of a name that is no digest with 400.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isRead, response.status == .notFound, !AssetName.isValid(exchange.name) else {
                    return response
                }
                return APIError(.badRequest, "MALFORMED_REQUEST", "This is no digest.").response
            }
        ),
        .broken(
            "get-without-length",
            breaks: "AST-GET-010",
            "Serves assets in chunks, without `Content-Length`.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isRead, response.status == .ok else { return response }
                let (whole, bytes) = try await response.collected()
                var headers = whole.headers
                headers[.contentLength] = nil
                return Response(
                    status: whole.status,
                    headers: headers,
                    body: ResponseBody { writer in
                        try await writer.write(bytes)
                        try await writer.finish(nil)
                    }
                )
            }
        ),
        .broken(
            "assets-are-seen-later",
            breaks: "AST-CON-001",
            "Serves an asset from a replica that has it 300 milliseconds after the `PUT`.",
            AssetsAreSeenLater()
        ),
        .broken(
            "assets-of-1-mib-at-most",
            breaks: "HUB-LIM-005",
            "Refuses assets of more than 1 MiB.",
            AlteredAnswers { exchange, faultless in
                let length = exchange.request.headers[.contentLength].flatMap { Int($0) } ?? 0
                guard exchange.isPut, length > 1 << 20 else { return try await faultless(exchange) }
                return APIError.fileTooLarge(bytesMax: 1 << 20).response
            }
        ),
        .broken(
            "health-needs-the-token",
            breaks: "AST-SEC-002",
            "Asks for the token on `/health` as well.",
            HealthNeedsToken()
        ),
    ]
}

// MARK: - Answers

/// Another status for one kind of request; the body stays, where the status has one.
private struct StatusChange: Conduct {
    let method: HTTPRequest.Method
    let former: HTTPResponse.Status
    let status: HTTPResponse.Status

    init(of method: HTTPRequest.Method, from former: HTTPResponse.Status, to status: HTTPResponse.Status) {
        self.method = method
        self.former = former
        self.status = status
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        var response = try await faultless(exchange)
        guard exchange.isAboutAsset, exchange.request.method == method, response.status == former else {
            return response
        }
        if status == .noContent { return Response(status: .noContent) }
        response.status = status
        return response
    }
}

/// An error in the place of another answer.
private struct ErrorChange: Conduct {
    let method: HTTPRequest.Method
    let former: HTTPResponse.Status
    let error: APIError

    init(
        of method: HTTPRequest.Method,
        from former: HTTPResponse.Status,
        to status: HTTPResponse.Status,
        _ code: String
    ) {
        self.method = method
        self.former = former
        error = APIError(status, code, "The request failed.")
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        let response = try await faultless(exchange)
        let isMeant = exchange.isAboutAsset && exchange.request.method == method && response.status == former
        return isMeant ? error.response : response
    }
}

/// A field of the request's header is not looked at.
private struct WithoutField: Conduct {
    let field: HTTPField.Name

    init(_ field: HTTPField.Name) { self.field = field }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        try await faultless(exchange.without(field))
    }
}

private struct TokenIsNotChecked: Conduct {
    func token(_ token: String?) -> String? { nil }
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

// MARK: - What is kept

/// Bytes that are served though they are no asset.
private final class SideShelf: Sendable {
    private struct Item {
        let bytes: ByteBuffer
        let contentType: String
    }

    /// Items at once; the oldest goes.
    private let items = RecentNotes<Item>(countMax: 100)

    func keep(_ bytes: ByteBuffer, of exchange: AssetExchange) {
        let type = exchange.request.headers[.contentType] ?? "application/octet-stream"
        items.note(Item(bytes: bytes, contentType: type), for: exchange.name)
    }

    func answer(_ exchange: AssetExchange) throws(APIError) -> Response? {
        guard exchange.isRead, let item = items[exchange.name] else { return nil }
        return try ByteContent(
            bytes: item.bytes,
            contentType: item.contentType,
            entityTag: EntityTag(exchange.name)
        ).response(to: exchange.request)
    }
}

private final class DigestsAreNotVerified: Conduct {
    private let shelf = SideShelf()

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        if let response = try shelf.answer(exchange) { return response }
        guard exchange.isPut, AssetName.isValid(exchange.name) else { return try await faultless(exchange) }
        let (collected, body) = try await exchange.collected()
        let response = try await faultless(collected)
        guard response.status == .badRequest, body.readableBytes > 0 else { return response }
        shelf.keep(body, of: exchange)
        return exchange.receipt(size: body.readableBytes, isNew: true)
    }
}

private final class HalfAnUploadIsKept: Conduct {
    private let shelf = SideShelf()

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        if exchange.isRead {
            let response = try await faultless(exchange)
            return response.status == .notFound ? try shelf.answer(exchange) ?? response : response
        }
        guard exchange.isPut, AssetName.isValid(exchange.name) else { return try await faultless(exchange) }
        var bytes = ByteBuffer()
        do {
            for try await var chunk in try BodyReader(exchange.request, bytesMax: exchange.core.assets.assetBytesMax) {
                bytes.writeBuffer(&chunk)
            }
        } catch {
            if bytes.readableBytes > 0 { shelf.keep(bytes, of: exchange) }
            throw error
        }
        return try await faultless(exchange.with(bytes))
    }
}

/// Assets that are gone for all who ask, though the store has them.
private final class AssetsGo: Conduct {
    enum Occasion {
        /// A `DELETE` comes, whoever refers to it.
        case whenDeletedInUse
        /// An image that refers to it is deleted, whoever else does.
        case withAnyImage
        /// The last image that refers to it is deleted.
        case withLastImage
    }

    private let occasion: Occasion
    private let gone = RecentNotes<Bool>()

    init(_ occasion: Occasion) { self.occasion = occasion }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .deleteImage, let id = question.imageID, occasion != .whenDeletedInUse else {
            return try question.decide()
        }
        let versions = try question.reader.versions(of: id, skip: 0, limit: ProtocolLimits.pageLimitMax)
        let decision = try question.decide()
        guard decision.isSuccess else { return decision }
        let names = versions.compactMap(\.content.sha256)
        for name in Set(names) {
            guard let asset = try question.reader.asset(name) else { continue }
            let isShared = asset.references > names.count { $0 == name }
            if isShared == (occasion == .withAnyImage) { gone.note(true, for: name) }
        }
        return decision
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        guard exchange.isAboutAsset else { return try await faultless(exchange) }
        if gone[exchange.name] != nil {
            guard exchange.isPut else {
                return APIError(.notFound, "ASSET_NOT_FOUND", "There is no asset with this name.").response
            }
            let response = try await faultless(exchange)
            if response.status.kind == .successful { gone.update(exchange.name) { $0 = nil } }
            return response
        }
        let response = try await faultless(exchange)
        guard occasion == .whenDeletedInUse, exchange.request.method == .delete, response.status == .conflict else {
            return response
        }
        gone.note(true, for: exchange.name)
        return Response(status: .noContent)
    }
}

extension AssetExchange {
    var isPut: Bool { isAboutAsset && request.method == .put }

    /// The same request without a field of its header.
    func without(_ field: HTTPField.Name) -> AssetExchange {
        changing { $0[field] = nil }
    }

    /// The answer to a `PUT` that has kept so many bytes.
    func receipt(size: Int, isNew: Bool) -> Response {
        JSONResponse(
            ["url": .string(AssetName.path(of: name)), "sha256": .string(name), "size": .integer(Int64(size))],
            status: isNew ? .created : .ok
        ).response
    }
}

extension String {
    /// A single range (RFC 9110 §14.1.2) that ends a byte earlier; others stay.
    fileprivate var withShorterRange: String {
        let parts = split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let last = Int(parts[1]), last > 0, parts[0].contains("="),
            let first = Int(parts[0].drop { $0 != "=" }.dropFirst()), first < last
        else { return self }
        return "\(parts[0])-\(last - 1)"
    }
}

/// What the asset API itself, its clients and its fault injection know.
private let knownHeaders: Set<String> = ["x-operation-id", "x-request-id", "x-sim-namespace"]

private final class PutsCollide: Conduct {
    private let underWay = RecentNotes<Bool>()

    /// How long writing takes at least.
    private static let pause = Duration.milliseconds(100)

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        guard exchange.isPut else { return try await faultless(exchange) }
        let name = exchange.name
        let isFirst = underWay.update(name) { isUnderWay in
            defer { isUnderWay = true }
            return isUnderWay == nil
        }
        guard isFirst else {
            return APIError(.internalServerError, "INTERNAL_ERROR", "The file exists.").response
        }
        defer { underWay.update(name) { $0 = nil } }
        let response = try await faultless(exchange)
        // Over HTTP a mode has no other clock than the machine's.
        try await Task.sleep(for: Self.pause)
        return response
    }
}

private final class AssetsAreSeenLater: Conduct {
    private let putAt = RecentNotes<ContinuousClock.Instant>()

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        if exchange.isRead, let time = putAt[exchange.name], ContinuousClock.now - time < .milliseconds(300) {
            return APIError(AssetError.notFound).response
        }
        let response = try await faultless(exchange)
        if exchange.isPut, response.status == .created { putAt.note(ContinuousClock.now, for: exchange.name) }
        return response
    }
}

private final class HealthNeedsToken: Conduct {
    private let hasToken = Mutex(false)

    func token(_ token: String?) -> String? {
        hasToken.withLock { $0 = token != nil }
        return token
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        let isRefused =
            exchange.path == "/health" && hasToken.withLock({ $0 })
            && exchange.request.headers[.authorization] == nil
        guard isRefused else { return try await faultless(exchange) }
        return APIError(.unauthorized, "UNAUTHORIZED", "This request needs the storage token.").response
    }
}
