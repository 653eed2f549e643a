import HubProtocol

/// A state that is another one but for what it changes.
protocol PassingReader: RecordReader {
    var present: any RecordReader { get }
}

extension PassingReader {
    func operation(_ operationID: String) throws(RecordStoreError) -> RememberedOperation? {
        try present.operation(operationID)
    }

    func image(_ id: String) throws(RecordStoreError) -> ImageRecord? { try present.image(id) }

    func version(_ number: Int, of imageID: String) throws(RecordStoreError) -> ImageVersion? {
        try present.version(number, of: imageID)
    }

    func versions(of imageID: String, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageVersion] {
        try present.versions(of: imageID, skip: skip, limit: limit)
    }

    func images(matching filter: ImageFilter, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageRecord] {
        try present.images(matching: filter, skip: skip, limit: limit)
    }

    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int {
        try present.imageCount(matching: filter)
    }

    func asset(_ name: String) throws(RecordStoreError) -> StoredAsset? { try present.asset(name) }

    func idleAssets(since: Timestamp, limit: Int) throws(RecordStoreError) -> [StoredAsset] {
        try present.idleAssets(since: since, limit: limit)
    }

    func pendingEvents(limit: Int) throws(RecordStoreError) -> [PendingEvent] {
        try present.pendingEvents(limit: limit)
    }

    func usage() throws(RecordStoreError) -> StoreUsage { try present.usage() }

    /// All images that there are, in the order of lists: for modes that list by rules of their own.
    func allImages() throws(RecordStoreError) -> [ImageRecord] {
        try present.images(matching: ImageFilter(), skip: 0, limit: .max)
    }
}
