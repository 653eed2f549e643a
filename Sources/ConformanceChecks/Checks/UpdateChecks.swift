import JSON

/// `update_image` (docs/protocol.md §7).
enum UpdateChecks {
    private static let needs: [Capability] = [.operation("update_image")]

    /// Fields of a record that update_image does not know: whoever takes over whatever it is given takes these.
    private static let others: [String: JSONValue] = [
        "id": "mine", "url": "/conformance/other.png", "format": "other", "width": 4321, "height": 1234, "size": 7,
        "version": 9, "created_at": "2001-01-01T00:00:00.000Z", "updated_at": "2001-01-01T00:00:00.000Z",
        "metadata": [
            "theme": "other", "created_at": "2001-01-01T00:00:00.000Z", "updated_at": "2001-01-01T00:00:00.000Z",
        ],
    ]

    /// Of an update with fields that it does not know nothing but what it knows is changed.
    private static func ignoresOtherFields(_ check: CheckContext, _ image: JSONValue) async throws {
        let name = JSONValue.string(check.unique("renamed"))
        let data = check.about(image, others.merging(["name": name]) { $1 })
        let reply = try check.success(
            try await check.ask("update_image", data),
            "update_image with fields that are none of its own"
        )
        let read = try await check.setUp { try await check.succeed("get_image", check.about(image)) }
        for (what, found) in [("the reply", reply), ("get_image after it", read)] {
            try check.requireEqual(
                found.with(updatedAt: nil),
                at: ["data"],
                image.with("name", name).with(updatedAt: nil),
                "update.others-changed",
                "update_image with fields that are none of its own: \(what) has another change than the name"
            )
            try check.requireLater(
                found,
                than: image.updatedAt,
                "updated-at.not-increasing",
                "update_image with an updated_at of its own: \(what) does not have a later one"
            )
        }
    }

    static let all = [
        Check(
            "update.given-fields",
            "update_image changes the given fields and no other",
            .core,
            ["HUB-UPD-001", "HUB-REQ-024", "HUB-TIM-003"],
            needs: needs
        ) { check in
            let image = try await check.create()
            var expected = image
            let otherType = check.type + "-2"
            check.run.ledger.used(type: otherType)
            for (key, value) in [
                ("name", JSONValue.string(check.unique("renamed"))), ("subtype", "other"), ("theme", "other theme"),
                ("type", .string(otherType)),
            ] {
                let reply = try await check.ask("update_image", check.about(image, [key: value]))
                let record = try check.success(reply, "update_image")
                expected = key == "theme" ? expected.with(theme: value) : expected.with(key, value)
                let read = try await check.setUp { try await check.succeed("get_image", check.about(image)) }
                for (what, found) in [("the reply", record), ("get_image after it", read)] {
                    try check.requireEqual(
                        key == "theme" ? found["metadata"]?["theme"] : found[key],
                        value,
                        "update.not-changed",
                        "update_image: \(what) does not have the new \(key)"
                    )
                    try check.requireEqual(
                        found.with(updatedAt: nil),
                        expected.with(updatedAt: nil),
                        "update.others-changed",
                        "update_image of \(key): \(what) has another change"
                    )
                }
            }
            try await ignoresOtherFields(check, expected)
        },
        Check(
            "update.keeps-version",
            "update_image does not change version or content",
            .core,
            ["HUB-UPD-002", "HUB-OPS-005"],
            needs: needs
        ) { check in
            let image = try await check.create()
            let record = try await check.succeed("update_image", check.about(image, ["name": "renamed"]))
            try check.requireEqual(
                record["version"],
                at: ["data", "version"],
                1,
                "update.version-changed",
                "update_image changed the version"
            )
            guard check.mayAddVersions else { return }
            let newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let updated = try await check.succeed("update_image", check.about(image, ["subtype": "of version 2"]))
            let read = try await check.setUp { try await check.succeed("get_image", check.about(image)) }
            for (what, found) in [("the reply", updated), ("get_image after it", read)] {
                try check.requireSame(["version"] + ContentFields.all, of: found, as: newest, "update.version-changed")
                {
                    "update_image of an image of two versions: \(what) does not have the newest's \($0)"
                }
            }
            try check.requireEqual(
                updated,
                at: ["data"],
                read,
                "read.stale",
                "get_image does not answer the record that update_image has answered"
            )
        },
        Check(
            "update.nothing",
            "update_image without any of its fields is VALIDATION_ERROR",
            .core,
            ["HUB-UPD-003"],
            needs: needs
        ) { check in
            let image = try await check.create()
            for fields: [String: JSONValue] in [[:], ["name": nil], ["width": 5]] {
                try await check.expectRefusal(
                    "update_image",
                    check.about(image, fields),
                    "VALIDATION_ERROR",
                    "update.nothing-accepted",
                    "update_image without a field to change"
                )
            }
        },
        Check(
            "update.equal-values",
            "update_image with equal values is carried out, with a new updated_at",
            .core,
            ["HUB-UPD-004"],
            needs: needs
        ) { check in
            let image = try await check.create()
            let record = try check.success(
                try await check.ask("update_image", check.about(image, ["subtype": "character"])),
                "update_image with equal values"
            )
            try check.requireLater(
                record,
                than: image.updatedAt,
                "update.equal-not-carried-out",
                "update_image with equal values did not give a new updated_at"
            )
        },
        Check(
            "update.missing",
            "update_image of an image that is not there is IMAGE_NOT_FOUND",
            .core,
            ["HUB-GET-005", "HUB-UPD-005"],
            needs: needs
        ) { check in
            try await check.expectRefusal(
                "update_image",
                check.about(check.unknownImage(), ["name": "n"]),
                "IMAGE_NOT_FOUND",
                "image.unknown-found",
                "update_image of an id that no image has",
                isWrong: false
            )
        },
        Check(
            "update.refused-values",
            "update_image refuses values that create_image refuses",
            .core,
            ["HUB-VAL-006", "HUB-VAL-007"],
            needs: needs
        ) { check in
            let image = try await check.create()
            for key in ["name", "type", "subtype", "theme"] {
                for value: JSONValue in ["", .string(String(repeating: "x", count: 256)), 5, [:]] {
                    try await check.expectRefusal(
                        "update_image",
                        check.about(image, [key: value]),
                        "VALIDATION_ERROR",
                        "update.wrong-accepted",
                        "update_image with a \(key) that is none"
                    )
                }
            }
        },
        Check(
            "values.updated-at",
            "updated_at strictly increases with every change",
            .core,
            ["HUB-TIM-002", "HUB-TIM-003"],
            needs: needs
        ) { check in
            let image = try await check.create()
            var last = image.updatedAt ?? ""
            // Faster than a clock of milliseconds ticks.
            for number in 0..<12 {
                let record = try await check.succeed(
                    "update_image",
                    check.about(image, ["name": .string("name \(number)")])
                )
                try check.requireLater(
                    record,
                    than: last,
                    "updated-at.not-increasing",
                    "updated_at did not increase with a change"
                )
                try check.requireEqual(
                    record["metadata"]?["created_at"],
                    at: ["data", "metadata", "created_at"],
                    image["metadata"]?["created_at"] ?? .null,
                    "created-at.changed",
                    "created_at changed"
                )
                last = record.updatedAt ?? ""
            }
        },
    ]
}

extension JSONValue {
    /// `metadata.updated_at`: as texts of one form, later is greater.
    var updatedAt: String? { self["metadata"]?["updated_at"]?.string }

    func with(_ key: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[key] = value
        return .object(members)
    }

    func with(theme: JSONValue) -> JSONValue { with("metadata", (self["metadata"] ?? [:]).with("theme", theme)) }

    func with(updatedAt: JSONValue?) -> JSONValue {
        with("metadata", (self["metadata"] ?? [:]).with("updated_at", updatedAt))
    }
}
