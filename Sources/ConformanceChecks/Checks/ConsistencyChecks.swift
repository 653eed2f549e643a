import JSON

/// What later requests see (docs/protocol.md §10).
enum ConsistencyChecks {
    static let all = [
        Check(
            "consistency.read-your-writes",
            "Once a reply is there, every later request sees its effect",
            .core,
            ["HUB-CON-001", "HUB-CON-004", "HUB-OPS-005", "HUB-GET-001"]
        ) { check in
            // Several times: what is stale is so only for a moment.
            for round in 1...5 {
                let image = try await check.succeed("create_image", check.imageData())
                let read = try await check.ask("get_image", check.about(image))
                try check.requireEqual(
                    read.data,
                    image,
                    "read.stale",
                    "get_image does not see a create_image before it"
                )
                guard check.knows("list_images") else { continue }
                let page = try await check.succeed("list_images", ["type": .string(check.type)])
                try check.requireEqual(
                    page["total"],
                    at: ["data", "total"],
                    .integer(Int64(round)),
                    "list.stale",
                    "list_images does not see a create_image before it"
                )
            }
        },
        Check(
            "consistency.read-updates",
            "Once the reply to update_image is there, every later request sees it",
            .core,
            ["HUB-CON-001", "HUB-CON-004", "HUB-OPS-005"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await check.create()
            for round in 1...6 {
                let name = JSONValue.string("round \(round)")
                let updated = try await check.succeed("update_image", check.about(image, ["name": name]))
                let read = try await check.ask("get_image", check.about(image))
                try check.requireEqual(
                    read.data,
                    updated,
                    "read.stale",
                    "get_image does not see an update_image before it"
                )
                guard check.knows("list_images") else { continue }
                let page = try await check.succeed("list_images", ["type": .string(check.type)])
                try check.requireEqual(
                    page["images"]?.array?.first?["name"],
                    name,
                    "list.stale",
                    "list_images does not see an update_image before it"
                )
            }
        },
        Check(
            "consistency.error-keeps-record",
            "A refused update_image or create_image_version leaves the record as it was",
            .versions,
            ["HUB-CON-002"],
            needs: [.operation("update_image")] + VersionNeeds.adding
        ) { check in
            let image = try await check.create()
            var wrong = Question("update_image", check.newID(), check.about(image, ["name": "new", "theme": 5]))
            wrong.isWrong = true
            let update = try await check.ask(wrong)
            try await check.setUp { try check.refused(update, "VALIDATION_ERROR", "accepted", "a wrong value") }
            let version = try await check.ask("create_image_version", check.versionData(image, ["expected_version": 7]))
            try await check.setUp { try check.refused(version, "VERSION_CONFLICT", "accepted", "a wrong version") }
            // What is found wrong only once the image is: the asset, and its size.
            let unknown = JSONValue.string(AssetDigest.ofNothingKnown(check.newID()))
            let missing = try await check.ask("create_image_version", check.versionData(image, of: unknown))
            try await check.setUp { try check.refused(missing, "ASSET_NOT_FOUND", "accepted", "an unknown asset") }
            let wrongSize = try await check.versionData(image, ["size": 1])
            let sized = try await check.ask("create_image_version", wrongSize)
            try await check.setUp { try check.refused(sized, "VALIDATION_ERROR", "accepted", "a wrong size") }
            let read = try await check.succeed("get_image", check.about(image))
            try check.requireEqual(read, at: ["data"], image, "error.had-effect", "a refused change changed the record")
        },
    ]
}
