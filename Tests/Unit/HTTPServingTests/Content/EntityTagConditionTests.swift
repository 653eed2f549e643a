import HTTPTypes
import Testing

@testable import HTTPServing

/// `If-Match` and `If-None-Match` (RFC 9110 §13.1.1, §13.1.2).
struct EntityTagConditionTests {
    private static func strong(_ opaque: String) -> EntityTag { EntityTag(opaque) }
    private static func weak(_ opaque: String) -> EntityTag { EntityTag(opaque: opaque, isWeak: true) }

    @Test(
        arguments: [
            (["*"], .any), ([" * "], .any),
            ([#""a""#], .tags([strong("a")])),
            ([#"W/"a""#], .tags([weak("a")])),
            ([#""a", W/"b","c""#], .tags([strong("a"), weak("b"), strong("c")])),
            ([#""a""#, #""b""#], .tags([strong("a"), strong("b")])),
            ([#""a,b", "c""#], .tags([strong("a,b"), strong("c")])),
            ([#""""#], .tags([strong("")])),
            ([#",, "a" ,,"#], .tags([strong("a")])),
            ([#""é""#], .tags([strong("é")])),
            // What is no tag matches nothing, and does not take its neighbours with it.
            (["a"], .tags([])),
            ([#"a, "b""#], .tags([strong("b")])),
            ([#"w/"a""#], .tags([])),
            ([#""a"#], .tags([])),
            ([#""a" "b""#], .tags([])),
            ([#""a b""#], .tags([])),
            ([#"*, "a""#], .tags([strong("a")])),
            ([""], .tags([])),
        ] as [([String], EntityTagCondition)]
    )
    func parses(values: [String], expected: EntityTagCondition) {
        var headers = HTTPFields()
        for value in values { headers.append(HTTPField(name: .ifNoneMatch, value: value)) }
        #expect(EntityTagCondition(.ifNoneMatch, in: headers) == expected)
        #expect(EntityTagCondition(.ifMatch, in: headers) == nil)
    }

    @Test(
        "the two comparisons (RFC 9110 §8.8.3.2)",
        arguments: [
            (#"W/"1""#, strong("1"), false, true), (#""1""#, strong("1"), true, true),
            (#""2""#, strong("1"), false, false),
            (#"W/"2""#, strong("1"), false, false), ("*", strong("1"), true, true), (#""1""#, weak("1"), false, true),
        ]
    )
    func compares(field: String, current: EntityTag, isStrong: Bool, isWeak: Bool) throws {
        let condition = try #require(EntityTagCondition(.ifMatch, in: [.ifMatch: field]))
        #expect(condition.stronglyMatches(current) == isStrong)
        #expect(condition.weaklyMatches(current) == isWeak)
    }

    @Test("a list is read up to its limit, and hostile ones in one pass")
    func bounded() throws {
        let many = (0..<1000).map { "\"\($0)\"" }.joined(separator: ", ")
        guard case .tags(let tags)? = EntityTagCondition(.ifMatch, in: [.ifMatch: many]) else {
            Issue.record("a list is no list")
            return
        }
        #expect(tags == (0..<64).map { Self.strong("\($0)") })
        for hostile in [
            String(repeating: "\"", count: 60_001), String(repeating: ",", count: 60_000),
            String(repeating: "W/", count: 30_000), "\"" + String(repeating: "a", count: 60_000),
        ] {
            let duration = ContinuousClock().measure {
                #expect(
                    EntityTagCondition(.ifMatch, in: [.ifMatch: hostile])?.stronglyMatches(Self.strong("a")) == false
                )
            }
            #expect(duration < .seconds(2))
        }
    }
}
