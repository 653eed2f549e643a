import HubProtocol
import JSON

/// Adding a version to an image (docs/protocol.md §7).
enum VersionAddingChecks {
    static let all = [
        Check(
            "version.added",
            "create_image_version adds the content as the version after the newest",
            .versions,
            ["HUB-VER-001", "HUB-VER-007"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            for number in 2...4 {
                let data = try await check.versionData(image, ["width": .integer(Int64(number))])
                let record = try await check.succeed("create_image_version", data)
                try check.requireEqual(
                    record["version"],
                    at: ["data", "version"],
                    .integer(Int64(number)),
                    "version.other-number",
                    "a new version is not the one after the newest"
                )
                try check.requireSame(ContentFields.all, of: record, as: data, "version.other-content") {
                    "\($0) of a new version is not what was asked for"
                }
                try check.requireEqual(
                    record["id"],
                    at: ["data", "id"],
                    image["id"] ?? .null,
                    "version.other-image",
                    "another image's record"
                )
            }
        },
        Check(
            "version.keeps-metadata",
            "create_image_version changes the content and updated_at, and nothing else",
            .versions,
            ["HUB-VER-001", "HUB-TIM-002", "HUB-VAL-002", "HUB-VER-006"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            let record = try await check.succeed("create_image_version", check.versionData(image))
            try RecordChecks.complete(check, record, "create_image_version")
            try check.requireSame(["name", "type", "subtype"], of: record, as: image, "version.metadata-changed") {
                "\($0) changed"
            }
            try check.requireSame(
                ["theme", "created_at"],
                of: record["metadata"],
                as: image["metadata"] ?? .null,
                "version.metadata-changed"
            ) {
                "metadata.\($0) changed"
            }
            try check.requireLater(
                record,
                than: image.updatedAt,
                "updated-at.not-increasing",
                "updated_at did not increase with a new version"
            )
        },
    ]
}
