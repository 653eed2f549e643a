import JSON

/// Error codes and which of several errors is answered (docs/protocol.md §9).
enum ErrorChecks {
    static let all = [
        Check("errors.known-codes", "The code of an error is one of the table", .core, ["HUB-ERR-001"]) { check in
            var wrong = Question("create_image", check.newID(), check.imageData(["width": 0]))
            wrong.isWrong = true
            var unknown = Question("conformance_unknown", check.newID(), [:])
            unknown.isWrong = true
            var nonsense = Question("nonsense", check.newID(), [:])
            nonsense.body = Array("{".utf8)
            nonsense.isWrong = true
            let missing = Question("get_image", check.newID(), check.about(check.unknownImage()))
            for question in [wrong, unknown, nonsense, missing] {
                let reply = try await check.ask(question)
                try check.require(
                    reply.code != nil,
                    "error.unknown-code",
                    "what has to be an error has no code",
                    expected: ["status": "error", "error": ["code": "…"]],
                    actual: reply.json
                )
            }
        },
        Check(
            "errors.precedence",
            "Of several errors the first is answered: malformed, conflict, unknown operation, validation, image",
            .core,
            ["HUB-ERR-002"]
        ) { check in
            let used = check.newID()
            try await check.setUp { try await check.succeed("create_image", check.imageData(), id: used) }
            let cases: [(String, String, JSONValue, String, String)] = [
                ("a used id and an unknown operation", used, [:], "conformance_unknown", "OPERATION_CONFLICT"),
                (
                    "a used id and a refused value", used, check.imageData(["width": 0]), "create_image",
                    "OPERATION_CONFLICT"
                ),
                (
                    "an unknown operation and no data to read", check.newID(), ["width": 0], "conformance_unknown",
                    "UNKNOWN_OPERATION"
                ),
                (
                    "an unknown image and a version of 0", check.newID(),
                    check.about(check.unknownImage(), ["version": 0]), "get_image", "VALIDATION_ERROR"
                ),
                ("a used id and data that is an array", used, [1], "create_image", "VALIDATION_ERROR"),
            ]
            // The image comes after the fields in whatever names one.
            let others = [
                ("update_image", check.about(check.unknownImage(), ["name": ""])),
                ("list_image_versions", check.about(check.unknownImage(), ["limit": 0])),
            ].filter { check.knows($0.0) }.map { operation, data in
                (
                    "\(operation) of an unknown image with a refused value", check.newID(), data, operation,
                    "VALIDATION_ERROR"
                )
            }
            for (what, id, data, operation, code) in cases + others {
                var question = Question(operation, id, data)
                question.isWrong = true
                try check.refused(try await check.ask(question), code, "error.accepted", what)
            }
            try await check.expectRefusal(
                "get_image",
                check.about(check.unknownImage(), ["version": 99]),
                "IMAGE_NOT_FOUND",
                "error.accepted",
                "an unknown image and an unknown version",
                isWrong: false
            )
        },
    ]
}
