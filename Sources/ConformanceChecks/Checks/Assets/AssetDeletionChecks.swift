/// Removing assets: DELETE (docs/protocol.md §15).
enum AssetDeletionChecks {
    static let all = [
        Check(
            "asset.delete",
            "DELETE answers 204 and removes an asset that no version refers to",
            .assets,
            ["AST-DEL-001"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let answer = try await check.delete(asset.name)
            try check.status(answer, 204, reason: "asset.delete-status", "DELETE of an asset")
            try check.status(
                try await check.get(asset.name),
                404,
                reason: "asset.delete-kept",
                "GET of an asset that was deleted"
            )
        },
        Check(
            "asset.delete-missing",
            "DELETE of an asset that is not there is 404 ASSET_NOT_FOUND",
            .assets,
            ["AST-DEL-003", "AST-DEL-004"],
            needs: [.assets]
        ) { check in
            try check.refused(
                try await check.delete(check.newAsset().name),
                404,
                "ASSET_NOT_FOUND",
                reason: "asset.delete-missing",
                "DELETE of an asset that is not there"
            )
            for name in [check.newAsset().name.uppercased(), "picture.png"] {
                try check.status(
                    try await check.delete(name),
                    404,
                    reason: "asset.delete-bad-name",
                    "DELETE of a name that is not 64 lower-case hex digits"
                )
            }
        },
    ]
}
