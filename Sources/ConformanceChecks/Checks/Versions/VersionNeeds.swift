/// What the checks of versions need.
enum VersionNeeds {
    static let adding: [Capability] = [.operation("create_image_version")]
    static let listing: [Capability] = [
        .operation("create_image_version"), .operation("list_image_versions"),
    ]
}
