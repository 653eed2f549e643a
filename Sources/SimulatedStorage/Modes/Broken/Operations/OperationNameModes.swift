import HubProtocol
import JSON
import MessageHub

extension StorageMode {
    /// Mistakes in which operations there are.
    static let ofOperationNames: [StorageMode] = [
        .broken(
            "no-delete",
            breaks: "HUB-OPS-001",
            "Does not implement `delete_image`: nothing is ever deleted there.",
            WithoutOperations([.deleteImage])
        ),
        .broken(
            "no-lists",
            breaks: "HUB-OPS-001",
            "Does not implement `list_images`: who wants an image knows its id.",
            WithoutOperations([.listImages])
        ),
        .broken(
            "no-versions",
            breaks: "HUB-OPS-002",
            "Implements neither `create_image_version` nor `list_image_versions`.",
            WithoutOperations([.createImageVersion, .listImageVersions])
        ),
        .broken(
            "unknown-operations-are-invalid",
            breaks: "HUB-OPS-003",
            "Answers an operation that it does not know with `VALIDATION_ERROR`.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == nil else { return try question.decide() }
                return try question.refuse(StorageFailure(.validationError, "there is no such operation"))
            }
        ),
    ]
}

/// Some operations are unknown, and not announced.
private struct WithoutOperations: Conduct {
    let names: Set<String>

    init(_ operations: [OperationName]) { names = Set(operations.map(\.rawValue)) }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard names.contains(question.request.operation) else { return try question.decide() }
        return try question.refuse(.unknownOperation(question.request.operation))
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .announcement {
            publication.changeBody { members in
                let all = members["operations"]?.array ?? []
                members["operations"] = .array(all.filter { !names.contains($0.string ?? "") })
            }
        }
        try await line.publish(publication)
    }
}
