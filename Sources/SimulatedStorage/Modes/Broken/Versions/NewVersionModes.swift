import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes in adding a version.
    static let ofNewVersions: [StorageMode] = [
        .broken(
            "new-version-has-the-old-number",
            breaks: "HUB-VER-001",
            "Answers `create_image_version` with the record as it was numbered before.",
            AlteredData(of: .createImageVersion) { data in
                if let version = data["version"]?.integer { data["version"] = .integer(version - 1) }
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
                return try question.decide(without: ["expected_version"])
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
    ]
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
        return try question.decide(without: ["expected_version"])
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
