import HubProtocol
import JSON

/// Versions of an image (docs/protocol.md §7).
enum VersionChecks {
    private static let adding: [Capability] = [.operation("create_image_version")]
    private static let listing: [Capability] = [
        .operation("create_image_version"), .operation("list_image_versions"),
    ]

    static let all = [
        Check(
            "version.added",
            "create_image_version adds the content as the version after the newest",
            .versions,
            ["HUB-VER-001", "HUB-VER-007"],
            needs: adding
        ) { check in
            let image = try await check.create()
            for number in 2...4 {
                let data = check.versionData(image, ["width": .integer(Int64(number))])
                let record = try check.success(
                    try await check.ask("create_image_version", data),
                    "create_image_version"
                )
                try check.requireEqual(
                    record["version"],
                    .integer(Int64(number)),
                    "version.other-number",
                    "a new version is not the one after the newest"
                )
                for key in ["url", "format", "width", "height", "size"] {
                    try check.requireEqual(
                        record[key],
                        data[key] ?? .null,
                        "version.other-content",
                        "\(key) of a new version is not what was asked for"
                    )
                }
                try check.requireEqual(
                    record["id"],
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
            needs: adding
        ) { check in
            let image = try await check.create()
            let record = try check.success(
                try await check.ask("create_image_version", check.versionData(image)),
                "create_image_version"
            )
            try ValueChecks.complete(check, record, "create_image_version")
            for key in ["name", "type", "subtype"] {
                try check.requireEqual(record[key], image[key] ?? .null, "version.metadata-changed", "\(key) changed")
            }
            for key in ["theme", "created_at"] {
                try check.requireEqual(
                    record["metadata"]?[key],
                    image["metadata"]?[key] ?? .null,
                    "version.metadata-changed",
                    "metadata.\(key) changed"
                )
            }
            try check.require(
                (record.updatedAt ?? "") > (image.updatedAt ?? ""),
                "updated-at.not-increasing",
                "updated_at did not increase with a new version"
            )
        },
        Check(
            "get.newest",
            "get_image answers the content of the newest version",
            .versions,
            ["HUB-GET-001"],
            needs: adding
        ) { check in
            let image = try await check.create()
            let newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let read = try check.success(try await check.ask("get_image", check.about(image)), "get_image")
            try check.requireEqual(read, newest, "get.not-newest", "get_image does not answer the newest version")
        },
        Check(
            "get.version",
            "With version, get_image answers the present metadata with that version's content",
            .versions,
            ["HUB-GET-002", "HUB-GET-006"],
            needs: adding
        ) { check in
            let image = try await check.create()
            let newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let first = try check.success(
                try await check.ask("get_image", check.about(image, ["version": 1])),
                "get_image of version 1"
            )
            for key in ["version", "url", "format", "width", "height", "size"] {
                try check.requireEqual(
                    first[key],
                    image[key] ?? .null,
                    "get.other-content",
                    "get_image of version 1 does not have its \(key)"
                )
            }
            try check.requireEqual(
                first["metadata"],
                newest["metadata"] ?? .null,
                "get.old-metadata",
                "get_image of version 1 does not have the image's present metadata"
            )
            let second = try check.success(
                try await check.ask("get_image", check.about(image, ["version": 2])),
                "get_image of version 2"
            )
            try check.requireEqual(second, newest, "get.other-content", "get_image of version 2 is not the newest")
        },
        Check(
            "get.version-missing",
            "A version that the image does not have is VERSION_NOT_FOUND",
            .core,
            ["HUB-GET-003"]
        ) { check in
            let image = try await check.create()
            for version: JSONValue in [2, 1_000_000] {
                try await check.expectRefusal(
                    "get_image",
                    check.about(image, ["version": version]),
                    "VERSION_NOT_FOUND",
                    "version.unknown-found",
                    "get_image of a version that the image does not have",
                    isWrong: false
                )
            }
        },
        Check(
            "get.version-below-one",
            "A version below 1 is VALIDATION_ERROR",
            .core,
            ["HUB-GET-004"]
        ) { check in
            let image = try await check.create()
            for version: JSONValue in [0, -1] {
                try await check.expectRefusal(
                    "get_image",
                    check.about(image, ["version": version]),
                    "VALIDATION_ERROR",
                    "version.below-one-accepted",
                    "get_image of a version below 1"
                )
            }
        },
        Check(
            "version.conflict",
            "An expected_version that is not the newest is VERSION_CONFLICT",
            .versions,
            ["HUB-VER-002", "HUB-ERR-002"],
            needs: adding
        ) { check in
            let image = try await check.create()
            let second = try check.success(
                try await check.ask("create_image_version", check.versionData(image, ["expected_version": 1])),
                "create_image_version with the right expected_version"
            )
            try check.requireEqual(second["version"], 2, "version.other-number", "another version number")
            for expected: JSONValue in [1, 3] {
                try await check.expectRefusal(
                    "create_image_version",
                    check.versionData(image, ["expected_version": expected]),
                    "VERSION_CONFLICT",
                    "version.conflict-accepted",
                    "create_image_version with an expected_version that is not the newest",
                    isWrong: false
                )
            }
            // The asset is looked for after that.
            let asset = JSONValue.string(AssetDigest.ofNothingKnown(check.newID()))
            try await check.expectRefusal(
                "create_image_version",
                check.versionData(image, ["expected_version": 7, "sha256": asset]),
                "VERSION_CONFLICT",
                "version.conflict-accepted",
                "create_image_version with a wrong expected_version and an unknown asset",
                isWrong: false
            )
        },
        Check(
            "version.conflict-remembered",
            "A VERSION_CONFLICT stays the reply of its operation, whatever comes since",
            .versions,
            ["HUB-IDM-002"],
            needs: adding
        ) { check in
            let image = try await check.create()
            let question = Question(
                "create_image_version",
                check.newID(),
                check.versionData(image, ["expected_version": 2])
            )
            let first = try await check.ask(question)
            try await check.setUp { try check.refused(first, "VERSION_CONFLICT", "accepted", "a wrong version") }
            try await check.setUp { try await check.succeed("create_image_version", check.versionData(image)) }
            let again = try await check.ask(question)
            try check.requireEqual(
                again.json,
                first.json ?? .null,
                "operation.error-forgotten",
                "the same operation that had a VERSION_CONFLICT gets another reply"
            )
        },
        Check(
            "version.same-operation",
            "The same create_image_version again gets the same reply and adds nothing",
            .versions,
            ["HUB-IDM-001"],
            needs: adding
        ) { check in
            let image = try await check.create()
            try await IdempotenceChecks.twice(check, "create_image_version", check.versionData(image))
            let read = try check.success(try await check.ask("get_image", check.about(image)), "get_image")
            try check.requireEqual(
                read["version"],
                2,
                "operation.repeated-effect",
                "a repeated create_image_version added another version"
            )
        },
        Check(
            "version.earlier-kept",
            "Earlier versions stay as they were",
            .versions,
            ["HUB-VER-004"],
            needs: listing
        ) { check in
            let image = try await check.create()
            func versions() async throws -> [JSONValue] {
                try check.success(
                    try await check.ask("list_image_versions", check.about(image)),
                    "list_image_versions"
                )[
                    "versions"
                ]?.array ?? []
            }
            let before = try await versions()
            for _ in 0..<2 {
                try await check.setUp { try await check.succeed("create_image_version", check.versionData(image)) }
            }
            let after = try await versions()
            try check.requireEqual(
                after.first,
                before.first ?? .null,
                "version.changed",
                "the first version changed with a later one"
            )
            for key in ["url", "format", "width", "height", "size", "sha256"] {
                try check.requireEqual(
                    after.first?[key],
                    image[key] ?? .null,
                    "version.changed",
                    "\(key) of version 1 changed"
                )
            }
        },
        Check(
            "version.image-missing",
            "Versions of an image that is not there are IMAGE_NOT_FOUND",
            .versions,
            ["HUB-GET-005", "HUB-DEL-001", "HUB-VER-008", "HUB-VLS-004"],
            needs: listing
        ) { check in
            let deleted = try await check.create()
            try await check.setUp { try await check.succeed("delete_image", check.about(deleted)) }
            for image in [deleted, check.unknownImage()] {
                for (operation, data) in [
                    ("create_image_version", check.versionData(image)), ("list_image_versions", check.about(image)),
                ] {
                    try await check.expectRefusal(
                        operation,
                        data,
                        "IMAGE_NOT_FOUND",
                        "image.unknown-found",
                        "\(operation) of an image that is not there",
                        isWrong: false
                    )
                }
            }
        },
        Check(
            "version.refused-values",
            "create_image_version refuses values that create_image refuses",
            .versions,
            ["HUB-VAL-007", "HUB-VAL-008", "HUB-VAL-010", "HUB-VER-009"],
            needs: adding
        ) { check in
            let image = try await check.create()
            for changes: [String: JSONValue] in [
                ["width": 0], ["height": "6"], ["url": nil], ["format": 5], ["sha256": "x"], ["expected_version": 0],
            ] {
                try await check.expectRefusal(
                    "create_image_version",
                    check.versionData(image, changes),
                    "VALIDATION_ERROR",
                    "version.wrong-accepted",
                    "create_image_version with a wrong value"
                )
            }
        },
        Check(
            "versions.ascending",
            "list_image_versions answers versions ascending",
            .versions,
            ["HUB-VLS-001"],
            needs: listing
        ) { check in
            let image = try await manyVersions(check)
            let numbers = try await numbers(check, image, [:])
            try check.require(
                numbers == [1, 2, 3, 4],
                "versions.order",
                "list_image_versions does not answer every version, ascending",
                expected: [1, 2, 3, 4],
                actual: .array(numbers.map { .integer($0) })
            )
        },
        Check(
            "versions.pages",
            "skip and limit of list_image_versions choose a page",
            .versions,
            ["HUB-VLS-001", "HUB-LST-006", "HUB-VLS-003"],
            needs: listing
        ) { check in
            let image = try await manyVersions(check)
            for (skip, limit, right) in [(0, 2, [1, 2]), (1, 2, [2, 3]), (3, 5, [4]), (9, 1, [])]
                as [(Int64, Int64, [Int64])]
            {
                let found = try await numbers(check, image, ["skip": .integer(skip), "limit": .integer(limit)])
                try check.require(
                    found == right,
                    "versions.page",
                    "skip and limit of list_image_versions give another page",
                    expected: .array(right.map { .integer($0) }),
                    actual: .array(found.map { .integer($0) })
                )
            }
            for fields: [String: JSONValue] in [["limit": 0], ["limit": 1001], ["skip": -1]] {
                try await check.expectRefusal(
                    "list_image_versions",
                    check.about(image, fields),
                    "VALIDATION_ERROR",
                    "list.bounds-accepted",
                    "a limit or skip out of range"
                )
            }
        },
        Check(
            "versions.complete",
            "Each version has every field",
            .versions,
            ["HUB-VLS-002", "HUB-TIM-001"],
            needs: listing
        ) { check in
            let image = try await manyVersions(check)
            let data = try check.success(
                try await check.ask("list_image_versions", check.about(image)),
                "list_image_versions"
            )
            for version in data["versions"]?.array ?? [] {
                for key in ["version", "url", "format", "width", "height", "size", "sha256", "created_at"] {
                    try check.require(
                        version[key] != nil,
                        "version.field-missing",
                        "a version has no \(key)",
                        expected: .object([key: "…"]),
                        actual: version
                    )
                }
                do throws(InvalidFields) {
                    _ = try ImageVersion(version, path: "")
                } catch {
                    throw CheckFailure("version.invalid", "a version: \(error)", actual: version)
                }
            }
        },
        Check(
            "versions.content",
            "The content of each version is that which get_image answers for it",
            .versions,
            ["HUB-VLS-005"],
            needs: listing
        ) { check in
            let image = try await manyVersions(check)
            let data = try check.success(
                try await check.ask("list_image_versions", check.about(image)),
                "list_image_versions"
            )
            for version in data["versions"]?.array ?? [] {
                guard let number = version["version"]?.integer, number >= 1 else {
                    throw CheckFailure("version.below-one", "a version has a number below 1", actual: version)
                }
                let read = try await check.setUp {
                    try await check.succeed("get_image", check.about(image, ["version": .integer(number)]))
                }
                for key in ["url", "format", "width", "height", "size", "sha256"] {
                    try check.requireEqual(
                        version[key],
                        read[key] ?? .null,
                        "versions.other-content",
                        "\(key) of a version in the list is not that which get_image answers"
                    )
                }
            }
        },
    ]

    private static func manyVersions(_ check: CheckContext) async throws -> JSONValue {
        let image = try await check.create()
        for _ in 2...4 {
            try await check.setUp { try await check.succeed("create_image_version", check.versionData(image)) }
        }
        return image
    }

    private static func numbers(
        _ check: CheckContext,
        _ image: JSONValue,
        _ fields: [String: JSONValue]
    ) async throws -> [Int64] {
        let data = try check.success(
            try await check.ask("list_image_versions", check.about(image, fields)),
            "list_image_versions"
        )
        guard let versions = data["versions"]?.array else {
            throw CheckFailure("versions.no-versions", "list_image_versions has no array versions", actual: data)
        }
        return versions.map { $0["version"]?.integer ?? 0 }
    }
}
