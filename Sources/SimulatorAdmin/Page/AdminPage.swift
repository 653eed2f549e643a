import Crypto
import FoundationEssentials
import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore

/// A page of the admin interface: one text, with everything that it needs in it. Look and basic behaviour are common to
/// all pages; what it shows is its own.
package struct AdminPage: Sendable {
    private let html: String
    private let policy: String

    /// - Parameters:
    ///   - markup: with `/*STYLE*/` and `/*SCRIPT*/` where these go. The script counts on the elements of the armed faults and
    ///     of the journal, by their ids.
    ///   - style: beyond the common one.
    ///   - script: runs after the common one.
    package init(markup: String, style: String = "", script: String) {
        let style = PageStyle.text + style
        let script = PageScript.common + script
        html = markup.replacing("/*STYLE*/", with: style).replacing("/*SCRIPT*/", with: script)
        // Everything that the page needs is in it; whatever a name from outside would bring in is not run.
        policy =
            "default-src 'none'; script-src '\(Self.hash(script))'; style-src '\(Self.hash(style))'; "
            + "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    package var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy,
                .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html))
        )
    }

    private static func hash(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
    }
}
