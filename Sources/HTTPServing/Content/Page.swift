import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// A file that is part of the program, served from memory: a page with its script and style inside, or a document.
///
///     let page = Page(html: PackageResources.gallery_html)
///     routes.get("/") { request, _ in try page.response(to: request) }
public struct Page: Sendable {
    private let content: ByteContent

    /// A page in HTML, which may run the scripts that stand in it and no other, and loads nothing from elsewhere
    /// (Content Security Policy Level 3).
    public init(html bytes: [UInt8]) {
        let scripts = Self.scripts(in: bytes).map { "'sha256-\(Data(SHA256.hash(data: $0)).base64EncodedString())'" }
        let policy = [
            "default-src 'none'", "connect-src 'self'", "img-src 'self' blob: data:", "style-src 'unsafe-inline'",
            "script-src \(scripts.isEmpty ? "'none'" : scripts.joined(separator: " "))", "base-uri 'none'",
            "form-action 'self'", "frame-ancestors 'none'",
        ]
        self.init(
            bytes,
            contentType: "text/html; charset=utf-8",
            headers: [.contentSecurityPolicy: policy.joined(separator: "; "), .referrerPolicy: "no-referrer"]
        )
    }

    /// A document in JSON.
    public init(json bytes: [UInt8]) { self.init(bytes, contentType: "application/json", headers: [:]) }

    private init(_ bytes: [UInt8], contentType: String, headers: HTTPFields) {
        content = ByteContent(
            bytes: bytes,
            contentType: contentType,
            entityTag: EntityTag(SHA256.hash(data: bytes).prefix(16).map(Self.hex).joined()),
            // Asked for again each time, and answered with 304 until the program is another.
            cacheControl: "no-cache",
            headers: headers
        )
    }

    /// The answer to a `GET` or `HEAD`.
    public func response(to request: Request) throws(APIError) -> Response { try content.response(to: request) }

    /// What stands between `<script>` and `</script>`, each.
    static func scripts(in html: [UInt8]) -> [ArraySlice<UInt8>] {
        let opening = Array("<script>".utf8), closing = Array("</script>".utf8)
        var scripts: [ArraySlice<UInt8>] = []
        var rest = html[...]
        while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing) {
            scripts.append(rest[start.upperBound..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return scripts
    }

    private static func hex(_ octet: UInt8) -> String {
        let digits = Array("0123456789abcdef")
        return String([digits[Int(octet >> 4)], digits[Int(octet & 15)]])
    }
}

extension HTTPField.Name {
    /// `Referrer-Policy`.
    fileprivate static var referrerPolicy: HTTPField.Name { HTTPField.Name("Referrer-Policy")! }
}
