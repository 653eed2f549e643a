import HTTPServing
import Hummingbird

/// A page of the admin interface: one text, with everything that it needs in it. Look and basic behaviour are common to
/// all pages; what it shows is its own.
package struct AdminPage: Sendable {
    private let page: Page

    /// - Parameters:
    ///   - markup: with `/*STYLE*/` and `/*SCRIPT*/` where these go. The script counts on the elements of the armed faults and
    ///     of the journal, by their ids.
    ///   - style: beyond the common one.
    ///   - script: runs after the common one.
    package init(markup: String, style: String = "", script: String) {
        let html = markup.replacing("/*STYLE*/", with: PageStyle.text + style)
            .replacing("/*SCRIPT*/", with: PageScript.common + script)
        page = Page(html: Array(html.utf8))
    }

    /// The answer to a `GET` or `HEAD`.
    package func response(to request: Request) throws(APIError) -> Response { try page.response(to: request) }
}
