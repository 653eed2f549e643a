/// A way in which a simulated storage is not the usual one: a *broken mode* makes one mistake that an author could make,
/// an *odd but legal mode* does something that the document allows and few expect.
///
///     configuration.mode = StorageMode.named("total-of-the-page")
///
/// With a broken mode a checker is tried: it must find the mistake. With a legal one it must find none.
public struct StorageMode: Sendable {
    /// In kebab-case; unique.
    public let name: String
    /// What is done otherwise, in a sentence for the author of a storage.
    public let summary: String
    /// Sentences of `docs/protocol.md`: the one that a broken mode breaks, or those that allow what a legal one does.
    public let requirements: [String]
    /// Whether the document allows it.
    public let isLegal: Bool
    /// Whether checking it takes a multiple of the usual time, as it takes its time over requests, or leaves some
    /// unanswered that are waited for. Whoever checks many modes side by side begins with these.
    public let isSlow: Bool
    let makeConduct: @Sendable () -> any Conduct

    /// The sentence that it breaks, or the first that allows it.
    public var requirement: String { requirements[0] }

    /// All modes that break a sentence, by theme.
    public static let broken = [
        ofTopology, ofRequests, ofReplies, ofCorrelation, ofAcknowledgement, ofValues, ofLeniency,
        ofOperationNames, ofCreation, ofReading, ofUpdates, ofDeletion, ofEffects,
        ofOrder, ofPages,
        ofNewVersions, ofVersionLists, ofVersionRequests, ofVersionPages,
        ofIdempotence, ofConsistency, ofEventEffects, ofEventForms, ofDiscovery, ofInstances,
        ofUploads, ofDownloads, ofRemoval, ofHealth, ofRelease, ofAssetRequests, ofAssetEdges,
        ofDurability, ofMemoryAtRestart,
    ].flatMap { $0 }

    /// All modes that break none.
    public static let legal = legalForms + legalTimings

    /// All of them, the broken first.
    public static let all = broken + legal

    /// The mode of this name.
    public static func named(_ name: String) -> StorageMode? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// A mode that breaks one sentence.
    static func broken(
        _ name: String,
        breaks requirement: String,
        _ summary: String,
        isSlow: Bool = false,
        _ conduct: @autoclosure @escaping @Sendable () -> any Conduct
    ) -> StorageMode {
        StorageMode(
            name: name,
            summary: summary,
            requirements: [requirement],
            isLegal: false,
            isSlow: isSlow,
            makeConduct: conduct
        )
    }

    /// A mode that these sentences allow.
    static func legal(
        _ name: String,
        allowedBy requirements: [String],
        _ summary: String,
        isSlow: Bool = false,
        _ conduct: @autoclosure @escaping @Sendable () -> any Conduct
    ) -> StorageMode {
        StorageMode(
            name: name,
            summary: summary,
            requirements: requirements,
            isLegal: true,
            isSlow: isSlow,
            makeConduct: conduct
        )
    }
}
