import JSON

/// Reading an image with the content of a version (docs/protocol.md §7).
enum VersionReadingChecks {
    static let all = [
        Check(
            "get.newest",
            "get_image answers the content of the newest version",
            .versions,
            ["HUB-GET-001"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            let newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let read = try await check.succeed("get_image", check.about(image))
            try check.requireEqual(read, newest, "get.not-newest", "get_image does not answer the newest version")
        },
        Check(
            "get.version",
            "With version, get_image answers the present metadata with that version's content",
            .versions,
            ["HUB-GET-002", "HUB-GET-006"],
            needs: VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            var newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            if check.knows("update_image") {
                // The present metadata are none that either version was added with.
                let names: [String: JSONValue] = [
                    "name": .string(check.unique("renamed")), "subtype": "changed", "theme": "changed",
                ]
                newest = try await check.setUp { try await check.succeed("update_image", check.about(image, names)) }
            }
            let first = try check.success(
                try await check.ask("get_image", check.about(image, ["version": 1])),
                "get_image of version 1"
            )
            try check.requireSame(["version"] + ContentFields.needed, of: first, as: image, "get.other-content") {
                "get_image of version 1 does not have its \($0)"
            }
            try check.requireSame(["name", "type", "subtype", "metadata"], of: first, as: newest, "get.old-metadata") {
                "get_image of version 1 does not have the image's present \($0)"
            }
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
            // The last ones are beyond 32 bits: cut off there, the first of these would be 1.
            for version: JSONValue in [2, 1_000_000, 4_294_967_297, 9_007_199_254_740_991] {
                try await check.expectRefusal(
                    "get_image",
                    check.about(image, ["version": version]),
                    "VERSION_NOT_FOUND",
                    "version.unknown-found",
                    "get_image of version \(version.integer ?? 0), which the image does not have",
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
    ]
}
