import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes in lists and pages.
    static let ofLists: [StorageMode] = [
        .broken(
            "newest-first",
            breaks: "HUB-LST-001",
            "Lists the newest images first.",
            Lists { images, filter in images.filter(filter.matches).reversed() }
        ),
        .broken(
            "sorted-by-id",
            breaks: "HUB-LST-001",
            "Lists images by their id alone: the order of its primary key.",
            Lists { images, filter in
                images.filter(filter.matches).sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
            }
        ),
        .broken(
            "filters-without-case",
            breaks: "HUB-LST-002",
            "Compares `type` and `theme` without regard to upper and lower case.",
            Lists { images, filter in
                images.filter { image in
                    (filter.type.map { $0.lowercased() == image.type.lowercased() } ?? true)
                        && (filter.theme.map { $0.lowercased() == image.theme.lowercased() } ?? true)
                }
            }
        ),
        .broken(
            "any-filter-matches",
            breaks: "HUB-LST-002",
            "Lists an image that has the `type` or the `theme`, where both are asked for.",
            Lists { images, filter in
                images.filter { image in
                    guard let type = filter.type, let theme = filter.theme else { return filter.matches(image) }
                    return image.type == type || image.theme == theme
                }
            }
        ),
        .broken(
            "total-of-the-page",
            breaks: "HUB-LST-003",
            "Gives the number of images on this page as `total`.",
            PageData { $0["total"] = .integer(Int64($0["images"]?.array?.count ?? 0)) }
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
            PageData { if $0["images"]?.array?.isEmpty == true { $0["total"] = 0 } }
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
                var decision = try question.decide(data: question.data.filter { $0.key != "skip" })
                decision.changeData(to: question.request.operationID) { data in
                    data["images"] = data["images"]?.array.map { .array(Array($0.dropFirst(Int(min(skip, 1000))))) }
                }
                return decision
            }
        ),
        .broken(
            "limit-is-ignored",
            breaks: "HUB-LST-008",
            "Lists up to 1000 images whatever `limit` says, so that pages overlap.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImages, let limit = question.data["limit"]?.integer,
                    (1...1000).contains(limit)
                else { return try question.decide() }
                return try question.decide(data: question.data.merging(["limit": 1000]) { $1 })
            }
        ),
        .broken(
            "lists-show-images-as-created",
            breaks: "HUB-LST-009",
            "Lists images with the `updated_at` that they were created with.",
            PageData { data in
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

    /// Mistakes with versions.
    static let ofVersions: [StorageMode] = [
        .broken(
            "new-version-has-the-old-number",
            breaks: "HUB-VER-001",
            "Answers `create_image_version` with the record as it was numbered before.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                if question.operation == .createImageVersion {
                    decision.changeData(to: question.request.operationID) { data in
                        if let version = data["version"]?.integer { data["version"] = .integer(version - 1) }
                    }
                }
                return decision
            }
        ),
        .broken(
            "expected-version-is-ignored",
            breaks: "HUB-VER-002",
            "Adds a version whatever `expected_version` says.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let expected = question.data["expected_version"]?.integer, expected > 0 else {
                    return try question.decide()
                }
                return try question.decide(data: question.data.filter { $0.key != "expected_version" })
            }
        ),
        .broken(
            "expected-version-is-raced",
            breaks: "HUB-VER-003",
            "Compares `expected_version` before it locks: of several at the same time, all succeed.",
            ExpectedVersionIsRaced()
        ),
        .broken(
            "old-versions-are-dropped",
            breaks: "HUB-VER-004",
            "Keeps the newest version alone, to save room.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.decide(reading: ReaderOfNewestVersions(present: question.reader))
            }
        ),
        .broken(
            "versions-descending",
            breaks: "HUB-VLS-001",
            "Lists the newest version first.",
            VersionData { $0["versions"] = $0["versions"]?.array.map { .array($0.reversed()) } }
        ),
        .broken(
            "versions-without-created-at",
            breaks: "HUB-VLS-002",
            "Lists versions without `created_at`.",
            AlteredRecords { if $0["metadata"] == nil { $0["created_at"] = nil } }
        ),
        .broken(
            "assets-of-versions-are-not-looked-for",
            breaks: "HUB-VER-005",
            "Looks for the asset of a new image, and not for that of a new version.",
            AlteredDecisions { question throws(RecordStoreError) in
                try question.operation == .createImageVersion ? question.decideWithoutAsset() : question.decide()
            }
        ),
        .broken(
            "new-version-resets-the-theme",
            breaks: "HUB-VER-006",
            "Writes the default theme with every new version.",
            AlteredDecisions { question throws(RecordStoreError) in
                var decision = try question.decide()
                guard question.operation == .createImageVersion, decision.isSuccess else { return decision }
                decision.changeRecord(to: question.request.operationID) { $0.theme = "default" }
                decision.changes = decision.changes.flatMap { change in
                    guard case .addVersion(let record) = change else { return [change] }
                    return [change, .updateImage(record)]
                }
                return decision
            }
        ),
        .broken(
            "needs-expected-version",
            breaks: "HUB-VER-007",
            "Refuses a new version without `expected_version`.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .createImageVersion,
                    (question.data["expected_version"] ?? .null) == .null
                else { return try question.decide() }
                return try question.refuse(invalid: "expected_version", "is missing")
            }
        ),
        .broken(
            "version-of-no-image-is-invalid",
            breaks: "HUB-VER-008",
            "Answers `create_image_version` of an image that is not there with `VALIDATION_ERROR`.",
            MissingImageIsInvalid(for: .createImageVersion)
        ),
        .broken(
            "expected-version-0-is-none",
            breaks: "HUB-VER-009",
            "Takes an `expected_version` of 0 or less for none.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard let expected = question.data["expected_version"]?.integer, expected < 1 else {
                    return try question.decide()
                }
                return try question.decide(data: question.data.filter { $0.key != "expected_version" })
            }
        ),
        .broken(
            "versions-without-pages",
            breaks: "HUB-VLS-003",
            "Lists all versions whatever `skip` and `limit` say.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImageVersions else { return try question.decide() }
                return try question.decide(data: question.data.filter { !["skip", "limit"].contains($0.key) })
            }
        ),
        .broken(
            "versions-of-no-image-are-none",
            breaks: "HUB-VLS-004",
            "Answers `list_image_versions` of an image that is not there with an empty list.",
            AlteredDecisions { question throws(RecordStoreError) in
                let decision = try question.decide()
                guard question.operation == .listImageVersions, decision.failure?.knownCode == .imageNotFound else {
                    return decision
                }
                return try question.answer(.versions(VersionPage(versions: [])))
            }
        ),
        .broken(
            "versions-all-have-the-newest-content",
            breaks: "HUB-VLS-005",
            "Lists every version with the content of the newest: it joins with the image.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImageVersions, let id = question.imageID,
                    let newest = try question.reader.image(id)
                else { return try question.decide() }
                var decision = try question.decide()
                guard case .outcome(.versions(let page)) = decision.answer else { return decision }
                let versions = page.versions.map { version in
                    ImageVersion(version: version.version, content: newest.content, createdAt: version.createdAt)
                }
                decision.answer = .outcome(.versions(VersionPage(versions: versions)))
                return decision
            }
        ),
    ]
}

/// Lists by rules of its own; total and pages go with them.
private struct Lists: Conduct {
    let arrange: @Sendable ([ImageRecord], ImageFilter) -> [ImageRecord]

    init(_ arrange: @escaping @Sendable ([ImageRecord], ImageFilter) -> [ImageRecord]) { self.arrange = arrange }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .listImages else { return try question.decide() }
        return try question.decide(reading: ReaderOfLists(present: question.reader, arrange: arrange))
    }
}

/// Answers `list_images` with other data.
private struct PageData: Conduct {
    let change: AlteredMembers

    init(_ change: @escaping AlteredMembers) { self.change = change }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        if question.operation == .listImages { decision.changeData(to: question.request.operationID, change) }
        return decision
    }
}

/// Answers `list_image_versions` with other data.
private struct VersionData: Conduct {
    let change: AlteredMembers

    init(_ change: @escaping AlteredMembers) { self.change = change }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        var decision = try question.decide()
        if question.operation == .listImageVersions { decision.changeData(to: question.request.operationID, change) }
        return decision
    }
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
        return try question.decide(data: question.data.merging([key: value]) { $1 })
    }
}

private struct ReaderOfTotals: PassingReader {
    let present: any RecordReader

    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int {
        try present.imageCount(matching: ImageFilter())
    }
}

private struct ReaderOfNewestVersions: PassingReader {
    let present: any RecordReader

    func version(_ number: Int, of imageID: String) throws(RecordStoreError) -> ImageVersion? {
        try present.image(imageID)?.version == number ? try present.version(number, of: imageID) : nil
    }

    func versions(of imageID: String, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageVersion] {
        guard let newest = try present.image(imageID)?.version else { return [] }
        let versions = try present.versions(of: imageID, skip: newest - 1, limit: 1)
        return Array(versions.dropFirst(skip).prefix(limit))
    }
}

/// Whoever asks while another of the same expectation is under way has been compared with what was there before it.
private final class ExpectedVersionIsRaced: Conduct {
    private struct Race {
        let key: String
        /// Whether another one was under way when it came.
        let isLate: Bool
    }

    /// How many are under way with the same image and expectation.
    private let underWay = RecentNotes<Int>()
    private let races = RecentNotes<Race>()

    /// How long writing takes after comparing.
    private static let pause = Duration.milliseconds(100)

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard let request = delivery.request, request.operation == OperationName.createImageVersion.rawValue,
            let image = request.data["image_id"]?.string,
            let expected = request.data["expected_version"]?.integer, expected > 0
        else { return delivery }
        let key = "\(image) \(expected)"
        races.update(request.operationID) { race in
            // One that comes again is under way already, or over.
            guard race == nil else { return }
            let others = underWay.update(key) { count in
                defer { count = (count ?? 0) + 1 }
                return count ?? 0
            }
            race = Race(key: key, isLate: others > 0)
        }
        return delivery
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard races[question.request.operationID]?.isLate == true else { return try question.decide() }
        return try question.decide(data: question.data.filter { $0.key != "expected_version" })
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        if publication.kind == .reply, let id = publication.operationID, let race = races.take(id) {
            await line.pause(Self.pause)
            underWay.update(race.key) { count in
                let left = (count ?? 1) - 1
                count = left > 0 ? left : nil
            }
        }
        try await line.publish(publication)
    }
}
