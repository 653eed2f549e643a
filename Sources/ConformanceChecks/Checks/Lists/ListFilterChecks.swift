import JSON

/// The filters of `list_images` (docs/protocol.md §7).
enum ListFilterChecks {
    static let all = checks.map { $0.needing(.operation("list_images")) }

    private static let checks = [
        Check("list.type", "Only images whose type is the given one, exactly", .listing, ["HUB-LST-002"]) { check in
            try await holdsFilter(check, "type")
        },
        Check("list.theme", "Only images whose theme is the given one, exactly", .listing, ["HUB-LST-002"]) { check in
            try await holdsFilter(check, "theme")
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
            let page = try await check.listImages(["type": .string(check.type), "theme": .string(one)])
            try check.requireImages(
                page,
                [image],
                "list.filter",
                "type and theme together do not give the images that both fit"
            )
        },
    ]

    /// An image whose value is the given one, and some whose value nearly is.
    private static func holdsFilter(_ check: CheckContext, _ key: String) async throws {
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
        let found = try await check.listImages([.init(key): .string(value)])
        try check.require(
            found.ids == wanted.ids,
            "list.filter",
            "the filter \(key) does not give the images whose \(key) is exactly that",
            expected: .array(wanted.map { $0[key] ?? $0["metadata"]?[key] ?? .null }),
            actual: .array(found.map { $0[key] ?? $0["metadata"]?[key] ?? .null })
        )
    }
}
