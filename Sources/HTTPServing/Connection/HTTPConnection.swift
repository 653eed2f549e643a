import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// One HTTP/1.1 connection: the pipeline of its channel, and the loop that hands its requests to the responder.
///
/// Hummingbird's own child channel answers malformed requests with an empty 400, knows no `Expect`, no time-outs unless
/// asked, and resets connections whose body it does not read; this one takes its place.
struct HTTPConnection: ServerChildChannel {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: RouteResponder
    let limits: ServingLimits
    /// Told the status of every answer to what was no request.
    let onUnreadable: @Sendable (HTTPResponse.Status) -> Void
    private let count: ConnectionCount
    private let executors = EventLoopExecutors()
    private let date = DateField()

    init(
        responder: RouteResponder,
        limits: ServingLimits,
        onUnreadable: @escaping @Sendable (HTTPResponse.Status) -> Void
    ) {
        self.responder = responder
        self.limits = limits
        self.onUnreadable = onUnreadable
        count = ConnectionCount(servedMax: limits.connectionsMax)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            decoderLimits.maxHeaderFieldSize = limits.headerFieldBytesMax
            decoderLimits.maxHeaderListSize = limits.headerBytesMax
            decoderLimits.maxHeaderFieldCount = limits.headerFieldsMax
            var encoder = HTTPResponseEncoder.Configuration()
            encoder.automaticallySetFramingHeaders = false  // ConnectionHandler does: it knows HEAD and HTTP/1.0
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ArrivalHandler())
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,
                withErrorHandling: false,
                withOutboundHeaderValidation: false,
                withEncoderConfiguration: encoder,
                withDecoderLimitConfiguration: decoderLimits
            )
            try pipeline.addHandler(ConnectionHandler(limits: limits, eventLoop: channel.eventLoop))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        let channel = value.channel
        let isSurplus = !count.enters()
        defer { if !isSurplus { count.left() } }
        if isSurplus { logger.trace("Connection is surplus") }
        await withTaskCancellationHandler {
            await withTaskExecutorPreference(executors.executor(of: channel.eventLoop)) {
                do {
                    try await value.executeThenClose { inbound, outbound in
                        // The end of the connection cancels whoever works for it.
                        await withTaskGroup(of: Void.self) { group in
                            group.addTask {
                                await serve(inbound, outbound, channel: channel, isSurplus: isSurplus, logger: logger)
                            }
                            await channel.closeFuture.settled()
                            group.cancelAll()
                        }
                    }
                } catch {
                    logger.trace("Connection ended", metadata: ["reason": "\(error)"])
                }
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Answers one request after the other. When it returns, ``ConnectionHandler`` is about to close the connection.
    private func serve(
        _ inbound: NIOAsyncChannelInboundStream<HTTPRequestPart>,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
        channel: any Channel,
        isSurplus: Bool,
        logger: Logger
    ) async {
        let parts = RequestPartStream(inbound)
        do {
            while let part = try await nextHead(parts, outbound, logger: logger) {
                if isSurplus {
                    // So that the answer says that the connection ends with it.
                    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
                    // A metric counts them. A line each would be a flood in the log under a flood of connections.
                    return try await refuse(
                        .tooManyConnections,
                        requestID: RequestIDMiddleware.id(in: part.headerFields),
                        outbound,
                        logger: logger,
                        logLevel: .debug
                    )
                }
                let body = RequestBodyStream(
                    parts: parts,
                    outbound: outbound,
                    expectsContinue: part.headerFields[.expect]?.lowercased() == "100-continue"
                )
                let request = Request(head: part, body: RequestBody(asyncSequence: body))
                // A task of its own: a task keeps the memory of its deepest calls, some 20 KB here, for as long as it lives,
                // and a connection lives long after its last request.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addImmediateTask { try await answer(request, outbound, channel: channel, logger: logger) }
                    try await group.next()
                }
                guard await body.drain() else { break }
            }
        } catch {
            // An answer that broke off must not look complete: the connection ends without the end of the message.
            logger.trace("Connection broke off", metadata: ["reason": "\(error)"])
            channel.close(promise: nil)
        }
    }

    private func answer(
        _ request: Request,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
        channel: any Channel,
        logger: Logger
    ) async throws {
        var response = await responder.respond(
            to: request,
            context: ServingContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        )
        response.headers[.date] = date.text
        try await ResponseWriter(outbound: outbound).write(response: response.head, body: response.body)
    }

    /// The header of the next request; `nil` where there is none. What is no request is answered here.
    private func nextHead(
        _ parts: RequestPartStream,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
        logger: Logger
    ) async throws -> HTTPRequest? {
        let refusal: APIError
        do {
            switch try await parts.next() {
            case .head(let head): return head
            case .body, .end: preconditionFailure("Cannot receive a body without its header")
            case nil: return nil
            }
        } catch let error as HTTPParserError {
            refusal = .malformedRequest(error)
        } catch let error as ConnectionError {
            refusal = error.apiError
        }
        try await refuse(refusal, outbound, logger: logger)
        return nil
    }

    /// Answers what no middleware sees.
    ///
    /// - Parameter requestID: the id that the client gave its request; `nil` where it gave none, or nobody can read it.
    private func refuse(
        _ refusal: APIError,
        requestID: String? = nil,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
        logger: Logger,
        logLevel: Logger.Level = .info
    ) async throws {
        let requestID = requestID ?? RequestIDMiddleware.randomID()
        logger.log(
            level: logLevel,
            "Request refused",
            metadata: [
                "request_id": .string(requestID), "status": .stringConvertible(refusal.status.code),
                "reason": .string(refusal.logMessage ?? refusal.message),
            ]
        )
        let response = refusal.response
        var head = response.head
        head.headerFields[.date] = date.text
        head.headerFields[.xRequestID] = requestID
        onUnreadable(refusal.status)
        try await ResponseWriter(outbound: outbound).write(response: head, body: response.body)
    }
}

extension EventLoopFuture where Value == Void {
    /// Waits for the future, however it ends.
    fileprivate func settled() async {
        do {
            try await get()
        } catch {
            // A failure to close is the end of the connection all the same.
        }
    }
}
