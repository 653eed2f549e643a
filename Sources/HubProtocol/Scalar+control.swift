extension Unicode.Scalar {
    /// Whether it is a control character (Unicode general category Cc), of which there will never be others than these.
    package var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
