import HTTPServing
import HubProtocol

/// The entity tag of an image's record (RFC 9110 §8.8.3): strong, opaque, another one after every change.
///
/// It is made of the version and of `updated_at`, which strictly increases with every change (contract §7), so that
/// every instance of the service makes the same tag without asking anybody.
package struct RecordTag: Sendable, Hashable {
    package let entityTag: EntityTag
    private let bareVersion: EntityTag

    package init(_ record: ImageRecord) {
        entityTag = EntityTag("\(record.version)-\(String(record.updatedAt.millisecondsSinceEpoch, radix: 36))")
        bareVersion = EntityTag("\(record.version)")
    }

    /// Whether an `If-Match` means this record: `*`, the tag itself, or the bare version `"3"`.
    package func matches(_ condition: EntityTagCondition) -> Bool {
        condition.stronglyMatches(entityTag) || condition.stronglyMatches(bareVersion)
    }
}
