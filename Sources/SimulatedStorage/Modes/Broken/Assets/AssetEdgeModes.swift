import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import NIOCore
import Synchronization

extension StorageMode {
    /// Mistakes that only an unusual request shows: an empty one, two at once, one just after another.
    static let ofAssetEdges: [StorageMode] = [
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
            "url-relative-to-the-request",
            breaks: "AST-HTT-005",
            "Answers a `PUT` with a `url` that leads to the asset from the URL of the `PUT`, and not from the base URL.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isPut, response.status.kind == .successful else { return response }
                return try await response.changingBody { $0["url"] = .string(exchange.name) }
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
