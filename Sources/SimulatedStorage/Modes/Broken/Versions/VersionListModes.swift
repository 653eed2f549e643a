import HubProtocol
import JSON

extension StorageMode {
    /// Mistakes in the list of versions.
    static let ofVersionLists: [StorageMode] = [
        .broken(
            "versions-descending",
            breaks: "HUB-VLS-001",
            "Lists the newest version first.",
            AlteredData(of: .listImageVersions) { $0["versions"] = $0["versions"]?.array.map { .array($0.reversed()) } }
        ),
        .broken(
            "versions-without-created-at",
            breaks: "HUB-VLS-002",
            "Lists versions without `created_at`.",
            AlteredRecords { if $0["metadata"] == nil { $0["created_at"] = nil } }
        ),
        .broken(
            "versions-of-1970",
            breaks: "HUB-VLS-006",
            "Lists every version as added in 1970: its table has no column for the time.",
            AlteredRecords { members in
                guard members["metadata"] == nil, members["created_at"] != nil else { return }
                members["created_at"] = "1970-01-01T00:00:00.000Z"
            }
        ),
    ]

    /// Mistakes in which versions are listed, and with which content.
    static let ofVersionPages: [StorageMode] = [
        .broken(
            "versions-without-pages",
            breaks: "HUB-VLS-003",
            "Lists all versions whatever `skip` and `limit` say.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImageVersions else { return try question.decide() }
                return try question.decide(without: ["skip", "limit"])
            }
        ),
        .broken(
            "versions-are-10-by-default",
            breaks: "HUB-VLS-003",
            "Lists 10 versions where no `limit` is given.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImageVersions, (question.data["limit"] ?? .null) == .null else {
                    return try question.decide()
                }
                return try question.decide(with: ["limit": 10])
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
