import JSON

/// The rules for numbers (docs/protocol.md §6).
enum NumberChecks {
    static let all = [
        Check("values.sides", "width and height are whole numbers of at least 1", .core, ["HUB-VAL-008"]) { check in
            for key in ["width", "height"] {
                for value: JSONValue in [0, -1, 1.5] {
                    try await check.expectRefusal(
                        "create_image",
                        check.imageData([key: value]),
                        "VALIDATION_ERROR",
                        "side.wrong-accepted",
                        "a \(key) that is no whole number of at least 1"
                    )
                }
            }
            // Beyond what a double can be: no number to some readers of JSON, infinity to others.
            var endless = Question("create_image", check.newID(), check.imageData(["width": "WIDTH"]))
            endless.body = Array(
                String(decoding: endless.bytes, as: UTF8.self).replacing("\"WIDTH\"", with: "1e999").utf8
            )
            endless.isWrong = true
            endless.mayBeUnreadable = true
            try check.refused(
                try await check.ask(endless),
                "VALIDATION_ERROR",
                "side.wrong-accepted",
                "a width of 1e999"
            )
            try check.success(
                try await check.ask("create_image", check.imageData(["width": 1, "height": 1_000_000])),
                "create_image with sides of 1 and 1000000"
            )
        },
        Check("values.size", "size is a whole number of at least 0", .core, ["HUB-VAL-012"]) { check in
            for value: JSONValue in [-1, 0.5] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData(["size": value]),
                    "VALIDATION_ERROR",
                    "size.wrong-accepted",
                    "a size that is no whole number of at least 0"
                )
            }
            try check.success(
                try await check.ask("create_image", check.imageData(["size": 0])),
                "create_image with a size of 0"
            )
        },
        Check(
            "values.whole-numbers",
            "A number whose value is whole is a whole number, however it is spelled",
            .core,
            ["HUB-VAL-013"]
        ) { check in
            for spelling in ["512.0", "5.12e2", "512.000", "51200E-2"] {
                let data = check.imageData(["width": "WIDTH"])
                var question = Question("create_image", check.newID(), data)
                let text = String(decoding: question.bytes, as: UTF8.self)
                question.body = Array(text.replacing("\"WIDTH\"", with: spelling).utf8)
                let reply = try await check.ask(question)
                try check.notRefused(reply, "number.spelling-refused", "a width of \(spelling)")
                let record = try check.success(reply, "create_image")
                try check.requireEqual(
                    record["width"],
                    at: ["data", "width"],
                    512,
                    "number.changed",
                    "a width of \(spelling) became another"
                )
            }
            let image = try await check.create()
            var others = [("get_image", check.about(image, ["version": "NUMBER"]), "1.0")]
            if check.knows("list_images") {
                let type = JSONValue.string(check.type)
                others.append(("list_images", ["type": type, "limit": "NUMBER"], "1.0"))
                others.append(("list_images", ["type": type, "skip": "NUMBER"], "0.0"))
            }
            if check.mayAddVersions {
                let data = try await check.versionData(image, ["expected_version": "NUMBER"])
                others.append(("create_image_version", data, "1e0"))
                others.append(
                    ("create_image_version", try await check.versionData(image, ["width": "NUMBER"]), "512.0")
                )
            }
            for (operation, data, spelling) in others {
                var question = Question(operation, check.newID(), data)
                let text = String(decoding: question.bytes, as: UTF8.self)
                question.body = Array(text.replacing("\"NUMBER\"", with: spelling).utf8)
                let reply = try await check.ask(question)
                try check.notRefused(reply, "number.spelling-refused", "\(operation) with \(spelling)")
                try check.success(reply, operation)
            }
        },
        Check(
            "values.large-numbers",
            "Whole numbers up to 9007199254740991 are kept exactly",
            .core,
            ["HUB-VAL-014"]
        ) { check in
            for number: Int64 in [2_147_483_648, 4_294_967_297, 9_007_199_254_740_991] {
                // The size of a version is that of its asset.
                let sides: [String: JSONValue] = ["width": .integer(number), "height": .integer(number)]
                let data = check.imageData(sides.merging(["size": .integer(number)]) { $1 })
                try await keeps(check, "create_image", data, number, in: ["width", "height", "size"])
            }
            guard check.mayAddVersions else { return }
            let largest: Int64 = 9_007_199_254_740_991
            let sides: [String: JSONValue] = ["width": .integer(largest), "height": .integer(largest)]
            let data = try await check.versionData(try await check.create(), sides)
            try await keeps(check, "create_image_version", data, largest, in: ["width", "height"])
        },
    ]

    /// Asks for an image or a version with a number, and fails where its record, or what is read of it, has another.
    private static func keeps(
        _ check: CheckContext,
        _ operation: String,
        _ data: JSONValue,
        _ number: Int64,
        in fields: [String]
    ) async throws {
        let written = try check.success(try await check.ask(operation, data), "\(operation) with \(number)")
        let read = try await check.succeed("get_image", check.about(written))
        for record in [written, read] {
            for field in fields {
                try check.requireEqual(
                    record[field],
                    at: ["data", field],
                    .integer(number),
                    "number.changed",
                    "\(operation): a \(field) of \(number) was not kept exactly"
                )
            }
        }
    }
}
