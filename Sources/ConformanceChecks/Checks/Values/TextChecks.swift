import HubProtocol
import JSON

/// The rules for texts (docs/protocol.md §6).
enum TextChecks {
    /// `count` characters outside the first plane: one scalar each, two UTF-16 units, four bytes.
    private static func emoji(_ count: Int) -> String { String(repeating: "\u{1F3A8}", count: count) }

    static let all = [
        Check(
            "values.length-accepted",
            "name, type, subtype and theme of 1 to 255 Unicode scalars are accepted",
            .core,
            ["HUB-VAL-004", "HUB-VAL-005"]
        ) { check in
            let prefix = check.type + "-"
            // Images of a type of their own: the ledger has to know it.
            let longType = prefix + String(repeating: "t", count: 255 - prefix.unicodeScalars.count)
            check.run.ledger.used(type: longType)
            let cases: [(String, [String: JSONValue])] = [
                ("a name of 1 character", ["name": "n"]), ("a theme of 1 character", ["theme": "t"]),
                ("a subtype of 1 character", ["subtype": "s"]),
                ("a name of 255 characters outside the first plane", ["name": .string(emoji(255))]),
                (
                    "a theme of 255 combining scalars",
                    ["theme": .string("e" + String(repeating: "\u{301}", count: 254))]
                ),
                ("a subtype of 255 characters", ["subtype": .string(String(repeating: "é", count: 255))]),
                ("a type of 255 characters", ["type": .string(longType)]),
                // Neither control characters (category Cc) nor white space (property White_Space).
                (
                    "a name with a zero width joiner (category Cf)",
                    ["name": "\u{1F469}\u{200D}\u{1F467} \u{202E}\u{AD}"]
                ),
                ("a name with U+E000 (category Co) and U+0378 (category Cn)", ["name": "\u{E000}\u{378}"]),
                ("a name of U+200B alone, which is no white space", ["name": "\u{200B}"]),
            ]
            for (what, changes) in cases {
                let reply = try await check.ask("create_image", check.imageData(changes))
                try check.notRefused(reply, "text.length-refused", what)
                try check.success(reply, what)
            }
        },
        Check(
            "values.length-refused",
            "Longer or empty texts are refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-006", "HUB-VAL-004"]
        ) { check in
            for key in ["name", "type", "subtype", "theme"] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: ""]),
                    "VALIDATION_ERROR",
                    "text.empty-accepted",
                    "an empty \(key)"
                )
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: .string(emoji(256))]),
                    "VALIDATION_ERROR",
                    "text.long-accepted",
                    "a \(key) of 256 characters"
                )
            }
            guard check.knows("update_image") else { return }
            let image = try await check.create()
            for key in ["name", "type", "subtype", "theme"] {
                // Beside one that could be taken.
                let other = key == "name" ? "subtype" : "name"
                for (text, what) in [("", "an empty \(key)"), (emoji(256), "a \(key) of 256 characters")] {
                    try await check.expectRefusal(
                        "update_image",
                        check.about(image, [other: "taken", key: .string(text)]),
                        "VALIDATION_ERROR",
                        text.isEmpty ? "text.empty-accepted" : "text.long-accepted",
                        "update_image with a new \(other) and \(what)"
                    )
                }
            }
        },
        Check(
            "values.control-characters",
            "Texts with control characters, or of white space only, are refused with VALIDATION_ERROR",
            .core,
            ["HUB-VAL-011"]
        ) { check in
            for key in ["name", "type", "subtype", "theme"] {
                for text in ["a\u{0}b", "a\nb", "\u{7F}", "\u{85}x", "   ", "\u{3000}\u{2003}"] {
                    try await check.expectRefusal(
                        "create_image",
                        check.imageData([key: .string(text)]),
                        "VALIDATION_ERROR",
                        "text.control-accepted",
                        "a \(key) \(why(text))"
                    )
                }
            }
            guard check.knows("update_image") else { return }
            let image = try await check.create()
            for key in ["name", "type", "subtype", "theme"] {
                for text in [" a\u{7}b ", "\u{9F}", "\u{2003} "] {
                    try await check.expectRefusal(
                        "update_image",
                        check.about(image, [key: .string(text)]),
                        "VALIDATION_ERROR",
                        "text.control-accepted",
                        "update_image: a \(key) \(why(text))"
                    )
                }
            }
        },
        Check("values.url", "Any URI reference is taken as url", .core, ["HUB-VAL-009"]) { check in
            for url in ["/a/b.png", "c.png?x=1", "../d", "#e", "https://example.com/f", "urn:example:g", "//host/h"] {
                let reply = try await check.ask("create_image", check.imageData(["url": .string(url)]))
                try check.notRefused(reply, "url.refused", "the url \(url)")
                try check.success(reply, "create_image")
            }
        },
        Check(
            "values.url-length",
            "A url of 2048 and a format of 32 characters are accepted, longer and empty ones refused",
            .core,
            ["HUB-VAL-017", "HUB-VAL-018"]
        ) { check in
            let longest = "/" + String(repeating: "u", count: 2047)
            try check.success(
                try await check.ask("create_image", check.imageData(["url": .string(longest)])),
                "create_image with a url of 2048 characters"
            )
            try check.success(
                try await check.ask(
                    "create_image",
                    check.imageData(["format": .string(String(repeating: "f", count: 32))])
                ),
                "create_image with a format of 32 characters"
            )
            for (key, value) in [
                ("url", longest + "u"), ("url", ""), ("format", String(repeating: "f", count: 33)), ("format", ""),
            ] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData([key: .string(value)]),
                    "VALIDATION_ERROR",
                    "text.length-accepted",
                    "a \(key) that is empty or too long"
                )
            }
        },
        Check("values.sha256", "A sha256 is 64 lower-case hex digits", .core, ["HUB-VAL-010"]) { check in
            let digits = String(repeating: "0a", count: 32)
            let wrong = [
                (digits.uppercased(), "64 digits in upper case"), (String(digits.dropLast()), "63 digits"),
                (digits + "0", "65 digits"), ("", "no digits"), (String(repeating: "g", count: 64), "64 letters g"),
                // The end of a line matches $ in many languages, and these are digits to Unicode.
                (digits + "\n", "64 digits and a line feed"),
                (String(repeating: "\u{660}a", count: 32), "digits that are not ASCII (U+0660)"),
            ]
            for (value, what) in wrong {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData(["sha256": .string(value)]),
                    "VALIDATION_ERROR",
                    "sha256.wrong-accepted",
                    "a sha256 that is not 64 lower-case hex digits: \(what)"
                )
            }
        },
    ]

    /// What is wrong with a text: its control characters by their numbers, or that it is white space only.
    private static func why(_ text: String) -> String {
        let controls = text.unicodeScalars.filter(\.isControl).map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        return controls.isEmpty
            ? "of white space only (property White_Space)"
            : "with the control character \(controls.joined(separator: ", ")) (category Cc)"
    }
}
