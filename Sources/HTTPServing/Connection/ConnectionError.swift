import HTTPTypes

/// Why a connection refuses what its client sends, besides the parser's own errors.
enum ConnectionError: Error, Equatable {
    /// The header took too long.
    case headerTimeout
    /// The body stopped, or came too slowly.
    case bodyTimeout
    /// An HTTP/1.1 request without exactly one `Host` (RFC 9112 §3.2).
    case hostMissing
    /// The body has a transfer coding besides `chunked` (RFC 9112 §6.1).
    case transferCodingUnknown
    /// More requests came at once than wait.
    case pipelineTooLong
    /// The client went away before the body was whole. Nobody reads the answer; it is for the log and the metrics.
    case clientGone

    /// What the client is told.
    var apiError: APIError {
        switch self {
        case .headerTimeout, .bodyTimeout:
            .requestTimeout
        case .hostMissing:
            .malformedRequest("The request must have exactly one Host field.")
        case .transferCodingUnknown:
            // RFC 9112 §6.1 would have 501 for it; to clients of this API nothing that they send is the server's fault.
            .malformedRequest("The only transfer coding that is known here is chunked.")
        case .pipelineTooLong:
            .malformedRequest("More requests came at once than the service keeps. Read answers before sending more.")
        case .clientGone:
            // No status of the standard's says this; 499 is what several servers write for it.
            APIError(
                HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"),
                "CLIENT_GONE",
                "The client closed the connection before its request was whole."
            )
        }
    }
}
