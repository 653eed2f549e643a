import HTTPTypes
import Hummingbird
import Logging

/// Gives every request an id: the client's `X-Request-ID` where that is fit to be logged, else a fresh one.
/// The answer carries it, and by ``RequestNotes`` every log line of the request.
public struct RequestIDMiddleware: RouterMiddleware {
    public typealias Context = ServingContext

    /// The longest id that is taken from a client.
    public static let lengthMax = 128

    private let makeID: @Sendable () -> String

    /// - Parameter makeID: makes a fresh id; by default 128 random bits in hex.
    public init(makeID: @escaping @Sendable () -> String = RequestIDMiddleware.randomID) {
        self.makeID = makeID
    }

    public func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = Self.id(in: request.headers) ?? makeID()
        let notes = RequestNotes(("request_id", context.requestID))
        var response = try await RequestNotes.$current.withValue(notes) { try await next(request, context) }
        response.headers[.xRequestID] = context.requestID
        return response
    }

    /// The id that a client gave its request; `nil` where it gave none that is fit.
    static func id(in fields: HTTPFields) -> String? {
        fields[.xRequestID].flatMap { isValid($0) ? $0 : nil }
    }

    /// Visible ASCII, 1…``lengthMax`` characters: nothing that breaks a log line.
    static func isValid(_ id: String) -> Bool {
        (1...lengthMax).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// 128 random bits in hex.
    public static func randomID() -> String { RandomDigits.hex(RandomDigits.number(), RandomDigits.number()) }
}

extension HTTPField.Name {
    /// `X-Request-ID`
    public static let xRequestID: HTTPField.Name = {
        guard let name = HTTPField.Name("X-Request-ID") else { preconditionFailure("Cannot name X-Request-ID") }
        return name
    }()
}
