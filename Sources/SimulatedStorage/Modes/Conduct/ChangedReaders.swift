import HubProtocol

/// A state on which changed data is judged: what was remembered of the data as asked counts for it.
struct ReaderOfChangedData: PassingReader {
    let present: any RecordReader
    let asked: OperationFingerprint
    let given: OperationFingerprint

    func operation(_ operationID: String) throws(RecordStoreError) -> RememberedOperation? {
        guard var remembered = try present.operation(operationID) else { return nil }
        // No SHA-256 is empty: another payload stays another.
        remembered.fingerprint = remembered.fingerprint == asked ? given : OperationFingerprint(bytes: [])
        return remembered
    }
}

/// A state in which operations are remembered otherwise.
struct ReaderOfMemory: PassingReader {
    let present: any RecordReader
    let change: (RememberedOperation) -> RememberedOperation?

    func operation(_ operationID: String) throws(RecordStoreError) -> RememberedOperation? {
        try present.operation(operationID).flatMap(change)
    }
}

/// A state in which images read otherwise; lists stay.
struct ReaderOfImages: PassingReader {
    let present: any RecordReader
    let change: (ImageRecord) -> ImageRecord?

    func image(_ id: String) throws(RecordStoreError) -> ImageRecord? { try present.image(id).flatMap(change) }
}

/// A state in which assets read otherwise.
struct ReaderOfAssets: PassingReader {
    let present: any RecordReader
    let change: (StoredAsset) -> StoredAsset

    func asset(_ name: String) throws(RecordStoreError) -> StoredAsset? { try present.asset(name).map(change) }
}

/// A state whose lists are made of all images by rules of their own.
struct ReaderOfLists: PassingReader {
    let present: any RecordReader
    /// All images in, those of the list out, before the page is cut.
    let arrange: ([ImageRecord], ImageFilter) -> [ImageRecord]

    func images(matching filter: ImageFilter, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageRecord] {
        Array(arrange(try allImages(), filter).dropFirst(skip).prefix(limit))
    }

    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int {
        arrange(try allImages(), filter).count
    }
}
