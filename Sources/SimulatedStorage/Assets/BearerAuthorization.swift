import HTTPServing
import HTTPTypes
import Hummingbird

/// Asks every request to the asset API for the one token, where there is one (contract §1: `STORAGE_SERVICE_TOKEN`).
struct BearerAuthorization: Sendable {
    /// `nil`: everybody may.
    let token: String?

    /// Throws 401 `UNAUTHORIZED` unless the request carries the token (RFC 6750 §2.1).
    func check(_ request: Request) throws(APIError) {
        guard let token else { return }
        let words = (request.headers[.authorization] ?? "").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer", Self.isEqual(words[1].utf8, token.utf8) else {
            throw APIError(
                .unauthorized,
                "UNAUTHORIZED",
                "This request needs the storage token as a bearer token.",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
    }

    /// Compares without telling by its duration where the first difference is.
    private static func isEqual(_ given: Substring.UTF8View, _ token: String.UTF8View) -> Bool {
        given.count == token.count && zip(given, token).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
