/// What the admin interface takes and gives at most.
public enum AdminLimits {
    /// A plan, or any other JSON body, in bytes. Larger: 413.
    public static let bodyBytesMax = 8 << 20
    /// Entries of the journal in one answer.
    public static let entriesMax = 10_000
    /// How many entries come where the request does not say.
    public static let entriesDefault = 1000
    /// How long a request may wait for something to happen, in milliseconds. More: 422.
    public static let waitMsMax = 600_000
}
