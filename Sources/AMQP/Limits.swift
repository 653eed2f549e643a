/// What a peer may make this module hold, where the protocol itself sets no bound.
public struct Limits: Sendable, Hashable {
    /// How deep tables and arrays may nest; the outermost table is 1. Deeper: 506 `RESOURCE_ERROR`.
    public var tableDepthMax: Int
    /// How many entries and elements one table may have, those of nested tables and arrays included.
    /// More: 506 `RESOURCE_ERROR`. Two octets on the wire become about 50 in memory, so the frame alone is no bound.
    public var tableEntriesMax: Int
    /// The largest frame in octets where frame-max was negotiated as 0, "no limit". Larger: `FRAME_ERROR`.
    public var frameOctetsMax: UInt32

    /// Limits; the defaults are far above what applications send.
    public init(tableDepthMax: Int = 16, tableEntriesMax: Int = 4096, frameOctetsMax: UInt32 = 128 << 20) {
        self.tableDepthMax = tableDepthMax
        self.tableEntriesMax = tableEntriesMax
        self.frameOctetsMax = frameOctetsMax
    }

    /// The defaults.
    public static let standard = Limits()
}
