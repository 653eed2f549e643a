import JSON

/// `list_images` (docs/protocol.md §7).
enum ListingChecks {
    static let all = checks.map { $0.needing(.operation("list_images")) }

    private static let checks = [
        Check(
            "list.order",
            "Images come by created_at, then by id",
            .listing,
            ["HUB-LST-001"]
        ) { check in
            let album = try await Album.of(check)
            let listed = try await album.page(check, ["limit": 1000])
            let keys = listed.map { ($0["metadata"]?["created_at"]?.string ?? "", $0["id"]?.string ?? "") }
            // Ids are compared by their UTF-8 bytes, whatever the language that sorts them thinks of letters.
            let sorted = keys.sorted { left, right in
                left.0 != right.0 ? left.0 < right.0 : left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
            }
            try check.require(
                keys.elementsEqual(sorted) { $0 == $1 },
                "list.order",
                "the images of a list are not by created_at, then by id",
                expected: .array(sorted.prefix(5).map { .string("\($0.0) \($0.1)") }),
                actual: .array(keys.prefix(5).map { .string("\($0.0) \($0.1)") })
            )
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
            let listed = try await list(check, ["type": .string(check.type)])
            try check.requireEqual(
                listed.first,
                updated,
                "list.other-record",
                "after update_image a list has another record than the reply"
            )
            guard check.mayAddVersions else { return }
            let newest = try await check.setUp {
                try await check.succeed("create_image_version", check.versionData(image))
            }
            let again = try await list(check, ["type": .string(check.type)])
            try check.requireEqual(
                again.first,
                newest,
                "list.other-record",
                "after create_image_version a list has another record than the reply"
            )
        },
        Check("list.type", "Only images whose type is the given one, exactly", .listing, ["HUB-LST-002"]) { check in
            try await filter(check, "type")
        },
        Check("list.theme", "Only images whose theme is the given one, exactly", .listing, ["HUB-LST-002"]) { check in
            try await filter(check, "theme")
        },
        Check(
            "list.type-and-theme",
            "Both filters together: images that both fit",
            .listing,
            ["HUB-LST-002"]
        ) { check in
            let one = check.unique("theme")
            let other = check.unique("theme")
            let image = try await check.create(["theme": .string(one)])
            _ = try await check.create(["theme": .string(other)])
            let page = try await list(check, ["type": .string(check.type), "theme": .string(one)])
            try check.require(
                ids(page) == ids([image]),
                "list.filter",
                "type and theme together do not give the images that both fit"
            )
        },
        Check("list.total", "total counts all that match, on this page or not", .listing, ["HUB-LST-003"]) { check in
            let album = try await Album.of(check)
            for (skip, limit) in [(0, 1), (5, 10), (Album.count - 1, 10)] {
                let data = try await album.list(
                    check,
                    ["skip": .integer(Int64(skip)), "limit": .integer(Int64(limit))]
                )
                try check.requireEqual(
                    data["total"],
                    at: ["data", "total"],
                    .integer(Int64(Album.count)),
                    "list.total",
                    "total is not the number of images that match"
                )
            }
        },
        Check("list.skip-default", "skip is 0 where it is not given", .listing, ["HUB-LST-004"]) { check in
            let album = try await Album.of(check)
            let without = try await album.page(check, ["limit": 4])
            let with = try await album.page(check, ["skip": 0, "limit": 4])
            try check.require(
                ids(without) == ids(with) && !with.isEmpty,
                "list.skip-default",
                "without skip the list does not begin at the first image"
            )
        },
        Check("list.limit-default", "limit is 100 where it is not given", .listing, ["HUB-LST-005"]) { check in
            let album = try await Album.of(check)
            let listed = try await album.page(check, [:])
            try check.requireEqual(
                .integer(Int64(listed.count)),
                100,
                "list.limit-default",
                "without limit a list of more than 100 images does not have 100"
            )
        },
        Check(
            "list.limit-accepted",
            "A limit of 1 to 1000 is kept",
            .listing,
            ["HUB-LST-006", "HUB-LST-011"]
        ) { check in
            let album = try await Album.of(check)
            for (limit, count) in [(1, 1), (7, 7), (1000, Album.count)] {
                let listed = try await album.page(check, ["limit": .integer(Int64(limit))])
                try check.requireEqual(
                    .integer(Int64(listed.count)),
                    .integer(Int64(count)),
                    "list.limit",
                    "a limit of \(limit) gives another number of images"
                )
            }
        },
        Check(
            "list.bounds",
            "A limit outside 1 to 1000 and a skip below 0 are VALIDATION_ERROR",
            .listing,
            ["HUB-LST-006"]
        ) { check in
            for fields: [String: JSONValue] in [
                ["limit": 0], ["limit": -1], ["limit": 1001], ["skip": -1], ["limit": 1.5],
            ] {
                try await check.expectRefusal(
                    "list_images",
                    .object(fields.merging(["type": .string(check.type)]) { own, _ in own }),
                    "VALIDATION_ERROR",
                    "list.bounds-accepted",
                    "a limit or skip out of range"
                )
            }
        },
        Check(
            "list.past-end",
            "A skip past the end gives no images and the right total",
            .listing,
            ["HUB-LST-007"]
        ) { check in
            let album = try await Album.of(check)
            for skip in [Album.count, Album.count + 1000] {
                let data = try await album.list(check, ["skip": .integer(Int64(skip))])
                try check.requireEqual(
                    data["images"],
                    at: ["data", "images"],
                    [],
                    "list.past-end",
                    "a skip past the end gives images"
                )
                try check.requireEqual(
                    data["total"],
                    at: ["data", "total"],
                    .integer(Int64(Album.count)),
                    "list.total",
                    "a skip past the end gives another total"
                )
            }
        },
        Check(
            "list.pages",
            "Pages one after another give every image once",
            .listing,
            ["HUB-LST-001", "HUB-LST-003", "HUB-LST-008"]
        ) { check in
            let album = try await Album.of(check)
            var found: [String] = []
            for skip in stride(from: 0, to: Album.count, by: 40) {
                found += ids(try await album.page(check, ["skip": .integer(Int64(skip)), "limit": 40]))
            }
            try check.require(
                found.count == Album.count && Set(found) == Set(album.ids),
                "list.pages",
                "pages one after another do not give every image once"
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
            try check.require(
                ids(data["images"]?.array ?? []) == ids([images[1]]),
                "delete.still-listed",
                "a deleted image is listed"
            )
        },
    ]

    private static func ids(_ records: [JSONValue]) -> [String] { records.map { $0["id"]?.string ?? "" } }

    private static func list(_ check: CheckContext, _ data: JSONValue) async throws -> [JSONValue] {
        let page = try await check.succeed("list_images", data)
        guard let images = page["images"]?.array else {
            throw CheckFailure("list.no-images", "the data of list_images has no array images", actual: page)
        }
        return images
    }

    /// An image whose value is the given one, and some whose value nearly is.
    private static func filter(_ check: CheckContext, _ key: String) async throws {
        let value = check.type + "-é"
        var wanted: [JSONValue] = []
        for (other, fits) in [
            (value, true), (value.uppercased(), false), (value + " ", false), (value + "x", false),
            (check.type + "-e\u{301}", false), (check.type, false),
        ] {
            if key == "type" { check.run.ledger.used(type: other) }
            let image = try await check.create([key: .string(other)])
            if fits { wanted.append(image) }
        }
        // Values that fit as patterns, in the languages that patterns are written in, and as what they are fit none.
        for pattern in ["-*", "-?", "-%", "-_", "-.", "-[é]", "*", "%"] {
            let data = try await check.succeed("list_images", [.init(key): .string(check.type + pattern)])
            try check.requireEqual(
                data["images"],
                at: ["data", "images"],
                [],
                "list.filter",
                "a \(key) with a sign that is one of patterns gives images whose \(key) is not exactly that"
            )
        }
        let found = try await list(check, [.init(key): .string(value)])
        try check.require(
            ids(found) == ids(wanted),
            "list.filter",
            "the filter \(key) does not give the images whose \(key) is exactly that",
            expected: .array(wanted.map { $0[key] ?? $0["metadata"]?[key] ?? .null }),
            actual: .array(found.map { $0[key] ?? $0["metadata"]?[key] ?? .null })
        )
    }
}

/// More images than a default page has, of one type: made once, for all checks of lists.
private struct Album {
    static let count = 105
    private static let batch = 15
    let type: String
    let ids: [String]

    static func of(_ check: CheckContext) async throws -> Album {
        let type = "conformance-\(check.run.runID)-album"
        let run = check.run
        let made = try await check.run.shared("album") {
            // By a context of its own, so that the messages of the check that asks first stay few.
            let maker = CheckContext(run: run, checkID: "album")
            defer { maker.end() }
            return try await make(maker)
        }
        return Album(type: type, ids: made.compactMap(\.string))
    }

    private static func make(_ maker: CheckContext) async throws -> [JSONValue] {
        let type = maker.type
        return try await maker.setUp {
            var ids: [JSONValue] = []
            // A few at a time: a service that does one after the other is not to keep all other checks waiting.
            for start in stride(from: 0, to: count, by: batch) {
                let questions = (start..<min(count, start + batch)).map { number in
                    let data = maker.imageData(["type": .string(type), "name": .string("image \(number)")])
                    return Question("create_image", maker.newID(), data)
                }
                for reply in try await maker.askTogether(questions) {
                    ids.append(try maker.success(reply, "create_image")["id"] ?? .null)
                }
            }
            return ids
        }
    }

    func list(_ check: CheckContext, _ fields: [String: JSONValue]) async throws -> JSONValue {
        let data = JSONValue.object(fields.merging(["type": .string(type)]) { own, _ in own })
        return try await check.succeed("list_images", data)
    }

    func page(_ check: CheckContext, _ fields: [String: JSONValue]) async throws -> [JSONValue] {
        let data = try await list(check, fields)
        guard let images = data["images"]?.array else {
            throw CheckFailure("list.no-images", "the data of list_images has no array images", actual: data)
        }
        return images
    }
}
