import AMQP
import FaultPlan

/// `close_channel`: `channel.close` with `code`, 406 `PRECONDITION_FAILED` where it says none.
struct CloseChannel: HubFault {
    static let kind = FaultKind.closeChannel
    private let code: ReplyCode

    init(_ parameters: FaultParameters, draw: UInt64) {
        code = ReplyCode(named: parameters.code) ?? .preconditionFailed
    }

    var effect: FaultEffect { .closeChannel(ProtocolError(code, "closed by a fault")) }
}
