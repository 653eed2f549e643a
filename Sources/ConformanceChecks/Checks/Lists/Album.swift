import JSON

/// More images than a default page has, of one type and one theme: made once, for all checks of lists.
struct Album {
    /// What alone is asked for: the album has a type and a theme that nobody else has.
    enum Filter: String, CaseIterable {
        case type, theme
    }

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
                    let data = maker.imageData([
                        "type": .string(type), "theme": .string(type), "name": .string("image \(number)"),
                    ])
                    return Question("create_image", maker.newID(), data)
                }
                for reply in try await maker.askTogether(questions) {
                    ids.append(try maker.success(reply, "create_image")["id"] ?? .null)
                }
            }
            // The oldest is the one that changed last. What is wrong with that, other checks say.
            if maker.knows("update_image"), let oldest = ids.first {
                _ = try await maker.ask("update_image", ["image_id": oldest, "subtype": "changed"])
            }
            return ids
        }
    }

    func list(
        _ check: CheckContext,
        by filter: Filter = .type,
        _ fields: [String: JSONValue]
    ) async throws -> JSONValue {
        let data = JSONValue.object(fields.merging([filter.rawValue: .string(type)]) { own, _ in own })
        return try await check.succeed("list_images", data)
    }

    func page(
        _ check: CheckContext,
        by filter: Filter = .type,
        _ fields: [String: JSONValue]
    ) async throws -> [JSONValue] {
        try check.images(try await list(check, by: filter, fields))
    }
}
