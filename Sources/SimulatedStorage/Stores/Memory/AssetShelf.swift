import HubProtocol
import Octets

/// What a memory store knows of assets, and which of them nothing refers to, by how long.
struct AssetShelf: Sendable {
    private struct Idle: Sendable, Comparable {
        let since: Timestamp
        let name: ExactText

        static func < (left: Idle, right: Idle) -> Bool {
            left.since != right.since ? left.since < right.since : left.name < right.name
        }
    }

    private var assets: [ExactText: StoredAsset] = [:]
    private var idle = SortedIndex<Idle>()

    var count: Int { assets.count }

    subscript(name: String) -> StoredAsset? { assets[ExactText(name)] }

    func idle(since time: Timestamp, limit: Int) -> [StoredAsset] {
        idle.page(skip: 0, limit: limit).prefix { $0.since <= time }.compactMap { assets[$0.name] }
    }

    mutating func insert(_ asset: StoredAsset) {
        precondition(self[asset.name] == nil, "Cannot insert an asset that is there")
        assets[ExactText(asset.name)] = asset
        if asset.references == 0 { idle.insert(Idle(since: asset.idleSince, name: ExactText(asset.name))) }
    }

    mutating func remove(_ name: String) {
        guard let asset = assets.removeValue(forKey: ExactText(name)) else {
            preconditionFailure("Cannot remove an asset that is not there")
        }
        precondition(asset.references == 0, "Cannot remove an asset that a version refers to")
        idle.remove(Idle(since: asset.idleSince, name: ExactText(name)))
    }

    mutating func touch(_ name: String, at time: Timestamp) {
        change(name) { $0.idleSince = max($0.idleSince, time) }
    }

    mutating func retain(_ name: String) {
        change(name) { $0.references += 1 }
    }

    mutating func release(_ name: String, at time: Timestamp) {
        change(name) { asset in
            precondition(asset.references > 0, "Cannot release an asset that nothing refers to")
            asset.references -= 1
            asset.idleSince = max(asset.idleSince, time)
        }
    }

    private mutating func change(_ name: String, _ body: (inout StoredAsset) -> Void) {
        let key = ExactText(name)
        guard var asset = assets[key] else { preconditionFailure("Cannot change an asset that is not there") }
        if asset.references == 0 { idle.remove(Idle(since: asset.idleSince, name: key)) }
        body(&asset)
        if asset.references == 0 { idle.insert(Idle(since: asset.idleSince, name: key)) }
        assets[key] = asset
    }
}
