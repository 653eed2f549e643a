import HTTPServing
import HTTPTypes
import HubProtocol
import ImageService
import Testing

@Suite struct RecordTagTests {
    @Test func changesWithEveryChange() {
        let record = Samples.record()
        var renamed = record
        renamed.updatedAt = record.updatedAt.adding(milliseconds: 1)
        var next = record
        next.version = 2
        #expect(Set([record, renamed, next].map { RecordTag($0).entityTag }).count == 3)
        #expect(RecordTag(record).entityTag.isWeak == false)
    }

    struct Condition: Sendable { var field: String; var matches: Bool }

    @Test(arguments: [
        Condition(field: "*", matches: true),
        Condition(field: "\"3\"", matches: true),
        Condition(field: "\"2\", \"3\"", matches: true),
        Condition(field: "TAG", matches: true),
        Condition(field: "\"x\", TAG", matches: true),
        Condition(field: "W/TAG", matches: false),
        Condition(field: "W/\"3\"", matches: false),
        Condition(field: "\"2\"", matches: false),
        Condition(field: "3", matches: false),
        Condition(field: "\"\"", matches: false),
    ])
    func matches(_ condition: Condition) throws {
        let tag = RecordTag(Samples.record(version: 3))
        let field = condition.field.split(separator: "TAG", omittingEmptySubsequences: false)
            .joined(separator: tag.entityTag.description)
        let read = try #require(EntityTagCondition(.ifMatch, in: [.ifMatch: field]))
        #expect(tag.matches(read) == condition.matches)
    }
}
