import AMQP
import HTTPServing
import HTTPTypes
import Hummingbird
import JSON

/// An error answer of the management API, in RabbitMQ's shape: `{"error": "Object Not Found", "reason": "Not Found"}`.
struct ManagementError: Error {
    var status: HTTPResponse.Status
    var error: String
    var reason: JSONValue
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ error: String, _ reason: JSONValue, headers: HTTPFields = [:]) {
        self.status = status
        self.error = error
        self.reason = reason
        self.headers = headers
    }

    /// 404: nothing has this address.
    static var notFound: ManagementError { ManagementError(.notFound, "Object Not Found", "Not Found") }

    /// 404: something that the request names is not there.
    static func notFound(_ reason: String) -> ManagementError {
        ManagementError(.notFound, "not_found", .string(reason))
    }

    /// 400.
    static func badRequest(_ reason: JSONValue) -> ManagementError {
        ManagementError(.badRequest, "bad_request", reason)
    }

    /// 401: the user may not do this, whoever it is.
    static var refused: ManagementError { .refused("Access refused.") }

    /// 401: this user may not do this.
    static func refused(_ reason: String) -> ManagementError {
        ManagementError(.unauthorized, "not_authorised", .string(reason))
    }

    /// 401: nobody is logged in, or with a wrong password.
    static var notLoggedIn: ManagementError {
        ManagementError(
            .unauthorized,
            "not_authorised",
            "Login failed",
            headers: [.wwwAuthenticate: "Basic realm=\"RabbitMQ Management\""]
        )
    }

    /// 405: nothing here is asked for like this, but by the methods that are named.
    static func notAllowed(_ methods: String) -> ManagementError {
        ManagementError(
            .methodNotAllowed,
            "method_not_allowed",
            .string("only \(methods)"),
            headers: [.allow: methods]
        )
    }

    /// What the server says of any request that it cannot take.
    init(_ error: APIError) {
        self.init(
            error.status,
            error.status == .badRequest ? "bad_request" : error.code.lowercased(),
            .string(error.message),
            headers: error.headers
        )
    }

    /// What the broker said no with, as RabbitMQ's management passes it on.
    init(_ refusal: ProtocolError) {
        switch refusal.code {
        case .notFound: self = .notFound(refusal.reason)
        case .accessRefused: self = .refused
        default: self = .badRequest(.string(refusal.reason))
        }
    }

    var response: Response {
        JSONResponse(["error": .string(error), "reason": reason], status: status, headers: headers).response
    }
}
