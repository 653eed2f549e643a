import HubProtocol
import ImageService

/// Values that many tests start from.
enum Samples {
    static let imageID = "0f8fad5b-d9cb-469f-a165-70867728950e"
    static let sha256 = String(repeating: "0a", count: 32)
    static let labels = ImageLabels(type: "portrait", subtype: "character", name: "Portrait Name", theme: "fantasy")
    static let image = UploadedImage(
        bytes: Array(repeating: 7, count: 1024),
        sha256: sha256,
        format: "png",
        mediaType: "image/png",
        width: 512,
        height: 511
    )

    static func record(id: String = imageID, version: Int = 1) -> ImageRecord {
        ImageRecord(
            id: id,
            type: "portrait",
            subtype: "character",
            name: "Portrait Name",
            theme: "fantasy",
            content: image.content(at: AssetName.path(of: sha256)),
            version: version,
            createdAt: Timestamp(millisecondsSinceEpoch: 1_767_323_045_678),
            updatedAt: Timestamp(millisecondsSinceEpoch: 1_767_323_046_000)
        )
    }
}
