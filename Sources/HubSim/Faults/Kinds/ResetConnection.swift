import FaultPlan

/// `reset_connection`: the socket is reset (RST) after `bytes` more bytes to the client, at once without them. What the
/// client asked for with the request that is struck still happens: it cannot know.
struct ResetConnection: HubFault {
    static let kind = FaultKind.resetConnection
    private let bytes: Int

    init(_ parameters: FaultParameters, draw: UInt64) {
        bytes = parameters.bytes ?? 0
    }

    var effect: FaultEffect { .wire(.reset(afterBytes: bytes)) }
}
