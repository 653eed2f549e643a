import HubProtocol
import JSON

/// When versions were added (docs/protocol.md §7).
enum VersionTimeChecks {
    /// How far two times of one moment may be apart: room for a service that takes them from two clocks.
    private static let toleranceMs: Int64 = 60_000

    static let all = [
        Check(
            "versions.created-at",
            "The created_at of a version is the time at which it was added",
            .versions,
            ["HUB-VLS-006"],
            needs: VersionNeeds.listing
        ) { check in
            let image = try await check.create()
            let newer = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let data = try await check.succeed("list_image_versions", check.about(image))
            for version in data["versions"]?.array ?? [] {
                let added = version["version"] == 1 ? image.updatedAt : newer.updatedAt
                try check.require(
                    isNear(version["created_at"]?.string, added),
                    "version.other-time",
                    "the created_at of a version is not the time at which it was added",
                    expected: added.map(JSONValue.string),
                    actual: version["created_at"] ?? .null
                )
            }
        }
    ]

    private static func isNear(_ one: String?, _ other: String?) -> Bool {
        guard let one = one.flatMap({ Timestamp($0) }), let other = other.flatMap({ Timestamp($0) }) else {
            return false
        }
        return abs(one.millisecondsSinceEpoch - other.millisecondsSinceEpoch) <= toleranceMs
    }
}
