import AMQP
import FaultPlan

/// `close_connection`: `connection.close` with `code`, 320 `CONNECTION_FORCED` where it says none.
struct CloseConnection: HubFault {
    static let kind = FaultKind.closeConnection
    private let code: ReplyCode

    init(_ parameters: FaultParameters, draw: UInt64) {
        code = ReplyCode(named: parameters.code) ?? .connectionForced
    }

    var effect: FaultEffect { .closeConnection(ProtocolError(code, "closed by a fault")) }
}
