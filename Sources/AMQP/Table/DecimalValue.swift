/// A decimal number of a field table: `value` ÷ 10^`scale` (AMQP 0-9-1 §4.2.5.5, `decimal-value`).
public struct DecimalValue: Sendable, Hashable {
    /// How many decimal places.
    public var scale: UInt8
    /// All digits as one unsigned integer.
    public var value: UInt32

    /// `DecimalValue(scale: 2, value: 314)` is 3.14.
    public init(scale: UInt8, value: UInt32) {
        self.scale = scale
        self.value = value
    }
}
