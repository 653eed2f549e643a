import JSON

/// The pages of a list, and how many images there are in all (docs/protocol.md §7).
enum ListPageChecks {
    /// As many images as a page is asked for that is longer than what services cut pages at.
    private static let longPage = 510

    static let all = checks.map { $0.needing(.operation("list_images")) }

    private static let checks = [
        Check("list.total", "total counts all that match, on this page or not", .listing, ["HUB-LST-003"]) { check in
            let album = try await Album.of(check)
            for (filter, skip, limit) in [
                (Album.Filter.type, 0, 1), (.theme, 0, 1), (.type, 5, 10), (.type, Album.count - 1, 10),
            ] {
                let data = try await album.list(
                    check,
                    by: filter,
                    ["skip": .integer(Int64(skip)), "limit": .integer(Int64(limit))]
                )
                try check.requireEqual(
                    data["total"],
                    at: ["data", "total"],
                    .integer(Int64(Album.count)),
                    "list.total",
                    "total is not the number of images that match the \(filter.rawValue)"
                )
            }
        },
        Check("list.skip-default", "skip is 0 where it is not given", .listing, ["HUB-LST-004"]) { check in
            let album = try await Album.of(check)
            let without = try await album.page(check, ["limit": 4])
            let with = try await album.page(check, ["skip": 0, "limit": 4])
            try check.require(
                without.ids == with.ids && !with.isEmpty,
                "list.skip-default",
                "without skip the list does not begin at the first image",
                expected: .array(with.ids.map(JSONValue.string)),
                actual: .array(without.ids.map(JSONValue.string))
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
            "list.long-page",
            "A limit is kept also where it is hundreds",
            .listing,
            ["HUB-LST-011", "HUB-LST-003"],
            company: .alone,
            isHeavy: true
        ) { check in
            var data = try await check.succeed("list_images", ["limit": 1000])
            let there = Int(min(data["total"]?.integer ?? 0, Int64(longPage)))
            // At the end of a run there are nearly that many, whoever made them; after a short one they are made. All at
            // once would keep a slow service busy for minutes.
            if there < longPage, check.run.pace.roundTrip < .milliseconds(Limits.slowMs) {
                for start in stride(from: there, to: longPage, by: 15) {
                    let questions = (start..<min(longPage, start + 15)).map { _ in
                        Question("create_image", check.newID(), check.imageData())
                    }
                    for reply in try await check.askTogether(questions) {
                        try check.success(reply, "create_image of many images")
                    }
                }
                data = try await check.succeed("list_images", ["limit": 1000])
            }
            let total = data["total"]?.integer ?? 0
            try check.requireEqual(
                .integer(Int64(try check.images(data).count)),
                .integer(min(1000, total)),
                "list.limit",
                "with a limit of 1000 and a total of \(total) a page does not have as many images as there are"
            )
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
            // Past the album's end. The last ones are beyond 32 bits: cut off there, the first of these would be 0.
            for skip: Int64 in [105, 1105, 4_294_967_296, 9_007_199_254_740_991] {
                let data = try check.success(
                    try await check.ask("list_images", ["type": .string(album.type), "skip": .integer(skip)]),
                    "list_images with a skip of \(skip)"
                )
                try check.requireEqual(
                    data["images"],
                    at: ["data", "images"],
                    [],
                    "list.past-end",
                    "a skip of \(skip), past the end, gives images"
                )
                try check.requireEqual(
                    data["total"],
                    at: ["data", "total"],
                    .integer(Int64(Album.count)),
                    "list.total",
                    "a skip of \(skip), past the end, gives another total"
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
                found += try await album.page(check, ["skip": .integer(Int64(skip)), "limit": 40]).ids
            }
            let missing = album.ids.filter { !found.contains($0) }
            try check.require(
                found.count == Album.count && missing.isEmpty,
                "list.pages",
                "pages one after another do not give every image once",
                expected: ["images": .integer(Int64(Album.count)), "missing": []],
                actual: ["images": .integer(Int64(found.count)), "missing": .array(missing.map(JSONValue.string))]
            )
        },
    ]
}
