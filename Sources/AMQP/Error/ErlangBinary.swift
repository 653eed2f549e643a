/// Octets as RabbitMQ shows them in its reply texts, which is how Erlang prints a binary: `<<0,20>>` or `<<"abc">>`.
///
/// Erlang takes octets from 160 up for letters of Latin-1, and breaks long lines; here they are numbers, on one line.
package enum ErlangBinary {
    /// As numbers, whatever they are: Erlang's `~w`. No more are shown than a reply text has room for.
    package static func numbers(_ octets: UnsafeRawBufferPointer) -> String {
        "<<" + octets.prefix(255).map { "\($0)" }.joined(separator: ",") + ">>"
    }

    /// As text, if all of them are ASCII that can be printed, else as numbers: Erlang's `~p`.
    package static func text(_ octets: UnsafeRawBufferPointer) -> String {
        guard !octets.isEmpty else { return "<<>>" }
        var text = ""
        for octet in octets {
            guard let character = printed(octet) else { return numbers(octets) }
            text += character
        }
        return "<<\"\(text)\">>"
    }

    /// The beginning of a payload, such as `all octets = <<0,20>>`.
    package static func beginning(_ payload: UnsafeRawBufferPointer) -> String {
        guard payload.count > 16 else { return "all octets = \(text(payload))" }
        return "first 16 octets = \(text(UnsafeRawBufferPointer(rebasing: payload[..<16])))"
    }

    /// The octet within a text; nil where that makes it no text.
    private static func printed(_ octet: UInt8) -> String? {
        switch octet {
        case 0x08: "\\b"
        case 0x09: "\\t"
        case 0x0A: "\\n"
        case 0x0B: "\\v"
        case 0x0C: "\\f"
        case 0x0D: "\\r"
        case 0x1B: "\\e"
        case 0x22: "\\\""
        case 0x5C: "\\\\"
        case 0x20...0x7E: String(UnicodeScalar(octet))
        default: nil
        }
    }
}
