/// What the checks of versions need: a new version names an asset (HUB-VER-010).
enum VersionNeeds {
    static let adding: [Capability] = [.operation("create_image_version"), .assets]
    static let listing: [Capability] = [
        .operation("create_image_version"), .operation("list_image_versions"), .assets,
    ]
}
