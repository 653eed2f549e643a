import JSON
import Testing

@testable import FaultPlan

@Suite("A plan as JSON")
struct PlanJSONTests {
    /// The example of the contract, §5.
    static let example: JSONValue = [
        "seed": 42,
        "rules": [
            [
                "id": "late-get", "match": ["operation": "get_image", "nth": ["from": 2, "count": 1]],
                "fault": ["kind": "late_reply", "after_deadline_ms": 200],
            ],
            [
                "id": "swap", "match": ["operation": "*"], "chance": "1/10",
                "fault": ["kind": "wrong_operation_id", "mode": "other_in_flight"],
            ],
            [
                "id": "die", "match": ["operation": "create_image", "nth": ["from": 3, "count": 1]],
                "at": "after_effect", "fault": ["kind": "crash", "down_ms": 1000],
            ],
        ],
    ]

    @Test func theContractsExampleIsReadAndWrittenBack() throws {
        let plan = try FaultPlan(Self.example)
        #expect(plan.seed == 42)
        #expect(plan.rules.map(\.id) == ["late-get", "swap", "die"])
        #expect(plan.rules[1].chance == FaultChance(1, outOf: 10))
        #expect(plan.rules[2].phase == .afterEffect)
        #expect(plan.json == Self.example)
    }

    @Test(arguments: FaultKind.allCases)
    func everyKindIsReadAndWrittenBack(kind: FaultKind) throws {
        let values: [String: JSONValue] = [
            "ms": 1, "after_deadline_ms": 2, "count": 3, "code": "STORAGE_FULL", "status": 503, "bytes": 4,
            "bytes_per_s": 5, "down_ms": 6,
            "mode": .string(kind.modes(taking: "bytes")?.first ?? kind.modes.first ?? ""),
        ]
        var fault = values.filter { kind.parameters.contains($0.key) }
        if let code = kind.replyCodes.first {
            fault["code"] = .string(code.name)
            fault["status"] = nil
        }
        fault["kind"] = .string(kind.rawValue)
        let json: JSONValue = ["seed": 0, "rules": [["id": "a", "fault": .object(fault)]]]
        #expect(try FaultPlan(json).json == json)
    }

    @Test(
        arguments: [
            (["seed": "x", "rules": []], "seed"),
            ([:], "rules"),
            (["seed": 1], "rules"),
            (["rules": 3], "rules"),
            (["rules": [], "rulez": []], "rulez"),
            (["rules": [["fault": ["kind": "delay"]]]], "rules[0].id"),
            (["rules": [["id": "a"]]], "rules[0].fault"),
            (["rules": [["id": "a", "fault": ["kind": "explode"]]]], "rules[0].fault.kind"),
            (["rules": [["id": "a", "fault": ["kind": "delay", "msec": 1]]]], "rules[0].fault.msec"),
            (["rules": [["id": "a", "fault": ["kind": "drop_reply", "ms": 1]]]], "rules[0].fault.ms"),
            (["rules": [["id": "a", "fault": ["kind": "malformed_reply", "mode": "odd"]]]], "rules[0].fault.mode"),
            // An answer that is no error, or none at all as yet, is not what the kind is for.
            (["rules": [["id": "a", "fault": ["kind": "http_status", "status": 100]]]], "rules[0].fault.status"),
            (["rules": [["id": "a", "fault": ["kind": "http_status", "status": 204]]]], "rules[0].fault.status"),
            (
                ["rules": [["id": "a", "fault": ["kind": "malformed_reply", "mode": "empty", "bytes": 1]]]],
                "rules[0].fault.bytes"
            ),
            (["rules": [["id": "a", "fault": ["kind": "malformed_reply", "bytes": 1]]]], "rules[0].fault.bytes"),
            (
                ["rules": [["id": "a", "fault": ["kind": "close_channel", "code": 406, "status": 404]]]],
                "rules[0].fault.status"
            ),
            (["seed": nil, "rules": []], "seed"),
            (["rules": nil], "rules"),
            (["rules": [["id": nil, "fault": ["kind": "delay"]]]], "rules[0].id"),
            (["rules": [["id": "a", "match": nil, "fault": ["kind": "delay"]]]], "rules[0].match"),
            (["rules": [["id": "a", "chance": nil, "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "count": nil, "fault": ["kind": "delay"]]]], "rules[0].count"),
            (["rules": [["id": "a", "at": nil, "fault": ["kind": "delay"]]]], "rules[0].at"),
            (["rules": [["id": "a", "fault": nil]]], "rules[0].fault"),
            (["rules": [["id": "a", "fault": ["kind": nil]]]], "rules[0].fault.kind"),
            (["rules": [["id": "a", "fault": ["kind": "delay", "ms": nil]]]], "rules[0].fault.ms"),
            (["rules": [["id": "a", "fault": ["kind": "latency", "ms": nil]]]], "rules[0].fault.ms"),
            (["rules": [["id": "a", "match": ["nth": nil], "fault": ["kind": "delay"]]]], "rules[0].match.nth"),
            (
                ["rules": [["id": "a", "match": ["operation": nil], "fault": ["kind": "delay"]]]],
                "rules[0].match.operation"
            ),
            (
                ["rules": [["id": "a", "match": ["nth": ["from": 1, "count": nil]], "fault": ["kind": "delay"]]]],
                "rules[0].match.nth.count"
            ),
            (["rules": [["id": "a", "chance": "+1/2", "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "chance": "01/10", "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "chance": "1/1000000000", "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "chance": "2/1", "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "chance": "1/0", "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "at": "later", "fault": ["kind": "delay"]]]], "rules[0].at"),
            (
                ["rules": [["id": "a", "match": ["nth": ["from": 0]], "fault": ["kind": "delay"]]]],
                "rules[0].match.nth.from"
            ),
            (["rules": [["id": "a", "match": ["op": "x"], "fault": ["kind": "delay"]]]], "rules[0].match.op"),
            (
                ["rules": [["id": "a", "fault": ["kind": "delay"]], ["id": "a", "fault": ["kind": "delay"]]]],
                "rules[1].id"
            ),
            (["rules": [["id": "a", "fault": ["kind": "close_channel", "code": 320]]]], "rules[0].fault.code"),
            (["rules": [["id": "a", "fault": ["kind": "close_connection", "code": "NO"]]]], "rules[0].fault.code"),
            (["rules": [["id": "a", "fault": ["kind": "latency"]]]], "rules[0].fault.ms"),
            (["rules": [["id": "a", "at": "delivery", "fault": ["kind": "nack_publish"]]]], "rules[0].at"),
            (["rules": [["id": "a", "at": "publish", "fault": ["kind": "delay"]]]], "rules[0].at"),
            ("text", ""),
            (["rules": [3]], "rules[0]"),
            (["rules": [["id": "a", "fault": 3]]], "rules[0].fault"),
            (["rules": [["id": "a", "match": 3, "fault": ["kind": "delay"]]]], "rules[0].match"),
            (["rules": [["id": "a", "match": ["nth": 3], "fault": ["kind": "delay"]]]], "rules[0].match.nth"),
            (["rules": [["id": "a", "chance": "0/5", "fault": ["kind": "delay"]]]], "rules[0].chance"),
            (["rules": [["id": "a", "fault": ["kind": "split_frames", "bytes": 0]]]], "rules[0].fault.bytes"),
            (
                ["rules": [["id": "a", "match": ["queue": "q"], "fault": ["kind": "refuse_connection"]]]],
                "rules[0].match.queue"
            ),
            (
                ["rules": [["id": "a", "match": ["route": "PUT *"], "fault": ["kind": "nack_publish"]]]],
                "rules[0].match.route"
            ),
            (
                ["rules": [["id": "a", "match": ["queue": "q"], "fault": ["kind": "delay"]]]],
                "rules[0].match.queue"
            ),
            (
                ["rules": [["id": "a", "match": ["operation": "get_image"], "fault": ["kind": "http_reset"]]]],
                "rules[0].match.operation"
            ),
            (
                [
                    "rules": [
                        ["id": "a", "match": ["queue": "q"], "at": "connect", "fault": ["kind": "latency", "ms": 1]]
                    ]
                ],
                "rules[0].match.queue"
            ),
            (
                [
                    "rules": [
                        ["id": "a", "match": ["routing_key": "k"], "at": "consume", "fault": ["kind": "close_channel"]]
                    ]
                ],
                "rules[0].match.routing_key"
            ),
        ] as [(JSONValue, String)]
    )
    func aBadPlanIsRefusedWithThePathOfTheMistake(json: JSONValue, path: String) {
        #expect { try FaultPlan(json) } throws: { error in
            (error as? InvalidFields)?.problems.map(\.path) == [path]
        }
    }

    /// Where a rule that names no point strikes.
    @Test(
        arguments: [
            ("*:latency:1ms", .connect), ("connection=c:latency:1ms", .connect), ("queue=q:latency:1ms", .publish),
            ("routing_key=k:bandwidth:bytes_per_s=1", .publish), ("get_image:split_frames", .publish),
            ("queue=q:missed_heartbeats", .publish), ("queue=q,at=delivery:latency:1ms", .delivery),
            ("queue=q:corrupt_frame", .delivery), ("queue=q:close_channel", .publish), ("get_image:delay", .received),
        ] as [(String, FaultPhase)]
    )
    func aRuleStrikesAtTheFirstPointWhereItsMatchIsKnown(text: String, point: FaultPhase) throws {
        #expect(try FaultPlan(shortForm: text).rules.first?.point == point)
    }

    @Test(arguments: ["code", "status"], [406, "406", "PRECONDITION_FAILED"] as [JSONValue])
    func aReplyCodeIsTakenInEveryForm(key: String, value: JSONValue) throws {
        let json: JSONValue = ["rules": [["id": "a", "fault": .object(["kind": "close_channel", key: value])]]]
        #expect(try FaultPlan(json).rules.first?.fault.parameters.code == "PRECONDITION_FAILED")
    }
}
