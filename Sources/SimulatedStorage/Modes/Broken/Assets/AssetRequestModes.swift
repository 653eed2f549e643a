import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension StorageMode {
    /// Mistakes in the answer for health.
    static let ofHealth: [StorageMode] = [
        .broken(
            "no-health",
            breaks: "AST-HEA-001",
            "Has no route `/health`.",
            AlteredAnswers { exchange, faultless in
                guard exchange.path == "/health" else { return try await faultless(exchange) }
                return APIError(.notFound, "NOT_FOUND", "There is no such route.").response
            }
        )
    ]

    /// Mistakes in what any request over HTTP meets: the token, fields of its header, errors.
    static let ofAssetRequests: [StorageMode] = [
        .broken(
            "token-is-not-checked",
            breaks: "AST-SEC-001",
            "Is given a token and asks nobody for it.",
            TokenIsNotChecked()
        ),
        .broken(
            "half-the-token-will-do",
            breaks: "AST-SEC-001",
            "Compares the token only as far as the one that is given goes: the beginning will do.",
            TokenIsCheckedOtherwise { exchange, token in
                let given = exchange.request.headers[.authorization] ?? ""
                return given.hasPrefix("Bearer ") && token.hasPrefix(given.dropFirst(7))
            }
        ),
        .broken(
            "head-needs-no-token",
            breaks: "AST-SEC-001",
            "Asks for the token where its framework's routes name the method, and `HEAD` has none of its own.",
            TokenIsCheckedOtherwise { exchange, token in
                exchange.request.method == .head || exchange.request.headers[.authorization] == "Bearer \(token)"
            }
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
    ]
}

private struct TokenIsNotChecked: Conduct {
    func token(_ token: String?) -> String? { nil }
}

/// Has a rule of its own for what the token is.
private final class TokenIsCheckedOtherwise: Conduct {
    private let token = Mutex<String?>(nil)
    private let isRight: @Sendable (AssetExchange, _ token: String) -> Bool

    init(_ isRight: @escaping @Sendable (AssetExchange, _ token: String) -> Bool) { self.isRight = isRight }

    func token(_ token: String?) -> String? {
        self.token.withLock { $0 = token }
        return nil
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        guard exchange.isAboutAsset, let token = token.withLock({ $0 }), !isRight(exchange, token) else {
            return try await faultless(exchange)
        }
        return APIError(.unauthorized, "UNAUTHORIZED", "This request needs the storage token.").response
    }
}

/// What the asset API itself, its clients and its fault injection know.
private let knownHeaders: Set<String> = ["x-operation-id", "x-request-id", "x-sim-namespace"]
