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
            ["HUB-VAL-007"]
        ) { check in
            let wrong: [(String, JSONValue)] = [
                ("name", 5), ("type", true), ("subtype", ["a"]), ("theme", ["a": 1]), ("url", 7), ("format", false),
                ("width", "4"), ("height", "3"), ("size", "100"), ("sha256", 9),
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
        },
    ]
}
