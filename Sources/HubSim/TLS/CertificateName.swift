/// The common names of whom a certificate is for (RFC 5280 §4.1.2.6), out of its DER.
///
/// Only for certificates that TLS has verified. What is unexpected all the same gives no name.
enum CertificateName {
    /// All of them, joined by commas as RabbitMQ does; nil where there is none.
    static func commonName(ofCertificate der: [UInt8]) -> String? {
        guard var content = DERReader(der[...]).first?.nested?.first?.nested else { return nil }
        // [0] version, serial, algorithm, issuer, validity, subject.
        if content.first?.tag == 0xA0 { _ = content.next() }
        for _ in 0..<4 { _ = content.next() }
        guard let subject = content.next()?.nested else { return nil }
        let commonName = DERReader(DERWriter.identifier(CertificateObject.commonName.arcs)[...]).first?.content
        var names: [String] = []
        for attribute in subject.flatMap({ set in set.nested.map { Array($0) } ?? [] }) {
            guard var pair = attribute.nested, pair.next()?.content == commonName, let value = pair.next() else {
                continue
            }
            switch value.tag {
            // UTF8String, PrintableString, T61String, IA5String.
            case 0x0C, 0x13, 0x14, 0x16: names.append(String(decoding: value.content, as: UTF8.self))
            default: continue
            }
        }
        return names.isEmpty ? nil : names.joined(separator: ",")
    }
}

/// The elements of a piece of DER, one after the other. Ends at the first that is not whole.
struct DERReader: Sequence, IteratorProtocol {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>

        /// What it consists of, where it consists of elements.
        var nested: DERReader? { tag & 0x20 == 0 ? nil : DERReader(content) }
    }

    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { rest = octets }

    /// The next element, which stays there.
    var first: Element? {
        var copy = self
        return copy.next()
    }

    mutating func next() -> Element? {
        guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, var length = rest.popFirst().map(Int.init) else {
            return nil
        }
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), rest.count >= count else { return nil }
            length = 0
            for _ in 0..<count { length = length << 8 | Int(rest.removeFirst()) }
        }
        guard rest.count >= length else { return nil }
        let content = rest.prefix(length)
        rest = rest.dropFirst(length)
        return Element(tag: tag, content: content)
    }
}
