import HTTPServing
import HTTPTypes
import Hummingbird

/// Answers over HTTP otherwise.
struct AlteredAnswers: Conduct {
    typealias Change = @Sendable (AssetExchange, FaultlessAnswer) async throws -> Response

    let change: Change

    init(_ change: @escaping Change) { self.change = change }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        try await change(exchange, faultless)
    }
}

/// Another status for one kind of request; the body stays, where the status has one.
struct StatusChange: Conduct {
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
struct ErrorChange: Conduct {
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
struct WithoutField: Conduct {
    let field: HTTPField.Name

    init(_ field: HTTPField.Name) { self.field = field }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        try await faultless(exchange.without(field))
    }
}
