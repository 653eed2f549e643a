import HTTPServing
import HTTPTypes
import Hummingbird
import JSON

extension StorageMode {
    /// Mistakes in serving an asset.
    static let ofDownloads: [StorageMode] = [
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
            "if-none-match-is-one-tag",
            breaks: "AST-GET-011",
            "Compares `If-None-Match` with the `ETag` as text: a list with it is another.",
            AlteredAnswers { exchange, faultless in
                let isList = exchange.request.headers[.ifNoneMatch]?.contains(",") == true
                return try await faultless(isList ? exchange.without(.ifNoneMatch) : exchange)
            }
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
            "range-outside-without-code",
            breaks: "AST-GET-012",
            "Answers a range that lies outside with 416 and no body, as a file server does.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isAboutAsset, response.status == .rangeNotSatisfiable else { return response }
                return Response(status: .rangeNotSatisfiable)
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
    ]
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
