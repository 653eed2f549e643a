import HubProtocol

/// One message as it was sent or came: what a report shows of it.
public struct Evidence: Sendable, Hashable {
    public enum Way: String, Sendable, Hashable {
        case sent, received
    }

    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    public var way: Way
    /// Milliseconds since the run began.
    public var atMs: Int
    /// Where to or from: `message_hub / storage.request`, `PUT /api/v2/assets/…`.
    public var address: String
    /// Properties and headers.
    public var fields: [Field]
    /// The first bytes of the body.
    public var body: [UInt8]
    /// The length of the whole body.
    public var bodyBytes: Int

    init(_ way: Way, atMs: Int, address: String, fields: [Field], body: [UInt8]) {
        self.way = way
        self.atMs = atMs
        self.address = address
        self.fields = fields.map { Field(name: $0.name, value: $0.value.withVisibleControls) }
        self.body = Array(body.prefix(Limits.evidenceBytesMax))
        bodyBytes = body.count
    }

    /// The body as text; bytes that are no UTF-8 as hex digits.
    public var text: String {
        var bytes = body
        // A character that was cut in two at the limit is left out.
        if body.count < bodyBytes {
            while let last = bytes.last, last & 0x80 != 0 { bytes.removeLast() }
        }
        let rest = body.count < bodyBytes ? "… (\(bodyBytes) bytes)" : ""
        if let text = String(validating: bytes, as: UTF8.self) { return text.withVisibleControls + rest }
        let digits = body.prefix(256).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "bytes " + digits.joined(separator: " ") + (bodyBytes > 256 ? " … (\(bodyBytes) bytes)" : "")
    }
}

extension String {
    /// The text with its control characters, but for tab and line feed, as `\u{7F}`: a report is a text.
    var withVisibleControls: String {
        guard unicodeScalars.contains(where: \.isUnseenControl) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isUnseenControl {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isUnseenControl: Bool {
        isControl && self != "\t" && self != "\n"
    }
}
