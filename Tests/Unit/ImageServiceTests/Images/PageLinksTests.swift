import ImageService
import Testing

@Suite struct PageLinksTests {
    struct Page: Sendable {
        var skip: Int
        var limit: Int
        var hasNext: Bool
        var value: String?
    }

    @Test(arguments: [
        Page(skip: 0, limit: 100, hasNext: false, value: nil),
        Page(skip: 0, limit: 10, hasNext: true, value: "</i/?skip=10&limit=10>; rel=\"next\""),
        Page(skip: 10, limit: 10, hasNext: false, value: "</i/?skip=0&limit=10>; rel=\"prev\""),
        Page(
            skip: 20,
            limit: 10,
            hasNext: true,
            value: "</i/?skip=30&limit=10>; rel=\"next\", </i/?skip=10&limit=10>; rel=\"prev\""
        ),
        Page(skip: 3, limit: 10, hasNext: false, value: "</i/?skip=0&limit=10>; rel=\"prev\""),
        Page(skip: .max, limit: 10, hasNext: true, value: "</i/?skip=\(Int.max - 10)&limit=10>; rel=\"prev\""),
    ])
    func names(_ page: Page) {
        #expect(PageLinks(path: "/i/", skip: page.skip, limit: page.limit).value(hasNext: page.hasNext) == page.value)
    }

    @Test func keepsFilters() {
        let links = PageLinks(path: "/i/", filters: [("type", "a b"), ("theme", "&>\"é")], skip: 0, limit: 1)
        #expect(
            links.value(hasNext: true) == "</i/?type=a%20b&theme=%26%3E%22%C3%A9&skip=1&limit=1>; rel=\"next\""
        )
    }
}
