import HTTPServing
import HubSim
import JSON
import SimulatorAdmin

/// A condition of the hub as it is read from JSON: one member, whose name says what is waited for.
///
///     {"queue": "q"}                                          the queue is there
///     {"exchange": "e"}                                       the exchange is there
///     {"bound": {"queue": "q", "exchange": "e", "routing_key": "k"}}
///     {"consumers": {"queue": "q", "at_least": 1}}            likewise ready, unacknowledged, acknowledged, published
///     {"empty": "q"}                                          nothing is in it, ready or unacknowledged
///     {"consumer": {"queue": "q", "tag": "t"}}                a consumer of this tag is on the queue
///     {"connections": 0}                                      exactly so many are open
///     {"connection": "name"}                                  one of this name is open
///     {"returned": {"at_least": 1}}                           so many messages were given back
///     {"channel_closed": {"code": 404, "at_least": 1}}        so many were closed with this code; likewise
///                                                             connection_closed
///
/// Every object takes `vhost`; `"q"` alone is short for `{"queue": "q"}`, or `{"exchange": "q"}`.
struct ConditionReader {
    /// What is waited for, and where to look if it does not come.
    struct Read: Sendable {
        let condition: HubCondition
        /// Vhost and name of the queue that it is about.
        let queue: (vhost: String, name: String)?
    }

    static let names = [
        "queue", "exchange", "bound", "consumers", "ready", "unacknowledged", "acknowledged", "published", "empty",
        "consumer", "connections", "connection", "returned", "channel_closed", "connection_closed",
    ]

    /// What a condition is told by. Anything else is a slip of the pen, and would hold for what nobody asked.
    static func members(of name: String) -> Set<String> {
        switch name {
        case "connections": ["exactly"]
        case "connection": ["name"]
        case "returned": ["at_least"]
        case "channel_closed", "connection_closed": ["code", "at_least"]
        case "exchange": ["exchange", "vhost"]
        case "bound": ["queue", "exchange", "routing_key", "vhost"]
        case "consumer": ["queue", "tag", "vhost"]
        case "queue", "empty": ["queue", "vhost"]
        default: ["queue", "at_least", "vhost"]
        }
    }

    /// Where a condition is read from, for the places of its mistakes.
    enum Source {
        case body
        /// The members stand side by side there.
        case query

        func place(_ path: String) -> [String] {
            switch self {
            case .body: ["body", path]
            // Of the name of the condition, else of the member.
            case .query: ["query", path.split(separator: ".").dropFirst(2).last.map(String.init) ?? "condition"]
            }
        }

        func mistake(_ path: String, _ message: String) -> APIError { .validation([(place(path), message)]) }
    }

    /// Throws 422 with each mistake's place.
    static func read(_ json: JSONValue, in source: Source = .body) throws(APIError) -> Read {
        guard let members = json.object, members.count == 1, let (name, value) = members.first else {
            throw source.mistake("condition", "must be an object with one of \(names.joined(separator: ", "))")
        }
        guard names.contains(name) else {
            throw source.mistake("condition.\(name)", "is none of \(names.joined(separator: ", "))")
        }
        if name == "connections" {
            guard let count = value.integer, (0...1_000_000).contains(count) else {
                throw source.mistake("condition.connections", "must be a whole number")
            }
            return Read(condition: .connections(Int(count)), queue: nil)
        }
        let main = ["exchange": "exchange", "connection": "name"][name] ?? "queue"
        let object = value.string.map { [main: JSONValue.string($0)] } ?? value.object
        guard let object else {
            throw source.mistake("condition.\(name)", "must be an object or a name, not \(value.kind)")
        }
        let known = Self.members(of: name)
        if let unknown = object.keys.sorted().first(where: { !known.contains($0) }) {
            throw source.mistake(
                "condition.\(name).\(unknown)",
                "is none of \(known.sorted().joined(separator: ", "))"
            )
        }
        var fields = FieldReader(object, path: "condition.\(name).")
        let read = read(name, &fields)
        do {
            try fields.finish()
        } catch {
            throw .validation(error.problems.map { (source.place($0.path), $0.message) })
        }
        return read
    }

    private static func read(_ name: String, _ fields: inout FieldReader) -> Read {
        func atLeast() -> Int { fields.optionalInteger("at_least", in: 0...Int.max) ?? 1 }
        let vhost = fields.optionalString("vhost", length: 1...255) ?? "/"
        switch name {
        case "exchange":
            return Read(condition: .exchange(fields.string("exchange", length: 1...255), vhost: vhost), queue: nil)
        case "connection":
            return Read(condition: .connection(named: fields.string("name", length: 0...1000)), queue: nil)
        case "returned": return Read(condition: .returned(atLeast: atLeast()), queue: nil)
        case "channel_closed":
            return Read(
                condition: .channelClosed(code: fields.integer("code", in: 200...599), atLeast: atLeast()),
                queue: nil
            )
        case "connection_closed":
            return Read(
                condition: .connectionClosed(code: fields.integer("code", in: 200...599), atLeast: atLeast()),
                queue: nil
            )
        default: break
        }
        let queue = fields.string("queue", length: 1...255)
        let place = (vhost: vhost, name: queue)
        if name == "bound" {
            let exchange = fields.string("exchange", length: 1...255)
            let key = fields.optionalString("routing_key", length: 0...255) ?? ""
            return Read(
                condition: .bound(queue: queue, exchange: exchange, routingKey: key, vhost: vhost),
                queue: place
            )
        }
        let condition: HubCondition =
            switch name {
            case "consumers": .consumers(on: queue, atLeast: atLeast(), vhost: vhost)
            case "ready": .ready(in: queue, atLeast: atLeast(), vhost: vhost)
            case "unacknowledged": .unacknowledged(from: queue, atLeast: atLeast(), vhost: vhost)
            case "acknowledged": .acknowledged(from: queue, atLeast: atLeast(), vhost: vhost)
            case "published": .published(to: queue, atLeast: atLeast(), vhost: vhost)
            case "empty": .empty(queue, vhost: vhost)
            case "queue": .queue(queue, vhost: vhost)
            case "consumer": .consumer(fields.string("tag", length: 1...255), on: queue, vhost: vhost)
            default: preconditionFailure("Cannot read a condition that is not among the names: \(name)")
            }
        return Read(condition: condition, queue: place)
    }
}
