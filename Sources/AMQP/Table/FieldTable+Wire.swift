extension FieldTable {
    /// Decodes a table's entries without the length before them, which must be all of `octets`.
    ///
    /// So the mechanism AMQPLAIN sends `LOGIN` and `PASSWORD` in `connection.start-ok`.
    public init(decodingEntries octets: [UInt8], limits: Limits = .standard) throws(ProtocolError) {
        self = try octets.withUnsafeBufferPointer { octets throws(ProtocolError) in
            var reader = FieldReader(UnsafeRawBufferPointer(octets), limits: limits)
            return try reader.entries("table")
        }
    }

    /// Encodes the entries without the length before them; throws if a name has more than 255 octets.
    public func encodedEntries() throws(ProtocolError) -> [UInt8] {
        var writer = FieldWriter()
        try writer.entries(self, "table")
        return writer.withUnsafeBytes { Array($0) }
    }
}
