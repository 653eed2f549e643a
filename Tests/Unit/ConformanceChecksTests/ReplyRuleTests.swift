import HubProtocol
import JSON
import MessageHub
import Testing

@testable import ConformanceChecks

@Suite("The rules for every reply") struct ReplyRuleTests {
    private static let id = "e2c56db5-dffb-48d2-b060-d0f5a71096e0"
    private static let success = #"{"operation_id":"\#(id)","status":"success","data":{}}"#

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var question = Question("get_image", id, [:])
        var body = success
        var change: @Sendable (inout HubMessage) -> Void = { _ in }
        /// The checks whose rules are broken.
        var broken: [String] = []
    }

    private static let cases = [
        Case(testDescription: "a right success"),
        Case(testDescription: "a right error", body: error()),
        Case(
            testDescription: "details that are null",
            body: error(#""code":"VALIDATION_ERROR","message":"m","details":null"#)
        ),
        Case(testDescription: "another content_type", change: { $0.contentType = nil }, broken: ["reply.content-type"]),
        Case(testDescription: "no app_id", change: { $0.appID = nil }, broken: ["reply.properties"]),
        Case(testDescription: "no JSON", body: "{", broken: ["reply.success-shape"]),
        Case(
            testDescription: "no status",
            body: #"{"operation_id":"\#(id)","data":{}}"#,
            broken: ["reply.success-shape"]
        ),
        Case(
            testDescription: "data that is an array",
            body: #"{"operation_id":"\#(id)","status":"success","data":[]}"#,
            broken: ["reply.success-shape"]
        ),
        Case(
            testDescription: "an empty message",
            body: error(#""code":"VALIDATION_ERROR","message":"""#),
            broken: ["reply.error-shape"]
        ),
        Case(
            testDescription: "details that are an array",
            body: error(#""code":"VALIDATION_ERROR","message":"m","details":["name"]"#),
            broken: ["reply.error-shape"]
        ),
        Case(
            testDescription: "a code of its own",
            body: error(#""code":"NOPE","message":"m""#),
            broken: ["errors.known-codes"]
        ),
        Case(
            testDescription: "an operation_id in upper case",
            body: #"{"operation_id":"\#(id.uppercased())","status":"success","data":{}}"#,
            broken: ["reply.operation-id"]
        ),
        Case(
            testDescription: "a null operation_id",
            body: #"{"operation_id":null,"status":"success","data":{}}"#,
            broken: ["reply.operation-id"]
        ),
        Case(
            testDescription: "no correlation_id",
            change: { $0.correlationID = nil },
            broken: ["reply.correlation-id"]
        ),
        Case(
            testDescription: "a correlation_id that is composed otherwise",
            question: asked { $0.correlationID = "e\u{301}" },
            change: { $0.correlationID = "\u{E9}" },
            broken: ["reply.correlation-id"]
        ),
        Case(
            testDescription: "no correlation_id either way",
            question: asked { $0.correlationID = nil },
            change: { $0.correlationID = nil },
            broken: ["reply.correlation-id-absent"]
        ),
        Case(
            testDescription: "an operation id that no correlation_id holds",
            question: asked {
                $0.correlationID = nil
                $0.operationID = String(repeating: "ä", count: 255)
            },
            body: #"{"operation_id":"\#(String(repeating: "ä", count: 255))","status":"success","data":{}}"#,
            change: { $0.correlationID = nil }
        ),
        Case(
            testDescription: "a body that is no request, and a null operation_id",
            question: asked { $0.body = Array("[]".utf8) },
            body: #"{"operation_id":null,"status":"error","error":{"code":"VALIDATION_ERROR","message":"m"}}"#
        ),
        Case(
            testDescription: "a body that is no request, and an empty operation_id",
            question: asked { $0.body = Array("[]".utf8) },
            body: #"{"operation_id":"","status":"error","error":{"code":"VALIDATION_ERROR","message":"m"}}"#,
            broken: ["body.unreadable-id-null"]
        ),
        Case(
            testDescription: "a body that is no request, and no correlation_id",
            question: asked { $0.body = Array("[]".utf8) },
            body: #"{"operation_id":null,"status":"error","error":{"code":"VALIDATION_ERROR","message":"m"}}"#,
            change: { $0.correlationID = nil },
            broken: ["body.unreadable-correlation"]
        ),
        Case(
            testDescription: "a body that may be read, and half a surrogate pair in the reply",
            question: asked {
                $0.body = Array(#"{"operation_id":"\ud800"}"#.utf8)
                $0.mayBeUnreadable = true
            },
            body: #"{"operation_id":"\ud800","status":"success","data":{}}"#
        ),
        Case(
            testDescription: "an operation id of another type, and any in the reply",
            question: asked { $0.envelope = ["operation_id": 7] },
            body: error()
        ),
    ]

    @Test(arguments: cases) func aReplyBreaksTheseAndNoOther(_ row: Case) {
        var message = HubMessage(
            body: Array(row.body.utf8),
            contentType: Topology.contentType,
            correlationID: row.question.correlationID ?? Self.id,
            type: Topology.Key.response,
            appID: Topology.App.storageService,
            timestampSeconds: 1
        )
        row.change(&message)
        let delivery = HubDelivery(
            message: message,
            exchange: "",
            routingKey: "replies",
            isRedelivered: false,
            deliveryTag: 1,
            channel: 1
        )
        let reply = Received(delivery, at: .zero)
        #expect(ReplyRule.all.filter { $0.failure(row.question, reply) != nil }.map(\.check) == row.broken)
    }

    @Test func everyRuleIsThatOfACheck() {
        for rule in ReplyRule.all { #expect(Catalogue.checks.contains { $0.id == rule.check }, "\(rule.check)") }
    }

    private static func error(_ members: String = #""code":"VALIDATION_ERROR","message":"m""#) -> String {
        #"{"operation_id":"\#(id)","status":"error","error":{\#(members)}}"#
    }

    private static func asked(_ change: (inout Question) -> Void) -> Question {
        var question = Question("get_image", id, [:])
        change(&question)
        return question
    }
}
