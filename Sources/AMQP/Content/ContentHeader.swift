/// The header of a content: what class, how long the body, and its properties (AMQP 0-9-1 §4.2.6.1).
public struct ContentHeader: Sendable, Hashable {
    /// The class of the method before it: 60, `basic`, the only one that carries content.
    public var classID: UInt16
    /// The octets of all body frames together.
    public var bodySize: UInt64
    /// The message's properties.
    public var properties: BasicProperties

    /// A header of class `basic`.
    public init(classID: UInt16 = 60, bodySize: UInt64, properties: BasicProperties = BasicProperties()) {
        self.classID = classID
        self.bodySize = bodySize
        self.properties = properties
    }

    /// Decodes the payload of a header frame, properties included.
    public init(decoding payload: UnsafeRawBufferPointer, limits: Limits = .standard) throws(ProtocolError) {
        let view = try ContentHeaderView(payload)
        guard view.weight == 0 else {
            throw ProtocolError(.unexpectedFrame, "content weight \(view.weight); it must be 0")
        }
        self.init(classID: view.classID, bodySize: view.bodySize, properties: try view.properties(limits: limits))
    }
}

extension ContentHeader: CustomStringConvertible {
    /// Such as `basic body-size=12 content-type="application/json"`.
    public var description: String {
        var line = TraceLine(classID == 60 ? "basic" : "class \(classID)")
        line.field("body-size", bodySize)
        properties.describe(in: &line)
        return line.text
    }
}
