import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird

extension StorageMode {
    /// Mistakes in `DELETE`.
    static let ofRemoval: [StorageMode] = [
        .broken(
            "delete-keeps-the-asset",
            breaks: "AST-DEL-001",
            "Answers `DELETE` with 204 and leaves the bytes to a job that never runs.",
            AlteredAnswers { exchange, faultless in
                guard exchange.isAboutAsset, exchange.request.method == .delete,
                    let (asset, _) = try await exchange.core.assets.get(exchange.name), asset.references == 0
                else { return try await faultless(exchange) }
                return Response(status: .noContent)
            }
        ),
        .broken(
            "delete-removes-what-is-in-use",
            breaks: "AST-DEL-002",
            "Removes an asset that a version refers to.",
            AssetsGo(.whenDeletedInUse)
        ),
        .broken(
            "delete-removes-assets-of-older-versions",
            breaks: "AST-DEL-002",
            "Removes an asset that only an older version refers to: it looks at the newest of each image.",
            AssetsGo(.whenDeletedOutdated)
        ),
        .broken(
            "delete-of-nothing-is-204",
            breaks: "AST-DEL-003",
            "Answers `DELETE` of an asset that is not there with 204.",
            StatusChange(of: .delete, from: .notFound, to: .noContent)
        ),
        .broken(
            "delete-of-a-bad-name-is-400",
            breaks: "AST-DEL-004",
            "Answers `DELETE` of a name that is no digest as it answers its `PUT`.",
            AlteredAnswers { exchange, faultless in
                let response = try await faultless(exchange)
                guard exchange.isAboutAsset, exchange.request.method == .delete, response.status == .notFound,
                    !AssetName.isValid(exchange.name)
                else { return response }
                return APIError(.badRequest, "DIGEST_MISMATCH", "This is no digest.").response
            }
        ),
    ]

    /// Mistakes with assets whose images are deleted.
    static let ofRelease: [StorageMode] = [
        .broken(
            "shared-asset-goes-with-one-image",
            breaks: "AST-COL-001",
            "Removes an image's asset with the image, though another image refers to it.",
            AssetsGo(.withAnyImage)
        ),
        .broken(
            "asset-goes-with-its-last-image",
            breaks: "AST-COL-002",
            "Removes an asset at once when the last image that refers to it is deleted.",
            AssetsGo(.withLastImage)
        ),
    ]
}

/// Assets that are gone for all who ask, though the store has them.
private final class AssetsGo: Conduct {
    enum Occasion {
        /// A `DELETE` comes, whoever refers to it.
        case whenDeletedInUse
        /// A `DELETE` comes, and a version that is not the newest refers to it.
        case whenDeletedOutdated
        /// An image that refers to it is deleted, whoever else does.
        case withAnyImage
        /// The last image that refers to it is deleted.
        case withLastImage
    }

    private let occasion: Occasion
    private let gone = RecentNotes<Bool>()
    /// Assets of versions that are the newest no more.
    private let outdated = RecentNotes<Bool>()

    init(_ occasion: Occasion) { self.occasion = occasion }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard let id = question.imageID else { return try question.decide() }
        if question.operation == .createImageVersion {
            let former = try question.reader.image(id)?.content.sha256
            let decision = try question.decide()
            if decision.isSuccess, let former { outdated.note(true, for: former) }
            return decision
        }
        guard question.operation == .deleteImage, occasion == .withAnyImage || occasion == .withLastImage else {
            return try question.decide()
        }
        let versions = try question.reader.versions(of: id, skip: 0, limit: ProtocolLimits.pageLimitMax)
        let decision = try question.decide()
        guard decision.isSuccess else { return decision }
        let names = versions.compactMap(\.content.sha256)
        for name in Set(names) {
            guard let asset = try question.reader.asset(name) else { continue }
            let isShared = asset.references > names.count { $0 == name }
            if isShared == (occasion == .withAnyImage) { gone.note(true, for: name) }
        }
        return decision
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        guard exchange.isAboutAsset else { return try await faultless(exchange) }
        if gone[exchange.name] != nil {
            guard exchange.isPut else {
                return APIError(.notFound, "ASSET_NOT_FOUND", "There is no asset with this name.").response
            }
            let response = try await faultless(exchange)
            if response.status.kind == .successful { gone.update(exchange.name) { $0 = nil } }
            return response
        }
        let response = try await faultless(exchange)
        let isMeant =
            occasion == .whenDeletedInUse
            || (occasion == .whenDeletedOutdated && outdated[exchange.name] != nil)
        guard isMeant, exchange.request.method == .delete, response.status == .conflict else { return response }
        gone.note(true, for: exchange.name)
        return Response(status: .noContent)
    }
}
