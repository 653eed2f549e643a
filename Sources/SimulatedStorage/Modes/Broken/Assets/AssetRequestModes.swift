import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore

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

/// What the asset API itself, its clients and its fault injection know.
private let knownHeaders: Set<String> = ["x-operation-id", "x-request-id", "x-sim-namespace"]
