import AMQP

/// A method with made-up arguments, laid out by the table alone, and the line that they should be traced as.
///
/// It shares no code with the encoder, and values differ from field to field, so two fields that changed places show.
struct MethodSample {
    let descriptor: MethodDescriptor
    private(set) var payload: [UInt8]
    private(set) var line: String

    /// `fillReserved` puts something into reserved fields, which must make no difference.
    init(_ descriptor: MethodDescriptor, seed: UInt64, fillReserved: Bool = false) {
        self.descriptor = descriptor
        payload = bigEndian(descriptor.id.classID) + bigEndian(descriptor.id.methodID)
        line = descriptor.name
        var random = SeededGenerator(seed: seed &* 0x1_0000_0001 &+ UInt64(descriptor.id.packed))
        var bit = 8
        for field in descriptor.fields {
            if field.type != .bit { bit = 8 }
            let silent = field.isReserved && !fillReserved
            switch field.type {
            case .bit:
                if bit == 8 {
                    payload.append(0)
                    bit = 0
                }
                if !silent, Bool.random(using: &random) {
                    payload[payload.count - 1] |= 1 << bit
                    trace(field, "")
                }
                bit += 1
            case .octet: integer(field, silent ? 0 : UInt8.random(in: 0...255, using: &random))
            case .short: integer(field, silent ? 0 : UInt16.random(in: 0...UInt16.max, using: &random))
            case .long: integer(field, silent ? 0 : UInt32.random(in: 0...UInt32.max, using: &random))
            case .longLong: integer(field, silent ? 0 : random.next())
            case .shortString:
                let text = silent ? "" : text(field, max: 255, &random)
                payload += [UInt8(text.utf8.count)] + text.utf8
                trace(field, "=\"\(text)\"")
            case .longString:
                let text = silent ? "" : text(field, max: 300, &random)
                payload += bigEndian(UInt32(text.utf8.count)) + text.utf8
                let isShown = field.name == "mechanisms" || field.name == "locales"
                trace(field, isShown ? "=\"\(text)\"" : "=<\(text.utf8.count) octets>")
            case .table:
                let number = random.next() >> 1
                payload += bigEndian(UInt32(12)) + [2] + Array("no".utf8) + [UInt8(ascii: "l")] + bigEndian(number)
                trace(field, "={no: \(number)}")
            }
        }
    }

    /// The payload as decoded.
    func method() throws -> Method { try payload.withUnsafeBytes { try Method(decoding: $0) } }

    private mutating func integer(_ field: FieldDescriptor, _ value: some FixedWidthInteger) {
        payload += bigEndian(value)
        trace(field, "=\(value)")
    }

    private mutating func trace(_ field: FieldDescriptor, _ shown: String) {
        if !field.isReserved { line += " \(field.name)\(shown)" }
    }

    private func text(_ field: FieldDescriptor, max: Int, _ random: inout SeededGenerator) -> String {
        let size = Int.random(in: 0...max, using: &random)
        var text = ""
        while text.utf8.count < size { text += "\(field.name) \(random.next()) é€😀 " }
        while text.utf8.count > size { text.removeLast() }
        return text
    }
}
