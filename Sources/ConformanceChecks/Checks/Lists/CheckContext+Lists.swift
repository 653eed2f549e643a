import JSON

/// The steps that checks of lists are made of.
extension CheckContext {
    /// The images of a list that has to be answered.
    func listImages(_ data: JSONValue) async throws -> [JSONValue] {
        try images(try await succeed("list_images", data))
    }

    /// The images in the data of a list.
    func images(_ page: JSONValue) throws(CheckFailure) -> [JSONValue] {
        guard let images = page["images"]?.array else {
            throw CheckFailure("list.no-images", "the data of list_images has no array images", actual: page)
        }
        return images
    }

    /// Fails for a reason where a list has other images.
    func requireImages(
        _ listed: [JSONValue],
        _ right: [JSONValue],
        _ reason: String,
        _ message: @autoclosure () -> String
    ) throws(CheckFailure) {
        try require(
            listed.ids == right.ids,
            reason,
            message(),
            expected: ["data": ["images": .array(right.ids.map { ["id": .string($0)] })]],
            actual: ["data": ["images": .array(listed)]]
        )
    }
}

extension [JSONValue] {
    /// The ids of records.
    var ids: [String] { map { $0["id"]?.string ?? "" } }
}
