import HubProtocol
import JSON
import MessageHub

/// A message that the storage is about to publish.
struct Publication: Sendable {
    enum Kind: Sendable, Hashable {
        case reply, event, announcement
    }

    let kind: Kind
    var message: HubMessage
    var address: HubAddress
    var isMandatory: Bool

    init(_ message: HubMessage, to address: HubAddress, isMandatory: Bool) {
        kind =
            switch message.type {
            case Topology.Key.response: .reply
            case Topology.Key.announce: .announcement
            default: .event
            }
        self.message = message
        self.address = address
        self.isMandatory = isMandatory
    }

    /// The body as JSON; nothing where it is none, as a fault may have it.
    var json: JSONValue? { try? JSONValue(parsing: message.body) }

    /// The operation that a reply or an event tells of.
    var operationID: String? { json?["operation_id"]?.string }

    /// Changes the members of the body. A body that is no object stays.
    mutating func changeBody(_ change: (inout [String: JSONValue]) -> Void) {
        guard var members = json?.object else { return }
        change(&members)
        message.body = JSONValue.object(members).encoded()
    }

    /// Changes every record and every version in the body of a reply or an event.
    mutating func changeRecords(_ change: (inout [String: JSONValue]) -> Void) {
        changeBody { members in
            guard var data = members["data"]?.object else { return }
            if data["metadata"] != nil { change(&data) }
            for key in ["images", "versions"] {
                guard let elements = data[key]?.array else { continue }
                data[key] = .array(
                    elements.map { element in
                        guard var record = element.object else { return element }
                        change(&record)
                        return .object(record)
                    }
                )
            }
            members["data"] = .object(data)
        }
    }
}
