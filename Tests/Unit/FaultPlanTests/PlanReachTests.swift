import JSON
import Testing

@testable import FaultPlan

/// A rule that waits for what never comes would stay silent, and a test that counts on it would be none.
@Suite("A rule that could never fire")
struct PlanReachTests {
    private static let asset = "/api/v2/assets/"

    static let silent: [(String, String)] = [
        // No operation of the protocol, or none that the kind strikes.
        ("get_imag:delay", "match.operation"), ("create_image@before_ack:crash", "match.operation"),
        ("Create_Image:delay", "match.operation"), ("get_image:lost_write", "match.operation"),
        ("list_*:lost_write", "match.operation"), ("create_image:stale_read", "match.operation"),
        ("delete_*:stale_read", "match.operation"),
        // No request for the operation has the field.
        ("create_image,image_id=*:delay", "match.image_id"), ("get_image,name=*:delay", "match.name"),
        ("list_images,image_id=x:delay", "match.image_id"), ("*_image,name=x:stale_read", "match.name"),
        ("name=x:stale_read", "match.name"), ("delete_image,theme=x:lost_write", "match.theme"),
        // Each of them comes, but never both at once.
        ("image_id=x,type=y:stale_read", "match.type"),
        // No route of the asset API, or none that the kind strikes.
        ("route=GET /health:http_delay", "match.route"), ("route=GET /api/v2/images/*:http_delay", "match.route"),
        ("route=/api/v2/assets/*:http_delay", "match.route"), ("route=get *:http_delay", "match.route"),
        ("route=PATCH *:http_status", "match.route"), ("route=GET /api/v2/assets:http_status", "match.route"),
        ("route=GET *:http_full", "match.route"), ("route=HEAD *:http_corrupt", "match.route"),
        ("route=DELETE *:http_truncate", "match.route"), ("route=HEAD *:http_dribble:bytes_per_s=1", "match.route"),
        ("route=GET *,at=before_effect:http_corrupt", "match.route"),
        // What is never known there.
        ("route=PUT *:delay", "match.route"), ("queue=q:delay", "match.queue"),
        ("create_image:http_full", "match.operation"), ("name=x:http_status", "match.name"),
        // No point of the kind.
        ("create_image,at=before_ack:drop_request", "at"), ("at=before_ack:http_status", "at"),
        ("create_image,at=after_reply:error", "at"), ("at=publish:crash", "at"),
    ]

    @Test(arguments: silent)
    func isRefusedInShortFormAndInJSON(text: String, path: String) throws {
        // The short form is read as far as its JSON, and refused by the one reader of both.
        var rule = ShortFormRule(number: 1)
        try rule.read(ShortFormPiece(text))
        #expect { try FaultPlan(["rules": [rule.json]]) } throws: { error in
            (error as? InvalidFields)?.problems.map(\.path) == ["rules[0].\(path)"]
        }
        #expect(throws: ShortFormError.self) { try FaultPlan(shortForm: text) }
    }

    @Test(
        arguments: [
            "*:lost_write", "*:stale_read", "create_*:lost_write", "list_image?:stale_read", "*,name=x:lost_write",
            "update_image,image_id=x,name=y,type=z,theme=t:delay", "image_id=x:crash", "type=x,theme=y:drop_reply",
            "route=GET *:http_corrupt", "route=PUT *:http_full", "*:http_full", "route=*:http_truncate",
            "route=* \(asset)*:http_full", "route=GET \(asset)0123*:http_dribble:bytes_per_s=1",
            "route=??T *:http_full", "route=HEAD *:http_reset", "route=DELETE \(asset)??:http_status",
            "route=PUT \(asset)*,at=before_effect:http_corrupt",
            // On a hub, messages may be about anything.
            "get_imag:drop_message", "create_image,image_id=x:drop_message",
        ]
    )
    func isNotOneThatCan(text: String) throws {
        #expect(try FaultPlan(shortForm: text).rules.count == 1)
    }

    @Test func isRefusedWhereItIsMadeInSwift() throws {
        let faults = ArmedFaults(journal: Journal { 0 }) { 0 }
        func plan(_ kind: FaultKind, _ match: FaultMatch, count: Int? = nil) -> FaultPlan {
            FaultPlan(seed: 1, rules: [FaultRule(id: "a", match: match, count: count, fault: .init(kind))])
        }
        for (plan, path) in [
            (plan(.lostWrite, FaultMatch(operation: "get_image")), "rules[0].match.operation"),
            (plan(.httpFull, FaultMatch(route: "GET *")), "rules[0].match.route"),
            (plan(.delay, FaultMatch(queue: "q")), "rules[0].match.queue"),
            (plan(.delay, FaultMatch(), count: 0), "rules[0].count"),
        ] {
            #expect { try faults.arm(plan) } throws: { error in
                (error as? InvalidFields)?.problems.map(\.path) == [path]
            }
            #expect(faults.plan == .none)
        }
        try faults.arm(plan(.lostWrite, FaultMatch(operation: "create_image")))
        #expect(faults.plan.rules.count == 1)
    }

    @Test(
        arguments: [
            ("*", "GET /a/", true), ("GET *", "GET /a/", true), ("GET /a/*", "GET /a/", true),
            ("GET /a/b", "GET /a/", true), ("GET /a", "GET /a/", false), ("GET /b/*", "GET /a/", false),
            ("*/a/?", "GET /a/", true), ("* /b/", "GET /a/", true), ("?ET *x", "GET /a/", true), ("", "a", false),
            ("**", "a", true), ("a", "", true), ("?", "ab", false),
        ] as [(String, String, Bool)]
    )
    func aPatternCanGoOnFromABeginning(pattern: String, beginning: String, canMatch: Bool) {
        #expect(Glob(pattern).canMatch(prefix: beginning) == canMatch)
    }

    @Test func aPointIsWrittenAndReadBack() {
        for kind in FaultKind.allCases {
            for phase in kind.phases {
                let point = FaultPoint(kind: kind, phase: phase)
                #expect(FaultPoint(point.description) == point)
            }
        }
        for text in ["", "delay", "delay@", "@received", "delay@received@x", "delay@never"] {
            #expect(FaultPoint(text) == nil)
        }
    }
}
