import Testing

@testable import HTTPServing

@Suite("Pages that are part of the program")
struct PageTests {
    @Test func theScriptsOfAPageAreFound() {
        let html = "<p><script>one()</script><script src=x></script><script>two()</script><script>never closed"
        #expect(Page.scripts(in: Array(html.utf8)).map { String(decoding: $0, as: UTF8.self) } == ["one()", "two()"])
    }
}
