import HubProtocol

/// Where the bytes of a content are read from.
package enum AssetLocation {
    /// The URL below the asset API's base; `nil` where the record points somewhere else.
    ///
    /// An asset has its name, so the record's `url` is not needed. A record without a digest (the guide's own payload)
    /// has only its `url`, a URI reference that is resolved against the storage URL (contract §7). Whoever may write
    /// records must not be able to make this service fetch from anywhere else, so it is followed only to the storage
    /// service itself: same scheme, same host, same port.
    package static func url(of content: ImageContent, base: String) -> String? {
        if let sha256 = content.sha256 { return base + AssetName.path(of: sha256) }
        let storage = URIReference(base)
        let url = URIReference.url(content.url, from: base)
        guard let authority = storage.authority, url.authority?.lowercased() == authority.lowercased(),
            url.scheme?.lowercased() == storage.scheme?.lowercased()
        else { return nil }
        return url.description
    }
}
