import HubProtocol
import NIOHTTP1

/// Where the asset API is, and what every request to it carries.
package struct AssetServer: Sendable {
    private let baseURL: @Sendable () -> String?
    private let token: String?

    /// - Parameters:
    ///   - baseURL: where storage is now, without a slash at its end; `nil` while nobody knows.
    ///   - token: sent as bearer token (`STORAGE_SERVICE_TOKEN`).
    package init(baseURL: @escaping @Sendable () -> String?, token: String?) {
        self.baseURL = baseURL
        self.token = token
    }

    /// A request for a path of the API. Throws where nobody knows whom to ask.
    func request(_ method: HTTPMethod, path: String, for call: StorageCall) throws(StorageTrouble) -> AssetRequest {
        request(method, url: try base() + path, for: call)
    }

    /// A request for the bytes of a record. Throws where its URL leads away from storage, too.
    func request(
        _ method: HTTPMethod,
        _ content: ImageContent,
        for call: StorageCall
    ) throws(StorageTrouble) -> AssetRequest {
        guard let url = AssetLocation.url(of: content, base: try base()) else {
            throw .invalidResponse("the record's url leads away from storage")
        }
        return request(method, url: url, for: call)
    }

    private func base() throws(StorageTrouble) -> String {
        guard let base = baseURL() else { throw .unavailable("nobody knows where storage is") }
        return base
    }

    private func request(_ method: HTTPMethod, url: String, for call: StorageCall) -> AssetRequest {
        var request = AssetRequest(method: method, url: url)
        if !call.operationID.isEmpty { request.headers.add(name: "X-Operation-ID", value: call.operationID) }
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let trace = call.trace {
            request.headers.add(name: "traceparent", value: trace.traceparent)
            if let tracestate = trace.tracestate { request.headers.add(name: "tracestate", value: tracestate) }
        }
        return request
    }
}
