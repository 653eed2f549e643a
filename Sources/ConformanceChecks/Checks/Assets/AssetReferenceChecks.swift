import HubProtocol
import JSON

/// Assets and the images that refer to them (docs/protocol.md §7, §15).
enum AssetReferenceChecks {
    static let all = [
        Check(
            "create.asset-missing",
            "create_image with the sha256 of no asset is ASSET_NOT_FOUND",
            .core,
            ["HUB-CRE-003", "HUB-CON-002"]
        ) { check in
            let name = AssetDigest.ofNothingKnown(check.newID())
            try await check.expectRefusal(
                "create_image",
                check.imageData(["sha256": .string(name)]),
                "ASSET_NOT_FOUND",
                "asset.unknown-accepted",
                "create_image with the sha256 of no asset",
                isWrong: false
            )
            guard check.knows("list_images") else { return }
            let page = try await check.succeed("list_images", ["type": .string(check.type)])
            try check.requireEqual(
                page["total"],
                at: ["data", "total"],
                0,
                "error.had-effect",
                "a refused create_image made an image"
            )
        },
        Check(
            "create.asset",
            "create_image with an asset keeps its sha256",
            .assets,
            ["HUB-CRE-003", "HUB-VAL-001", "AST-CON-001"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let record = try check.success(
                try await check.ask("create_image", check.imageData(of: asset)),
                "create_image with an asset"
            )
            try check.requireEqual(
                record["sha256"],
                at: ["data", "sha256"],
                .string(asset.name),
                "record.value-changed",
                "the record does not have the asset's sha256"
            )
        },
        Check(
            "create.asset-size",
            "create_image with a size that is not the asset's is VALIDATION_ERROR",
            .assets,
            ["HUB-CRE-004"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            for size in [asset.bytes.count - 1, asset.bytes.count + 1, 0] {
                try await check.expectRefusal(
                    "create_image",
                    check.imageData(of: asset).with("size", .integer(Int64(size))),
                    "VALIDATION_ERROR",
                    "asset.other-size-accepted",
                    "create_image with a size that is not the asset's",
                    isWrong: false
                )
            }
        },
        Check(
            "version.asset",
            "create_image_version holds an asset as create_image does",
            .assets,
            ["HUB-CRE-003", "HUB-CRE-004", "AST-DEL-002", "HUB-VER-005"],
            needs: [.assets, .operation("create_image_version")]
        ) { check in
            let first = try await check.storedAsset()
            let image = try await check.setUp { try await check.succeed("create_image", check.imageData(of: first)) }
            let missing = AssetDigest.ofNothingKnown(check.newID())
            try await check.expectRefusal(
                "create_image_version",
                check.versionData(image, ["sha256": .string(missing)]),
                "ASSET_NOT_FOUND",
                "asset.unknown-accepted",
                "create_image_version with the sha256 of no asset",
                isWrong: false
            )
            let asset = try await check.storedAsset()
            func fields(size: Int) -> [String: JSONValue] {
                ["sha256": .string(asset.name), "size": .integer(Int64(size))]
            }
            for size in [asset.bytes.count - 1, asset.bytes.count + 1, 0] {
                try await check.expectRefusal(
                    "create_image_version",
                    check.versionData(image, fields(size: size)),
                    "VALIDATION_ERROR",
                    "asset.other-size-accepted",
                    "create_image_version with a size that is not the asset's",
                    isWrong: false
                )
            }
            try check.success(
                try await check.ask("create_image_version", check.versionData(image, fields(size: asset.bytes.count))),
                "create_image_version with an asset"
            )
            try await check.requireInUse(asset.name, "DELETE of an asset that a later version refers to")
            // The newest version is not the only one.
            try await check.requireInUse(first.name, "DELETE of an asset that an earlier version refers to")
            try await check.requireKept(
                first,
                "asset.in-use-deleted",
                "an asset that an earlier version refers to is gone"
            )
        },
        Check(
            "asset.in-use",
            "DELETE of an asset that a version refers to is 409 ASSET_IN_USE",
            .assets,
            ["AST-DEL-002", "AST-COL-001", "HUB-DEL-004"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let image = try await check.setUp { try await check.succeed("create_image", check.imageData(of: asset)) }
            try await check.requireInUse(asset.name, "DELETE of an asset that a version refers to")
            try await check.requireKept(asset, "asset.in-use-deleted", "an asset that a version refers to is gone")
            try await check.setUp { try await check.succeed("delete_image", check.about(image)) }
            try check.status(
                try await check.delete(asset.name),
                204,
                reason: "asset.still-in-use",
                "DELETE of an asset whose image was deleted"
            )
        },
        Check(
            "asset.shared",
            "An asset that another image refers to stays when one is deleted",
            .assets,
            ["AST-COL-001", "AST-DEL-002"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let one = try await check.setUp { try await check.succeed("create_image", check.imageData(of: asset)) }
            try await check.setUp { try await check.succeed("create_image", check.imageData(of: asset)) }
            try await check.setUp { try await check.succeed("delete_image", check.about(one)) }
            try await check.requireKept(
                asset,
                "asset.in-use-deleted",
                "an asset that another image refers to went with the first image"
            )
            try await check.requireInUse(asset.name, "DELETE of an asset that another image still refers to")
        },
        Check(
            "asset.kept-after-release",
            "An asset that was released is kept for a while",
            .assets,
            ["AST-COL-002"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let image = try await check.setUp { try await check.succeed("create_image", check.imageData(of: asset)) }
            try await check.setUp { try await check.succeed("delete_image", check.about(image)) }
            try await check.quiet()
            let read = try await check.get(asset.name)
            try check.status(read, 200, reason: "asset.collected-early", "GET of an asset that was just released")
        },
        Check(
            "idempotence.asset-error",
            "An ASSET_NOT_FOUND stays the reply of its operation, also once the asset is there",
            .assets,
            ["HUB-IDM-002"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            let question = Question("create_image", check.newID(), check.imageData(of: asset))
            let first = try await check.ask(question)
            try await check.setUp { try check.refused(first, "ASSET_NOT_FOUND", "accepted", "an unknown asset") }
            try await check.setUp {
                try check.status(
                    try await check.put(asset.name, asset.bytes),
                    201,
                    reason: "asset.put-status",
                    "the PUT of a new asset"
                )
            }
            try await check.requireSameReply(
                to: question,
                as: first,
                "operation.error-forgotten",
                "the same operation that had an ASSET_NOT_FOUND gets another reply"
            )
        },
    ]
}

extension CheckContext {
    /// The data of a `create_image` that refers to an asset.
    func imageData(of asset: (name: String, bytes: [UInt8])) -> JSONValue {
        imageData([
            "sha256": .string(asset.name), "size": .integer(Int64(asset.bytes.count)),
            "url": .string(AssetName.path(of: asset.name)),
        ])
    }
}
