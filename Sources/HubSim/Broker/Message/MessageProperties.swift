import AMQP

/// The properties of messages. They never change, so that messages which carry the same can share them.
final class MessageProperties: Sendable {
    let values: BasicProperties
    /// As they came over the wire, so that they need not be encoded again; nil where they did not.
    let encoded: [UInt8]?
    /// Their size on the wire, or a little more than nothing.
    let wireBytes: Int
    /// What holding them costs: their bytes on the wire, and what the headers cost once they are decoded.
    let sizeBytes: Int

    /// Properties that were made here.
    init(_ values: BasicProperties) {
        self.values = values
        encoded = nil
        // Properties that cannot be encoded cannot be sent to anyone either; nobody needs to know how large they are.
        wireBytes = max(64, (try? values.encoded().count) ?? 0)
        sizeBytes = wireBytes + (values.headers?.memoryBytes ?? 0)
    }

    /// Properties that came over the wire. Throws as `BasicProperties` does.
    init(decoding encoded: [UInt8]) throws(ProtocolError) {
        values = try BasicProperties(decoding: encoded)
        self.encoded = encoded
        wireBytes = encoded.count
        sizeBytes = wireBytes + (values.headers?.memoryBytes ?? 0)
    }
}
