import CRabbitMQ
import MessageHub

extension HubError {
    /// What a connection ended of, for a status of the shim.
    init(status: Int32) {
        switch Int(status) {
        case CRMQ_TIMED_OUT: self = .closed("the hub fell silent")
        case CRMQ_MALFORMED: self = .closed("the hub sent what is no AMQP 0-9-1")
        case CRMQ_NO_MEMORY: self = .closed("no memory is left")
        case CRMQ_INVALID: self = .closed("a frame could not be encoded")
        case CRMQ_TLS: self = .closed("TLS failed")
        default: self = .closed("the hub ended the connection without a word")
        }
    }

    /// Why a connection could not be opened.
    init(_ failure: crmq_failure, at endpoint: HubEndpoint) {
        let text = withUnsafeBytes(of: failure.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch Int(failure.status) {
        case CRMQ_REFUSED: self = .refused(code: Int(failure.code), text: text)
        case CRMQ_TIMED_OUT: self = .timedOut("\(endpoint.authority): \(text)")
        default: self = .unreachable("\(endpoint.authority): \(text)")
        }
    }
}
