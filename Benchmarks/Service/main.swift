import Hummingbird
import Logging
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// What `make bench-service` holds the Image Service against: Hummingbird with one route that returns a constant, and
// nothing else. Prints its port once it listens.

guard let bytes = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) else {
    preconditionFailure("usage: BareServer BYTES")
}
let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes)
let router = Router()
router.get("/constant") { _, _ in
    Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
}
var logger = Logger(label: "bare")
logger.logLevel = .error
let application = Application(
    router: router,
    configuration: .init(address: .hostname("127.0.0.1", port: 0)),
    onServerRunning: { channel in
        print(channel.localAddress?.port ?? 0)
        fflush(nil)
    },
    logger: logger
)
try await application.runService()
