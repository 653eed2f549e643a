/// The bounds that the protocol sets on values in messages (contract §2, §3, §7).
public enum ProtocolLimits {
    /// Unicode scalars in `name`, `type`, `subtype` and `theme`. Longer: `VALIDATION_ERROR`.
    public static let textLengthMax = 255
    /// Characters in an `operation_id`. Longer or none: `VALIDATION_ERROR`.
    public static let operationIDLengthMax = 255
    /// Characters in the id of an image.
    public static let imageIDLengthMax = 255
    /// Characters in a `url`.
    public static let urlLengthMax = 2048
    /// Characters in a `format`.
    public static let formatLengthMax = 32
    /// The largest page of a list; the smallest is 1.
    public static let pageLimitMax = 1000
    /// The page size of a request that names none.
    public static let pageLimitDefault = 100
}
