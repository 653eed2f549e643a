import Crypto
import Foundation
import HTTPServing
import JSON
import TestSupport
import Testing

@testable import ImageService

@Suite("Pages and the description of the API", .timeLimit(.minutes(5)))
struct PagesTests {
    @Test(arguments: ["/", "/docs"])
    func aPageStandsByItself(_ path: String) async throws {
        try await withService { client in
            let page = try await client.send("GET", path)
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            let html = String(decoding: page.body, as: UTF8.self)
            // Nothing of it is loaded from elsewhere, and nothing but its own script runs.
            #expect(html.matches(of: #/(src|href)="(https?:)?\/\//#).isEmpty)
            let script = try #require(html.firstMatch(of: #/<script>([\s\S]*)<\/script>/#)).1
            let hash = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
            let policy = try #require(page.headers["content-security-policy"])
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("script-src 'sha256-\(hash)';"))
            let tag = try #require(page.headers["etag"])
            #expect(try await client.send("GET", path, headers: [("If-None-Match", tag)]).status == 304)
        }
    }

    /// A version stays the same when labels change, so it would not keep one person from undoing what another did.
    @Test func theGallerySavesLabelsUnderTheTagOfTheRecord() async throws {
        try await withService { client in
            let html = String(decoding: try await client.send("GET", "/").body, as: UTF8.self)
            let save = try #require(html.firstMatch(of: #/method: 'PATCH'.*/#)).0
            #expect(save.contains("'If-Match': image.tag "))
            #expect(html.contains("tag: response.headers.get('ETag')"))
        }
    }

    @Test func theDescriptionIsServed() async throws {
        try await withService { client in
            let answer = try await client.send("GET", "/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.json["openapi"] == "3.1.0")
        }
    }
}

@Suite("The description of the API says what there is")
struct DescriptionTests {
    private static let document = Result { try JSONValue(parsing: PackageResources.openapi_json) }

    /// `GET /health` and so on, as the document has them.
    private static func described() throws -> Set<String> {
        let paths = try #require(document.get()["paths"]?.object)
        let methods: Set = ["get", "put", "post", "delete", "patch"]
        return Set(
            paths.flatMap { path, item in
                (item.object ?? [:]).keys.filter(methods.contains).map { "\($0.uppercased()) \(path)" }
            }
        )
    }

    @Test func everyRouteAndNoOther() async throws {
        let routed = try await withServiceRoutes { routes in
            Set(routes.all.map { method, path in "\(method.rawValue) \(path.description)" })
        }
        // Answers alike with and without the slash; the contract writes it.
        let collection = "/api/v2/images"
        #expect(try Set(routed.map { $0.hasSuffix(" " + collection) ? $0 + "/" : $0 }) == Self.described())
    }

    @Test(arguments: [
        ("/api/v2/images/", "get", ["400"]), ("/api/v2/images/{image_id}", "get", ["304", "400", "412"]),
        ("/api/v2/images/{image_id}", "delete", ["400", "412"]),
        ("/api/v2/images/{image_id}/content", "get", ["304", "400", "412", "416"]),
        ("/api/v2/images/{image_id}/versions", "get", ["400"]),
        ("/", "get", ["206", "304", "412", "416"]), ("/docs", "get", ["206", "304", "412", "416"]),
        ("/openapi.json", "get", ["206", "304", "412", "416"]),
    ])
    func answersThatConditionsAndBadRequestsGetAreListed(path: String, method: String, statuses: [String]) throws {
        let operation = try #require(Self.document.get()["paths"]?[path]?[method])
        let listed = try #require(operation["responses"]?.object).keys
        for status in statuses { #expect(listed.contains(status)) }
    }

    /// What the server itself answers, whatever the route.
    @Test func everyOperationListsWhatAnyRequestCanMeet() throws {
        let paths = try #require(Self.document.get()["paths"]?.object)
        for (path, item) in paths {
            for (method, operation) in item.object ?? [:] where method != "parameters" {
                let listed = Set(operation["responses"]?.object?.keys.map { $0 } ?? [])
                #expect(listed.isSuperset(of: ["400", "405", "408", "431", "500", "503"]), "\(method) \(path)")
            }
        }
    }

    /// `HEAD` works where `GET` does, is answered alike, and has no body.
    @Test func everyGetHasItsHead() throws {
        let paths = try #require(Self.document.get()["paths"]?.object)
        for (path, item) in paths {
            #expect((item["get"] == nil) == (item["head"] == nil), "\(path)")
            guard let get = item["get"]?["responses"]?.object, let head = item["head"]?["responses"]?.object else {
                continue
            }
            #expect(Set(head.keys) == Set(get.keys).subtracting(["206", "416"]), "\(path)")
            #expect(head.values.allSatisfy { $0["content"] == nil && $0["$ref"] == nil }, "\(path)")
        }
    }

    @Test func everyErrorOfTheContractIsListed() throws {
        let responses = try #require(Self.document.get()["components"]?["responses"]?.object)
        let listed = Set(
            responses.values.flatMap { response in
                let schema = response["content"]?["application/json"]?["schema"]?["allOf"]?.array?.last
                let codes = schema?["properties"]?["error"]?["properties"]?["code"]?["enum"]?.array
                return codes?.compactMap(\.string) ?? []
            }
        )
        let contract: Set = [
            "EMPTY_FILE", "MALFORMED_REQUEST", "UNAUTHORIZED", "FORBIDDEN", "IMAGE_NOT_FOUND", "VERSION_NOT_FOUND",
            "PRECONDITION_FAILED", "FILE_TOO_LARGE", "INVALID_FILE_TYPE", "UNSUPPORTED_MEDIA_TYPE",
            "RANGE_NOT_SATISFIABLE", "VALIDATION_ERROR", "CORRUPT_IMAGE", "IMAGE_TOO_LARGE", "STORAGE_ERROR",
            "OVERLOADED", "INTERNAL_ERROR", "METHOD_NOT_ALLOWED",
        ]
        // `NOT_FOUND` belongs to addresses that are not described.
        #expect(listed == contract)
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        let document = try Self.document.get()
        func references(_ json: JSONValue) -> [String] {
            switch json {
            case .object(let members): (members["$ref"]?.string).map { [$0] } ?? members.values.flatMap(references)
            case .array(let elements): elements.flatMap(references)
            case .null, .bool, .integer, .number, .string: []
            }
        }
        let all = references(document)
        #expect(!all.isEmpty)
        for reference in all {
            let target = reference.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
    }
}
