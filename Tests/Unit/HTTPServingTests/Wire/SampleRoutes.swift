import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Routes that do one thing each.
enum SampleRoutes {
    static let bytesMax = 1000

    static var table: RouteTable {
        var routes = RouteTable()
        routes.get("/hello") { _, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "hello")))
        }
        routes.get("/items/{id}") { _, context in
            JSONResponse(["id": .string(context.parameter("id")), "route": .string(context.route ?? "")]).response
        }
        routes.get("/items/new") { _, _ in JSONResponse(["route": "new"]).response }
        routes.get("/list[/]") { _, _ in JSONResponse([1, 2]).response }
        routes.post("/list[/]") { _, _ in Response(status: .created) }
        routes.delete("/items/{id}") { _, _ in Response(status: .noContent) }
        // What a server does with a body: reads it, leaves it, refuses it.
        routes.post("/read") { request, _ in
            let body = try await BodyReader(request, bytesMax: bytesMax).collect()
            return JSONResponse(["bytes": .integer(Int64(body.readableBytes))]).response
        }
        routes.post("/ignore") { _, _ in JSONResponse(["ignored": true]).response }
        routes.post("/refuse") { _, _ in throw APIError.unsupportedMediaType(expected: "multipart/form-data") }
        routes.post("/json") { request, _ in JSONResponse(try await JSONBody.read(request, bytesMax: bytesMax)).response
        }
        // Answers whose length nobody knows beforehand.
        routes.get("/stream") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "one "))
                    try await writer.write(ByteBuffer(string: "two"))
                    try await writer.finish(nil)
                }
            )
        }
        routes.get("/broken-stream") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "one "))
                    throw CancellationError()
                }
            )
        }
        return routes
    }
}
