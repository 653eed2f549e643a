import JSON

/// The steps that checks of events are made of.
extension CheckContext {
    /// Carries out an operation that the check stands on.
    func effect(
        _ operation: String,
        _ data: JSONValue,
        id given: String? = nil
    ) async throws -> (record: JSONValue, id: String) {
        let id = given ?? newID()
        let record = try await setUp { try await succeed(operation, data, id: id) }
        return (record, id)
    }

    /// The newest record of an image of so many versions, where the service knows versions; else of one.
    func image(ofVersions count: Int) async throws -> JSONValue {
        var record = try await create()
        guard mayAddVersions else { return record }
        for _ in 1..<count {
            record = try await setUp { try await succeed("create_image_version", versionData(record)) }
        }
        return record
    }

    /// The event of an operation.
    @discardableResult
    func event(_ name: String, _ id: String) async throws -> Received {
        let found = await session.events.take(within: run.timeout) {
            $0.delivery.routingKey == name && $0.json?["operation_id"]?.string == id
        }
        guard let found else {
            try Task.checkCancellation()
            throw CheckFailure("event.missing", "no \(name) with the operation's id was published")
        }
        note(found)
        return found
    }

    /// Fails where the event of an operation carries another record.
    func expectEvent(_ name: String, _ id: String, _ record: JSONValue) async throws {
        let found = try await event(name, id)
        try requireEqual(
            found.json?["data"],
            at: ["data"],
            record,
            "event.other-record",
            "the data of \(name) is not the record that was answered"
        )
    }

    /// Another effect, and its event: what would be published before it is there.
    func eventBarrier() async throws {
        let (_, id) = try await effect("create_image", imageData())
        try await setUp { try await event("image.created", id) }
        try await quiet()
    }
}
