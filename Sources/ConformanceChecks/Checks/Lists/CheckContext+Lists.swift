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
}

extension [JSONValue] {
    /// The ids of records.
    var ids: [String] { map { $0["id"]?.string ?? "" } }
}
