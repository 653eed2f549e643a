/// The bounds on JSON texts.
public enum JSONLimits {
    /// Arrays and objects within one another. Deeper: no JSON text that is taken.
    public static let depthMax = 128
}
