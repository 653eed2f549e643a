/// Splits a whole body by looking at all of it, as plainly as can be: what the parser is compared with.
///
/// It knows just what the bodies of ``DifferentialTests`` hold: parts named `n`.
struct WholeBodySplitter {
    enum End: Hashable {
        case complete, truncated, refused
    }

    private(set) var contents: [[UInt8]] = []
    private(set) var end = End.truncated

    private let text: [UInt8]
    private let delimiter: [UInt8]

    init(_ body: [UInt8], boundary: String) {
        text = Array("\r\n".utf8) + body
        delimiter = Array("\r\n--\(boundary)".utf8)
        end = split()
    }

    private func has(_ prefix: String, at position: Int) -> Bool {
        text[position...].starts(with: prefix.utf8)
    }

    /// The first delimiter at or after `position`.
    private func delimiterStart(from position: Int) -> Int? {
        (position..<max(position, text.count)).first { start in
            let after = start + delimiter.count
            return text[start...].starts(with: delimiter)
                && ["--", " ", "\t", "\r", "\n"].contains { has($0, at: after) }
        }
    }

    private mutating func split() -> End {
        guard var start = delimiterStart(from: 0) else { return .truncated }
        while true {
            var position = start + delimiter.count
            if has("--", at: position) { return .complete }
            while has(" ", at: position) || has("\t", at: position) { position += 1 }
            if position == text.count || (has("\r", at: position) && position + 1 == text.count) { return .truncated }
            guard has("\r\n", at: position) else { return .refused }
            position += 2
            switch headers(at: position) {
            case .failure(let end): return end.end
            case .success(let contentStart):
                // The CRLF of the empty line may be that of the delimiter.
                guard let next = delimiterStart(from: contentStart - 2) else { return .truncated }
                contents.append(Array(text[contentStart..<max(contentStart, next)]))
                start = next
            }
        }
    }

    private struct Stop: Error {
        let end: End
    }

    /// Where the content begins after the headers at `position`.
    private func headers(at position: Int) -> Result<Int, Stop> {
        var position = position
        var lines: [[UInt8]] = []
        while true {
            guard let lineEnd = (position..<text.count).first(where: { has("\r\n", at: $0) }) else {
                let rest = text[position...]
                let isBroken =
                    rest.contains(0x0A) || rest.dropLast().contains(0x0D) || (lines.isEmpty && startsBlank(rest))
                return .failure(Stop(end: isBroken ? .refused : .truncated))
            }
            let line = text[position..<lineEnd]
            position = lineEnd + 2
            if line.contains(0x0D) || line.contains(0x0A) { return .failure(Stop(end: .refused)) }
            if line.isEmpty { break }
            if startsBlank(line) {
                if lines.isEmpty { return .failure(Stop(end: .refused)) }
                lines[lines.count - 1] += line
            } else {
                lines.append(Array(line))
            }
        }
        // Lines are as they were made, or wrong: no piece of the random bodies makes up another header.
        let isGood =
            lines.count == 1
            && String(decoding: lines[0], as: UTF8.self).trimmingBlanks == "Content-Disposition: form-data; name=\"n\""
        return isGood ? .success(position) : .failure(Stop(end: .refused))
    }

    private func startsBlank(_ line: ArraySlice<UInt8>) -> Bool {
        line.first == 0x20 || line.first == 0x09
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
