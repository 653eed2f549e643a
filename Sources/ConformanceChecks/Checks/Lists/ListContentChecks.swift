import JSON

/// Which records a list has, and in which order (docs/protocol.md §7).
enum ListContentChecks {
    static let all = checks.map { $0.needing(.operation("list_images")) }

    private static let checks = [
        Check(
            "list.order",
            "Images come by created_at, then by id",
            .listing,
            ["HUB-LST-001"]
        ) { check in
            // Its oldest image was changed after all others were made.
            let album = try await Album.of(check)
            for filter in Album.Filter.allCases {
                let listed = try await album.page(check, by: filter, ["limit": 1000])
                try requireOrder(check, listed, "by \(filter.rawValue)")
            }
            try requireOrder(check, try await check.listImages(["limit": 60]), "of all images")
        },
        Check(
            "list.records",
            "A list has the record as it is by now",
            .listing,
            ["HUB-LST-009", "HUB-CON-004"],
            needs: [.operation("update_image")]
        ) { check in
            let image = try await check.create()
            let updated = try await check.setUp {
                try await check.succeed("update_image", check.about(image, ["name": "renamed"]))
            }
            let listed = try await check.listImages(["type": .string(check.type)])
            try check.requireEqual(
                listed.first,
                updated,
                "list.other-record",
                "after update_image a list has another record than the reply"
            )
            try await followsChanges(check, image)
            guard check.mayAddVersions else { return }
            let newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let again = try await check.listImages(["type": .string(check.type)])
            try check.requireEqual(
                again.first,
                newest,
                "list.other-record",
                "after create_image_version a list has another record than the reply"
            )
        },
        Check(
            "list.deleted",
            "A deleted image is not listed or counted",
            .listing,
            ["HUB-CON-001", "HUB-LST-003", "HUB-CON-004"]
        ) {
            check in
            let images = [try await check.create(), try await check.create()]
            try await check.setUp { try await check.succeed("delete_image", check.about(images[0])) }
            let data = try await check.succeed("list_images", ["type": .string(check.type)])
            try check.requireEqual(data["total"], at: ["data", "total"], 1, "list.total", "a deleted image is counted")
            try check.requireImages(
                data["images"]?.array ?? [],
                [images[1]],
                "delete.still-listed",
                "a deleted image is listed"
            )
        },
    ]

    /// Fails where the images of a list do not come by `created_at`, then by `id`.
    private static func requireOrder(_ check: CheckContext, _ listed: [JSONValue], _ what: String) throws {
        let keys = listed.map { ($0["metadata"]?["created_at"]?.string ?? "", $0["id"]?.string ?? "") }
        // Ids are compared by their UTF-8 bytes, whatever the language that sorts them thinks of letters.
        let sorted = keys.sorted { left, right in
            left.0 != right.0 ? left.0 < right.0 : left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
        }
        let place = zip(keys, sorted).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        guard let place else { return }
        func some(_ keys: [(String, String)]) -> JSONValue {
            .array(keys.dropFirst(place).prefix(5).map { .string("\($0.0) \($0.1)") })
        }
        throw CheckFailure(
            "list.order",
            "the images of a list \(what) are not by created_at, then by id, from the one at \(place) on",
            expected: some(sorted),
            actual: some(keys)
        )
    }

    /// An image whose type and theme are changed is listed under the new ones, and under the old ones no more.
    private static func followsChanges(_ check: CheckContext, _ image: JSONValue) async throws {
        for key in ["theme", "type"] {
            let (first, second) = (check.unique(key), check.unique(key))
            if key == "type" { for type in [first, second] { check.run.ledger.used(type: type) } }
            for value in [first, second] {
                try await check.setUp {
                    try await check.succeed("update_image", check.about(image, [key: .string(value)]))
                }
            }
            for (value, right) in [(second, [image]), (first, [])] {
                let found = try await check.listImages([.init(key): .string(value)])
                try check.requireImages(
                    found,
                    right,
                    "list.stale",
                    "after update_image changed the \(key) of an image, a list by the \(right.isEmpty ? "old" : "new") "
                        + "\(key) \(right.isEmpty ? "still has" : "does not have") it"
                )
            }
        }
        try await check.setUp {
            try await check.succeed("update_image", check.about(image, ["type": .string(check.type)]))
        }
    }
}
