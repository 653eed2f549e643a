/// A request to the asset API, as raw as a check needs it.
public struct AssetRequest: Sendable, Hashable {
    public var method: String
    /// Below the base URL, or a whole URL.
    public var path: String
    public var headers: [String: String]
    public var body: [UInt8]?
    /// The connection is broken off after so many bytes of the body, of which the head promised all.
    public var breakOffAfter: Int?
    /// Whether the token goes with it, where there is one.
    public var hasToken: Bool

    public init(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: [UInt8]? = nil,
        breakOffAfter: Int? = nil,
        hasToken: Bool = true
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.breakOffAfter = breakOffAfter
        self.hasToken = hasToken
    }
}

/// The answer to it.
public struct AssetAnswer: Sendable, Hashable {
    public var status: Int
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The asset API could not be asked: nobody listens, the connection broke, the time was over.
public struct AssetTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String
    /// Whether there was no connection, so that the request has not been sent.
    public var isUnreachable: Bool

    public init(_ description: String, isUnreachable: Bool = false) {
        self.description = description
        self.isUnreachable = isUnreachable
    }
}

/// A way to send requests over HTTP; which client is behind it does not matter here.
public protocol AssetTransport: Sendable {
    /// Sends a request and reads the answer whole, of at most `bytesMax` bytes of body.
    ///
    /// - Parameter url: absolute.
    func send(
        _ request: AssetRequest,
        to url: String,
        token: String?,
        timeoutMs: Int,
        bytesMax: Int
    )
        async throws(AssetTrouble) -> AssetAnswer
}
