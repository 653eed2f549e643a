// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file.

/// `confirm.select` (85, 10), from the client: puts the channel into confirm mode.
public struct ConfirmSelect: MethodArguments {
    /// (85, 10).
    public static let id = MethodID(classID: 85, methodID: 10)
    /// No answer is wanted.
    public var noWait: Bool

    /// The arguments; flags are off and strings and tables empty unless said.
    public init(
        noWait: Bool = false
    ) {
        self.noWait = noWait
    }

    init(decoding reader: inout FieldReader) throws(ProtocolError) {
        noWait = try reader.octet("nowait") & 0x01 != 0
    }

    func encode(to writer: inout FieldWriter) {
        writer.octet(noWait ? 0x01 : 0)
    }

    func describe(in line: inout TraceLine) {
        line.field("nowait", noWait)
    }
}
