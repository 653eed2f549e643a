import JSON
import Testing

@testable import FaultPlan

@Suite("A plan in short form")
struct ShortFormTests {
    static let good: [(String, [JSONValue])] = [
        (
            "get_image:delay:200ms",
            [["id": "delay-1", "match": ["operation": "get_image"], "fault": ["kind": "delay", "ms": 200]]]
        ),
        (
            "create_image:crash",
            [["id": "crash-1", "match": ["operation": "create_image"], "fault": ["kind": "crash"]]]
        ),
        (
            "*,at=before_reply,id=any:http_delay:5ms",
            [["id": "any", "at": "before_reply", "fault": ["kind": "http_delay", "ms": 5]]]
        ),
        ("*:drop_message:1/10", [["id": "drop_message-1", "chance": "1/10", "fault": ["kind": "drop_message"]]]),
        (
            "queue=q,nth=3:close_channel:code=406",
            [
                [
                    "id": "close_channel-1", "match": ["queue": "q", "nth": ["from": 3, "count": 1]],
                    "fault": ["kind": "close_channel", "code": "PRECONDITION_FAILED"],
                ]
            ]
        ),
        (
            "get_*,nth=2..:malformed_reply:huge:bytes=9:x3:ttl_ms=50",
            [
                [
                    "id": "malformed_reply-1", "match": ["operation": "get_*", "nth": ["from": 2]], "count": 3,
                    "ttl_ms": 50, "fault": ["kind": "malformed_reply", "mode": "huge", "bytes": 9],
                ]
            ]
        ),
        (
            "connection=host\\:50*,nth=2..4,at=delivery,id=slow : latency : 2s ; *:blocked:1m;*:crash:3s",
            [
                [
                    "id": "slow", "match": ["connection": "host:50*", "nth": ["from": 2, "count": 3]],
                    "at": "delivery", "fault": ["kind": "latency", "ms": 2000],
                ],
                ["id": "blocked-2", "fault": ["kind": "blocked", "ms": 60_000]],
                ["id": "crash-3", "fault": ["kind": "crash", "down_ms": 3000]],
            ]
        ),
    ]

    @Test(arguments: good)
    func itSaysWhatItsJSONSays(text: String, rules: [JSONValue]) throws {
        #expect(try FaultPlan(shortForm: text, seed: 7) == FaultPlan(["seed": 7, "rules": .array(rules)]))
    }

    @Test(
        arguments: [
            ("get_image:delay:ms=1:ms=700", 24), ("get_image:delay:1s:ms=700", 22), ("*:delay:x1:x2", 11),
            ("get_image,list_images:delay", 10), ("get_image,nth=1,nth=2:delay", 20), ("*,id=a,id=b:delay", 10),
            ("*:malformed_reply:empty:huge", 24), ("*:delay:1/2:1/3", 12), ("*:delay:ttl_ms=1:ttl_ms=2", 24),
            ("", 0), ("delay", 0), ("get_image:delya", 10), ("get_image:delay:soon", 16), ("a:delay; b", 9),
            ("colour=red:delay", 0), ("a,,b:delay", 2), ("nth=x:delay", 4), ("nth=5..3:delay", 4), ("nth=0:delay", 4),
            ("*:drop_message:3/2", 15), ("*:nack_publish:5ms", 15), ("queue=q:close_channel:code=999", 27),
            ("*:latency", 0), ("at=publish:delay", 3), ("*:delay:ms=x", 11), ("*:delay:bytes=7", 14),
        ]
    )
    func aMistakeIsShownWhereItIs(text: String, offset: Int) {
        #expect { try FaultPlan(shortForm: text) } throws: { error in
            guard let error = error as? ShortFormError else { return false }
            if error.offset != offset { Issue.record("\(error)") }
            return error.text == text && error.offset == offset
        }
    }
}
