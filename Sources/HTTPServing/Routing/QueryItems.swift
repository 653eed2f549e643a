import Hummingbird

/// The query of a request as a form: `name=value` pairs, percent-decoded, `+` for a space, in order.
public struct QueryItems: Sendable, Equatable {
    /// One pair; a name without `=` has an empty value.
    public struct Item: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public let items: [Item]

    /// Reads the request's query. Throws 400 `MALFORMED_REQUEST` where it is not percent-encoded UTF-8.
    public init(_ request: Request) throws(APIError) {
        try self.init(query: request.uri.query ?? "")
    }

    /// Reads a query, without its question mark.
    public init(query: String) throws(APIError) {
        var items: [Item] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentDecoding.decode(parts[0], plusIsSpace: true),
                let value = PercentDecoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw .malformedRequest("The query is not percent-encoded UTF-8.") }
            items.append(Item(name: name, value: value))
        }
        self.items = items
    }

    /// The values of this name, in order.
    public func values(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }

    /// The first value of this name.
    public subscript(name: String) -> String? {
        items.first { $0.name == name }?.value
    }
}
