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
            ["HUB-VLS-006", "HUB-VER-004"],
            needs: VersionNeeds.listing
        ) { check in
            let image = try await check.create()
            _ = try await check.versionData(image)
            // So much later that no two clocks of one service show the second version as added with the first.
            try await check.run.time.sleep(for: .milliseconds(1100))
            let newer = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let versions = try await Self.versions(of: image, check)
            for version in versions {
                let added = version["version"] == 1 ? image.updatedAt : newer.updatedAt
                try check.require(
                    isNear(version["created_at"]?.string, added, withinMs: toleranceMs),
                    "version.other-time",
                    "the created_at of a version is not the time at which it was added",
                    expected: added.map(JSONValue.string),
                    actual: version["created_at"] ?? .null
                )
            }
            // By the service's own clock: one that has jumped back meanwhile says nothing.
            if versions.count == 2, !isNear(image.updatedAt, newer.updatedAt, withinMs: 1000),
                (newer.updatedAt ?? "") > (image.updatedAt ?? "")
            {
                try check.require(
                    (versions[1]["created_at"]?.string ?? "") > (versions[0]["created_at"]?.string ?? ""),
                    "version.other-time",
                    "the created_at of version 2, added a second after version 1, is not later than that of version 1",
                    expected: newer.updatedAt.map(JSONValue.string),
                    actual: versions[1]["created_at"] ?? .null
                )
            }
            guard check.knows("update_image") else { return }
            try await check.setUp { try await check.succeed("update_image", check.about(image, ["name": "renamed"])) }
            try check.requireEqual(
                .array(try await Self.versions(of: image, check)),
                at: ["data", "versions"],
                .array(versions),
                "version.other-time",
                "update_image changed a version in list_image_versions"
            )
        }
    ]

    private static func versions(of image: JSONValue, _ check: CheckContext) async throws -> [JSONValue] {
        try await check.succeed("list_image_versions", check.about(image))["versions"]?.array ?? []
    }

    private static func isNear(_ one: String?, _ other: String?, withinMs toleranceMs: Int64) -> Bool {
        guard let one = one.flatMap({ Timestamp($0) }), let other = other.flatMap({ Timestamp($0) }) else {
            return false
        }
        return abs(one.millisecondsSinceEpoch - other.millisecondsSinceEpoch) <= toleranceMs
    }
}
