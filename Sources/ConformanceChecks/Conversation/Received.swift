import HubProtocol
import JSON
import MessageHub

/// A message that came from the hub, with its body as JSON where it is JSON.
public struct Received: Sendable {
    public var delivery: HubDelivery
    public var json: JSONValue?
    /// Since the run began.
    public var at: Duration

    var message: HubMessage { delivery.message }

    init(_ delivery: HubDelivery, at: Duration) {
        self.delivery = delivery
        self.at = at
        // A body that is no JSON is looked at as what it is.
        json = try? JSONValue(parsing: delivery.message.body)
    }

    /// `operation_id` of the body, where it is a string.
    var operationID: String? { json?["operation_id"]?.string }
    var status: String? { json?["status"]?.string }
    var code: String? { json?["error"]?["code"]?.string }
    /// Whether it reads as a success with data.
    var isSuccess: Bool { status == "success" && json?["data"]?.object != nil }
    var data: JSONValue { json?["data"] ?? .null }
}
