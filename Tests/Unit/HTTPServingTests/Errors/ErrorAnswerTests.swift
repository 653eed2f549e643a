import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import TestSupport
import Testing

/// What is thrown, and what the client is told.
@Suite(.timeLimit(.minutes(5)))
struct ErrorAnswerTests {
    struct SecretError: Error, CustomStringConvertible {
        var description: String { "password=hunter2" }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let error: any Error
        let status: Int
        let code: String
        var header: (name: String, value: String)?
        var level: Logger.Level = .debug
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "an error of our own",
            error: APIError(
                .conflict,
                "ASSET_IN_USE",
                "In use.",
                details: ["n": 1],
                headers: [.retryAfter: "7"],
                logMessage: "password=hunter2"
            ),
            status: 409,
            code: "ASSET_IN_USE",
            header: ("retry-after", "7")
        ),
        Case(name: "anything", error: SecretError(), status: 500, code: "INTERNAL_ERROR", level: .error),
        Case(
            name: "cancellation",
            error: CancellationError(),
            status: 503,
            code: "OVERLOADED",
            header: ("retry-after", "1"),
            level: .error
        ),
        Case(
            name: "Hummingbird 400",
            error: HTTPError(.badRequest, message: "no"),
            status: 400,
            code: "MALFORMED_REQUEST"
        ),
        Case(name: "Hummingbird 404", error: HTTPError(.notFound), status: 404, code: "NOT_FOUND"),
        Case(name: "Hummingbird 422", error: HTTPError(.unprocessableContent), status: 422, code: "VALIDATION_ERROR"),
        Case(
            name: "Hummingbird 401",
            error: HTTPError(.unauthorized, headers: [.wwwAuthenticate: "Bearer"]),
            status: 401,
            code: "UNAUTHORIZED",
            header: ("www-authenticate", "Bearer")
        ),
        Case(
            name: "Hummingbird 500",
            error: HTTPError(.internalServerError, message: "password=hunter2"),
            status: 500,
            code: "INTERNAL_ERROR",
            level: .error
        ),
        Case(name: "too many bytes", error: NIOTooManyBytesError(maxBytes: 3), status: 413, code: "FILE_TOO_LARGE"),
    ]

    @Test("is answered, and logged with the request's id; the client learns nothing from inside", arguments: cases)
    func answers(_ example: Case) async throws {
        let log = LogRecorder()
        var routes = RouteTable()
        let error = example.error
        routes.get("/throws") { _, _ in throw error }
        let response = try await TestServer.serving(routes, logger: log.logger) { server in
            try await RawClient.connected(to: server.port) { client in
                try await client.exchange("GET /throws HTTP/1.1\r\nHost: x\r\nX-Request-ID: r-1\r\n\r\n")
            }
        }
        try expectError(response, status: example.status, code: example.code)
        #expect(!response.text.contains("hunter2"))
        #expect(response["x-request-id"] == "r-1")
        if let header = example.header { #expect(response[header.name] == header.value) }
        let line = try #require(log.lines.first { $0.message == "Request failed" })
        #expect(line.level == example.level)
        #expect(line.metadata["request_id"] == "r-1")
        #expect(line.metadata["code"] == .string(example.code))
    }

    @Test("what a middleware throws is an answer for those outside of it, and carries their header fields")
    func middleware() async throws {
        struct Refusing: RouterMiddleware {
            func handle(
                _ request: Request,
                context: ServingContext,
                next: (Request, ServingContext) async throws -> Response
            ) async throws -> Response {
                throw APIError(.unauthorized, "UNAUTHORIZED", "No.")
            }
        }
        struct Counting: RouterMiddleware {
            let seen: Flag
            func handle(
                _ request: Request,
                context: ServingContext,
                next: (Request, ServingContext) async throws -> Response
            ) async throws -> Response {
                var response = try await next(request, context)
                if response.status == .unauthorized, context.route == "/hello" { seen.raise() }
                response.headers[.vary] = "Origin"
                return response
            }
        }
        let seen = Flag()
        let response = try await TestServer.connected(middleware: [Counting(seen: seen), Refusing()]) { client in
            try await client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        try expectError(response, status: 401, code: "UNAUTHORIZED")
        #expect(response["vary"] == "Origin")
        #expect(seen.isRaised)
    }

    @Test("the body has the shape of the contract")
    func shape() throws {
        let error = APIError(.notFound, "IMAGE_NOT_FOUND", "There is no image with this id.", details: ["id": "7"])
        #expect(
            String(decoding: error.body, as: UTF8.self)
                == #"{"error":{"code":"IMAGE_NOT_FOUND","details":{"id":"7"},"message":"There is no image with this id."}}"#
        )
    }
}
