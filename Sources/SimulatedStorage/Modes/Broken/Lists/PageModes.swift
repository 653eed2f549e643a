import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in pages and totals.
    static let ofPages: [StorageMode] = [
        .broken(
            "total-of-the-page",
            breaks: "HUB-LST-003",
            "Gives the number of images on this page as `total`.",
            AlteredData(of: .listImages) { $0["total"] = .integer(Int64($0["images"]?.array?.count ?? 0)) }
        ),
        .broken(
            "total-of-everything",
            breaks: "HUB-LST-003",
            "Counts all images for `total`, whether they match or not.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImages else { return try question.decide() }
                return try question.decide(reading: ReaderOfTotals(present: question.reader))
            }
        ),
        .broken(
            "skip-is-1-by-default",
            breaks: "HUB-LST-004",
            "Takes `skip` for the number of a page and starts at 1 where it is not given.",
            Defaults("skip", 1)
        ),
        .broken(
            "limit-is-20-by-default",
            breaks: "HUB-LST-005",
            "Answers 20 images where no `limit` is given: its framework's page.",
            Defaults("limit", 20)
        ),
        .broken(
            "page-bounds-are-clamped",
            breaks: "HUB-LST-006",
            "Takes a `limit` over 1000 for 1000 and a `skip` below 0 for 0.",
            AlteredDecisions { question throws(RecordStoreError) in
                var data = question.data
                if let limit = data["limit"]?.integer { data["limit"] = .integer(min(max(limit, 1), 1000)) }
                if let skip = data["skip"]?.integer { data["skip"] = .integer(max(skip, 0)) }
                return try question.decide(data: data)
            }
        ),
        .broken(
            "total-is-lost-past-the-end",
            breaks: "HUB-LST-007",
            "Reads `total` off the rows of the page (`count(*) over ()`): past the end it is 0.",
            AlteredData(of: .listImages) { if $0["images"]?.array?.isEmpty == true { $0["total"] = 0 } }
        ),
        .broken(
            "skip-past-the-end-is-invalid",
            breaks: "HUB-LST-007",
            "Answers a page past the end with an error, as paginators do.",
            AlteredDecisions { question throws(RecordStoreError) in
                let decision = try question.decide()
                guard case .outcome(.images(let page)) = decision.answer, page.images.isEmpty,
                    let skip = question.data["skip"]?.integer, skip > 0
                else { return decision }
                return try question.refuse(invalid: "skip", "is past the end")
            }
        ),
        .broken(
            "skip-after-limit",
            breaks: "HUB-LST-008",
            "Cuts the page before it skips: what is skipped is missing from it.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImages, let skip = question.data["skip"]?.integer, skip > 0 else {
                    return try question.decide()
                }
                var decision = try question.decide(without: ["skip"])
                decision.changeData(to: question.request.operationID) { data in
                    data["images"] = data["images"]?.array.map { .array(Array($0.dropFirst(Int(min(skip, 1000))))) }
                }
                return decision
            }
        ),
        .broken(
            "limit-is-ignored",
            breaks: "HUB-LST-011",
            "Lists up to 1000 images whatever `limit` says, so that pages overlap.",
            listing(limits: 1...1000, as: 1000)
        ),
        .broken(
            "page-of-250-at-most",
            breaks: "HUB-LST-011",
            "Lists 250 images where a higher `limit` is given: its database's driver reads no more at a time.",
            listing(limits: 251...1000, as: 250)
        ),
        .broken(
            "lists-show-first-versions",
            breaks: "HUB-LST-009",
            "Lists every image with the content of its first version.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImages else { return try question.decide() }
                return try question.decide(reading: ReaderOfFirstVersions(present: question.reader))
            }
        ),
        .broken(
            "lists-show-images-as-created",
            breaks: "HUB-LST-009",
            "Lists images with the `updated_at` that they were created with.",
            AlteredData(of: .listImages) { data in
                data["images"] = data["images"]?.array.map { images in
                    .array(
                        images.map { image in
                            guard var record = image.object, let created = image["metadata"]?["created_at"] else {
                                return image
                            }
                            record.changeMetadata { $0["updated_at"] = created }
                            return .object(record)
                        }
                    )
                }
            }
        ),
    ]
}

/// Another default for a field of `list_images`.
private struct Defaults: Conduct {
    let key: String
    let value: JSONValue

    init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .listImages, (question.data[key] ?? .null) == .null else {
            return try question.decide()
        }
        return try question.decide(with: [key: value])
    }
}

/// Lists as if another `limit` was given, where it is one of these.
private func listing(limits: ClosedRange<Int64>, as limit: Int64) -> AlteredDecisions {
    AlteredDecisions { question throws(RecordStoreError) in
        guard question.operation == .listImages, let given = question.data["limit"]?.integer, limits.contains(given)
        else { return try question.decide() }
        return try question.decide(with: ["limit": .integer(limit)])
    }
}

private struct ReaderOfFirstVersions: PassingReader {
    let present: any RecordReader

    func images(matching filter: ImageFilter, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageRecord] {
        var images = try present.images(matching: filter, skip: skip, limit: limit)
        for index in images.indices {
            if let first = try present.version(1, of: images[index].id) { images[index] = images[index].with(first) }
        }
        return images
    }
}

private struct ReaderOfTotals: PassingReader {
    let present: any RecordReader

    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int {
        try present.imageCount(matching: ImageFilter())
    }
}
