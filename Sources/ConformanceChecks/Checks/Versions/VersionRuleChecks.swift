import JSON

/// Which new versions are refused, and that nothing else changes with one (docs/protocol.md §7).
enum VersionRuleChecks {
    static let all = [
        Check(
            "version.conflict",
            "An expected_version that is not the newest is VERSION_CONFLICT",
            .versions,
            ["HUB-VER-002", "HUB-ERR-002"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            let second = try check.success(
                try await check.ask("create_image_version", check.versionData(image, ["expected_version": 1])),
                "create_image_version with the right expected_version"
            )
            try check.requireEqual(
                second["version"],
                at: ["data", "version"],
                2,
                "version.other-number",
                "another version number"
            )
            // The last ones are beyond 32 bits: cut off there, the first of these would be the newest.
            for expected: JSONValue in [1, 3, 4_294_967_298, 9_007_199_254_740_991] {
                try await check.expectRefusal(
                    "create_image_version",
                    check.versionData(image, ["expected_version": expected]),
                    "VERSION_CONFLICT",
                    "version.conflict-accepted",
                    "create_image_version with an expected_version of \(expected.integer ?? 0), which is not the newest",
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
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            let question = Question(
                "create_image_version",
                check.newID(),
                try await check.versionData(image, ["expected_version": 2])
            )
            let first = try await check.ask(question)
            try await check.setUp { try check.refused(first, "VERSION_CONFLICT", "accepted", "a wrong version") }
            try await check.setUp { try await check.succeed("create_image_version", check.versionData(image)) }
            try await check.requireSameReply(
                to: question,
                as: first,
                "operation.error-forgotten",
                "the same operation that had a VERSION_CONFLICT gets another reply"
            )
        },
        Check(
            "version.same-operation",
            "The same create_image_version again gets the same reply and adds nothing",
            .versions,
            ["HUB-IDM-001"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            try await IdempotenceChecks.twice(check, "create_image_version", check.versionData(image))
            let read = try await check.succeed("get_image", check.about(image))
            try check.requireEqual(
                read["version"],
                at: ["data", "version"],
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
            needs: VersionNeeds.listing
        ) { check in
            let image = try await check.create()
            func versions() async throws -> [JSONValue] {
                try await check.succeed("list_image_versions", check.about(image))["versions"]?.array ?? []
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
            try check.requireSame(ContentFields.all, of: after.first, as: image, "version.changed") {
                "\($0) of version 1 changed"
            }
        },
        Check(
            "version.image-missing",
            "Versions of an image that is not there are IMAGE_NOT_FOUND",
            .versions,
            ["HUB-GET-005", "HUB-DEL-001", "HUB-VER-008", "HUB-VLS-004"],
            needs: VersionNeeds.listing
        ) { check in
            let deleted = try await check.create()
            try await check.setUp { try await check.succeed("delete_image", check.about(deleted)) }
            for image in [deleted, check.unknownImage()] {
                for (operation, data) in [
                    ("create_image_version", try await check.versionData(image)),
                    ("list_image_versions", check.about(image)),
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
            ["HUB-VAL-007", "HUB-VAL-008", "HUB-VAL-010", "HUB-VAL-017", "HUB-VER-009"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            for changes: [String: JSONValue] in [
                ["width": 0], ["height": "6"], ["url": nil], ["format": 5], ["sha256": "x"], ["expected_version": 0],
                ["url": ""], ["url": .string("/" + String(repeating: "u", count: 2048))], ["format": ""],
                ["format": .string(String(repeating: "f", count: 33))], ["width": 1.5], ["size": -1],
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
    ]
}
