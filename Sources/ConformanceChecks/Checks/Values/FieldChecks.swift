import JSON

/// Fields that are missing, or of another type (docs/protocol.md §6).
enum FieldChecks {
    static let all = [
        Check(
            "values.required",
            "A missing required field is refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-007"]
        ) { check in
            for key in ["type", "subtype", "name", "url", "format", "width", "height", "size", "theme"] {
                guard case .object(var data) = check.imageData() else { continue }
                data[key] = nil
                try await check.expectRefusal(
                    "create_image",
                    .object(data),
                    "VALIDATION_ERROR",
                    "field.missing-accepted",
                    "create_image without \(key)"
                )
            }
            for operation in ["get_image", "delete_image"] {
                try await check.expectRefusal(
                    operation,
                    [:],
                    "VALIDATION_ERROR",
                    "field.missing-accepted",
                    "\(operation) without image_id"
                )
            }
        },
        Check(
            "values.types",
            "A field of the wrong JSON type is refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-007", "HUB-VAL-019"]
        ) { check in
            let wrong: [(String, JSONValue)] = [
                ("name", 5), ("type", true), ("subtype", ["a"]), ("theme", ["a": 1]), ("url", 7), ("format", false),
                ("width", "4"), ("height", "3"), ("size", "100"), ("sha256", 9), ("width", true), ("size", false),
            ]
            for (key, value) in wrong {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: value]),
                    "VALIDATION_ERROR",
                    "field.wrong-type-accepted",
                    "create_image whose \(key) is of the wrong type (\(value.kind))"
                )
            }
            try await check.expectRefusal(
                "get_image",
                ["image_id": 5],
                "VALIDATION_ERROR",
                "field.wrong-type-accepted",
                "get_image whose image_id is a number"
            )
            let image = try await check.create()
            for (operation, data, what) in optional(check, image) {
                try await check.expectRefusal(
                    operation,
                    data,
                    "VALIDATION_ERROR",
                    "field.wrong-type-accepted",
                    "\(operation) whose \(what)"
                )
            }
        },
    ]

    /// Requests in which a field that need not be there is of the wrong type.
    private static func optional(
        _ check: CheckContext,
        _ image: JSONValue
    ) -> [(operation: String, data: JSONValue, what: String)] {
        var all: [(operation: String, data: JSONValue, what: String)] = []
        for (value, kind) in [("1" as JSONValue, "a string"), (true, "a boolean")] {
            all.append(("get_image", check.about(image, ["version": value]), "version is \(kind)"))
        }
        guard check.knows("list_images") else { return all }
        let wrong: [(String, JSONValue)] = [
            ("limit", "1"), ("limit", true), ("skip", "0"), ("skip", false), ("type", 5), ("theme", ["conformance"]),
        ]
        for (key, value) in wrong {
            let own: [String: JSONValue] = ["type": .string(check.type)]
            let data = JSONValue.object(own.merging([key: value]) { $1 })
            all.append(("list_images", data, "\(key) is of the wrong type (\(value.kind))"))
        }
        return all
    }
}
