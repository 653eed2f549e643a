import Hummingbird
import Logging
import NIOCore

/// What a handler knows of its request besides the request itself.
public struct ServingContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Where the request came from, `127.0.0.1:53210` for example.
    public var remoteAddress: String { channel.remoteAddress.map(Self.text) ?? "" }
    /// The request's id: what the client sent as `X-Request-ID`, or a fresh one.
    public var requestID: String
    /// The template of the route that answers, `/api/v2/images/{image_id}`; `nil` where no route has the path.
    /// It has few values, so it is fit to label a metric.
    public var route: String?
    /// The percent-decoded values of the path's parameters.
    public var pathParameters: [String: String]
    private let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        requestID = ""
        route = nil
        pathParameters = [:]
    }

    /// The value of a parameter of the route's path. The route must have it.
    public func parameter(_ name: String) -> String {
        guard let value = pathParameters[name] else {
            preconditionFailure("Cannot read the path parameter \(name): the route \(route ?? "-") has none")
        }
        return value
    }

    /// Ends the connection as a crash would: the socket is reset (RST), whatever is still to be sent. Returns once it is
    /// gone; what is answered afterwards reaches nobody.
    package func resetConnection() async {
        let channel = channel
        let isGone = channel.closeFuture
        channel.reset().whenFailure { _ in channel.close(promise: nil) }
        // It ends in any case, however it does.
        _ = try? await isGone.get()
    }

    private static func text(_ address: SocketAddress) -> String {
        guard let host = address.ipAddress, let port = address.port else { return address.pathname ?? "" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
