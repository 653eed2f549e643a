import HTTPServing
import Hummingbird

/// A page of the admin interface: one text, with everything that it needs in it. Look and basic behaviour are common to
/// all pages; what it shows is its own.
package struct AdminPage: Sendable {
    private let page: Page

    /// - Parameters:
    ///   - markup: with `/*STYLE*/`, `/*SCRIPT*/` and `<!--FAULTS AND JOURNAL-->` where these go.
    ///   - plan: the plan of faults that is offered to begin with.
    ///   - style: beyond the common one.
    ///   - script: runs after the common one.
    package init(markup: String, plan: String, style: String = "", script: String) {
        let html = markup.replacing("<!--FAULTS AND JOURNAL-->", with: PageMarkup.faultsAndJournal)
            .replacing("/*PLAN*/", with: plan)
            .replacing("/*STYLE*/", with: PageStyle.text + style)
            .replacing("/*SCRIPT*/", with: PageScript.common + script)
        page = Page(html: Array(html.utf8))
    }

    /// The answer to a `GET` or `HEAD`.
    package func response(to request: Request) throws(APIError) -> Response { try page.response(to: request) }
}
