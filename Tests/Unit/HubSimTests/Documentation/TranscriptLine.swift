/// A line of a transcript, cut into what a reader of the table wants to know.
///
///     TranscriptLine("b: 1 method channel.close reply-code=404 reply-text=\"NOT_FOUND\" class-id=50 method-id=10").short
///     // b: channel.close 404 NOT_FOUND
struct TranscriptLine {
    /// Who says or hears it, where it is not the first client.
    let client: String?
    let channel: String
    /// `method`, `header`, `body`; else it is no frame of a channel.
    let kind: String
    /// A method's name.
    let name: String
    private let rest: String

    init(_ line: String) {
        guard
            let match = line.wholeMatch(
                of: /(?:([a-z]): )?([0-9]+) (method|header|body) (\S+)(.*)/.dotMatchesNewlines()
            )
        else {
            (client, channel, kind, name, rest) = (nil, "", "", line, "")
            return
        }
        client = match.1.map(String.init)
        channel = String(match.2)
        kind = String(match.3)
        name = String(match.4)
        rest = String(match.5)
    }

    /// A body's text, shortened.
    var body: String? { kind == "body" ? Self.shortened(name + rest, to: 24) : nil }

    /// The line in a few words.
    var short: String {
        let who = client.map { "\($0): " } ?? ""
        let place = ["", "0", "1"].contains(channel) ? "" : " on channel \(channel)"
        switch kind {
        case "method": return who + ([name] + details).joined(separator: " ") + place
        case "header": return who + "content header" + place
        case "body": return who + "body" + place
        default: return name == "end" ? "end of the connection" : name.replacing("0 heartbeat", with: "heartbeat")
        }
    }

    /// What of its fields tells something.
    private var details: [String] {
        switch name {
        case "channel.close", "connection.close", "basic.return":
            let text = replyText.map { Self.shortened($0, to: 220) } ?? ""
            return [number("reply-code").map(String.init), text.isEmpty ? nil : text].compactMap { $0 }
        case "queue.declare-ok", "queue.delete-ok", "queue.purge-ok":
            let counts = [("message-count", "messages"), ("consumer-count", "consumers")].compactMap { field, what in
                number(field).flatMap { $0 > 0 ? "\(what): \($0)" : nil }
            }
            return counts.isEmpty ? [] : ["(" + counts.joined(separator: ", ") + ")"]
        case "basic.ack", "basic.nack":
            return [number("delivery-tag").map(String.init) ?? "0", rest.contains(" multiple") ? "multiple" : nil]
                .compactMap { $0 }
        case "basic.deliver", "basic.get-ok": return rest.contains(" redelivered") ? ["redelivered"] : []
        default: return []
        }
    }

    private func number(_ field: String) -> Int? {
        rest.split(separator: " ").first { $0.hasPrefix(field + "=") }.flatMap { Int($0.dropFirst(field.count + 1)) }
    }

    private var replyText: String? {
        guard let text = rest.firstMatch(of: /reply-text="((?:[^"\\]|\\.)*)"/)?.1 else { return nil }
        return String(text).replacing("\\\"", with: "\"")
    }

    static func shortened(_ text: String, to most: Int) -> String {
        text.count > most ? text.prefix(most - 1) + "…" : text
    }
}

extension TranscriptLine {
    /// Lines in a few words: contents with their methods, unless every frame counts, and what comes several times counted.
    static func summary(_ lines: [String], isFrameByFrame: Bool = false) -> [String] {
        var words: [String] = []
        for line in lines.map(TranscriptLine.init) {
            switch line.kind {
            case "header" where !words.isEmpty && !isFrameByFrame: continue
            case "body" where !words.isEmpty && !isFrameByFrame: words[words.count - 1] += " " + (line.body ?? "")
            default: words.append(line.short)
            }
        }
        return counted(words)
    }

    /// The same word several times, one after the other, as one with the number.
    static func counted(_ words: [String]) -> [String] {
        var counted: [(word: String, count: Int)] = []
        for word in words {
            if counted.last?.word == word { counted[counted.count - 1].count += 1 } else { counted.append((word, 1)) }
        }
        return counted.map { $0.count > 1 ? "\($0.word) ×\($0.count)" : $0.word }
    }
}
