import HTTPServing

/// What people look at in a browser, and the description that tools read: files beside this one, compiled in, so that
/// nothing has to be installed with the program and nothing is fetched from elsewhere.
package struct PagesController: Sendable {
    package init() {}

    package func addRoutes(to routes: inout RouteTable) {
        let gallery = Page(html: PackageResources.gallery_html)
        let docs = Page(html: PackageResources.docs_html)
        let description = Page(json: PackageResources.openapi_json)
        routes.get("/") { request, _ in try gallery.response(to: request) }
        routes.get("/docs") { request, _ in try docs.response(to: request) }
        routes.get("/openapi.json") { request, _ in try description.response(to: request) }
    }
}
