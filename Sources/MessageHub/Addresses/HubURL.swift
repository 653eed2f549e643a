/// Where a hub is: one or several AMQP URIs, comma-separated, that are tried in turn.
///
///     let url = try HubURL("amqp://user:secret@hub-1:5672/vhost,amqps://hub-2?heartbeat=10")
///     url.endpoints.count   // 2
///     url.description       // amqp://hub-1:5672/vhost,amqps://hub-2:5671/%2F
///
/// The form is RabbitMQ's URI specification, which builds on RFC 3986. No description of it holds a password.
public struct HubURL: Sendable, Hashable, CustomStringConvertible {
    /// At least one.
    public let endpoints: [HubEndpoint]

    /// The most that one setting may hold.
    public static let endpointsMax = 16

    public init(_ text: String) throws(HubURLError) {
        let parts = HubURL.split(text)
        guard parts.count <= HubURL.endpointsMax else {
            throw HubURLError(index: HubURL.endpointsMax, problem: "there are more than \(HubURL.endpointsMax) URLs")
        }
        var endpoints: [HubEndpoint] = []
        for (index, part) in parts.enumerated() {
            var parser = HubURLParser(part)
            do {
                endpoints.append(try parser.parse())
            } catch {
                throw HubURLError(index: index, problem: error.problem)
            }
        }
        self.endpoints = endpoints
    }

    public init(_ endpoint: HubEndpoint) { endpoints = [endpoint] }

    public var description: String { endpoints.map(\.description).joined(separator: ",") }

    /// A comma separates only where another URL begins behind it: RFC 3986 §3.2.1 lets a password hold commas.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        var from = rest.startIndex
        while let comma = rest[from...].firstIndex(of: ",") {
            let behind = rest[rest.index(after: comma)...].trimmingSpaces
            if behind.isEmpty || behind.startsWithScheme {
                parts.append(rest[..<comma].trimmingSpaces)
                rest = behind
                from = rest.startIndex
            } else {
                from = rest.index(after: comma)
            }
        }
        parts.append(rest.trimmingSpaces)
        return parts
    }
}

/// A text that is no hub URL. The text itself stays out of it, because it may hold a password.
public struct HubURLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which of several URLs, from 0.
    public let index: Int
    /// What is wrong, as a sentence without a full stop.
    public let problem: String

    public var description: String { index == 0 ? problem : "URL \(index + 1): \(problem)" }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var trimmed = self
        while trimmed.first == " " { trimmed.removeFirst() }
        while trimmed.last == " " { trimmed.removeLast() }
        return trimmed
    }

    /// Whether letters and then `://` stand at the beginning.
    fileprivate var startsWithScheme: Bool {
        drop { $0.isASCII && $0.isLetter }.starts(with: "://") && first != ":"
    }
}
