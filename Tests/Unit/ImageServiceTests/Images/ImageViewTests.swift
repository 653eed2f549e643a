import HubProtocol
import ImageService
import Testing

@Suite struct ImageViewTests {
    @Test func hasTheGuidesShape() {
        #expect(
            ImageView(Samples.record(version: 2), publicURL: "https://example.org/x").json == [
                "id": .string(Samples.imageID), "type": "portrait", "subtype": "character", "name": "Portrait Name",
                "version": 2,
                "content": [
                    "url": .string(
                        "https://example.org/x/api/v2/images/\(Samples.imageID)/content?version=2"
                    ),
                    "format": "png", "size": ["width": 512, "height": 511], "bytes": 1024,
                    "sha256": .string(Samples.sha256),
                ],
                "metadata": [
                    "theme": "fantasy", "created_at": "2026-01-02T03:04:05.678Z",
                    "updated_at": "2026-01-02T03:04:06.000Z",
                ],
            ]
        )
    }

    @Test func aRecordWithoutDigestShowsNone() {
        var record = Samples.record()
        record.content.sha256 = nil
        #expect(ImageView(record, publicURL: "").json["content"]?["sha256"] == .null)
    }

    @Test func aVersionShowsItsOwnContent() {
        let record = Samples.record()
        let version = ImageVersion(version: 7, content: record.content, createdAt: record.createdAt)
        let json = VersionView(version, of: "a b", publicURL: "http://h").json
        #expect(json["version"] == 7)
        #expect(json["created_at"] == "2026-01-02T03:04:05.678Z")
        #expect(json["content"]?["url"] == "http://h/api/v2/images/a%20b/content?version=7")
    }
}
