import Crypto
import FoundationEssentials

/// What a token may do. `write` includes `read` (contract §7).
package enum AccessRight: String, Sendable, Hashable, CaseIterable, Comparable {
    case read
    case write

    package static func < (left: AccessRight, right: AccessRight) -> Bool { left == .read && right == .write }
}

/// Somebody who showed a known token.
package struct Caller: Sendable, Hashable {
    /// The token's name: for logs, never secret.
    package var name: String
    package var right: AccessRight

    package init(name: String, right: AccessRight) {
        self.name = name
        self.right = right
    }
}

/// The tokens of `API_TOKENS`: `name:token:read|write`, separated by commas or line ends.
///
/// Only the digests of the tokens are kept. A presented token is looked up by its digest, so how long the look-up takes
/// says nothing about how much of a token was guessed right, and a dump of the memory holds no token.
package struct APITokens: Sendable {
    private let callers: [Digest: Caller]

    private struct Digest: Sendable, Hashable {
        let bytes: [UInt8]

        init(_ token: String) { bytes = Array(SHA256.hash(data: Array(token.utf8))) }
    }

    /// The text of a bad setting is never repeated, because it holds secrets: the message names the entry by its place.
    package struct Malformed: Error, Sendable, Hashable {
        package let message: String
    }

    /// Reads entries. Line ends separate as commas do, and a line that starts with `#` is a comment: that is how a
    /// file of tokens is written.
    package init(parsing text: String) throws(Malformed) {
        var callers: [Digest: Caller] = [:]
        var names: Set<String> = []
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.drop(while: \.isWhitespace).hasPrefix("#") }
        let entries = lines.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { $0.drop(while: \.isWhitespace) }
        for (index, entry) in entries.enumerated() {
            let place = "entry \(index + 1)"
            var end = entry
            while end.last?.isWhitespace == true { end.removeLast() }
            let parts = end.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3 else {
                throw Malformed(message: "\(place) must be name:token:read or name:token:write")
            }
            guard !parts[0].isEmpty, !parts[1].isEmpty else {
                throw Malformed(message: "\(place) has an empty name or token")
            }
            guard parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw Malformed(message: "\(place) has a token with characters that a header cannot carry")
            }
            guard let right = AccessRight(rawValue: String(parts[2])) else {
                throw Malformed(message: "\(place) must end in read or write")
            }
            guard names.insert(String(parts[0])).inserted else {
                throw Malformed(message: "\(place) has a name that an earlier entry has")
            }
            let caller = Caller(name: String(parts[0]), right: right)
            guard callers.updateValue(caller, forKey: Digest(String(parts[1]))) == nil else {
                throw Malformed(message: "\(place) has a token that an earlier entry has")
            }
        }
        guard !callers.isEmpty else { throw Malformed(message: "holds no token") }
        self.callers = callers
    }

    /// Who has this token.
    package func caller(token: String) -> Caller? { callers[Digest(token)] }
}
