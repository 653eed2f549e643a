/// Every kind of fault, by its name in a plan (contract §5). This file is a table: where each kind belongs and what it takes.
public enum FaultKind: String, Sendable, Hashable, CaseIterable {
    // Storage, hub side.
    case delay
    case lateReply = "late_reply"
    case dropRequest = "drop_request"
    case dropReply = "drop_reply"
    case duplicateReply = "duplicate_reply"
    case reorder
    case wrongOperationID = "wrong_operation_id"
    case wrongCorrelationID = "wrong_correlation_id"
    case error
    case malformedReply = "malformed_reply"
    case crash
    case lostWrite = "lost_write"
    case staleRead = "stale_read"
    case ackBeforeEffect = "ack_before_effect"
    case redeliver
    case stall
    case disconnect
    // Storage, asset side.
    case httpStatus = "http_status"
    case httpDelay = "http_delay"
    case httpReset = "http_reset"
    case httpTruncate = "http_truncate"
    case httpDribble = "http_dribble"
    case httpCorrupt = "http_corrupt"
    case httpFull = "http_full"
    // Hub.
    case refuseConnection = "refuse_connection"
    case resetConnection = "reset_connection"
    case closeChannel = "close_channel"
    case halfOpen = "half_open"
    case latency
    case blocked
    case nackPublish = "nack_publish"
    case dropConfirm = "drop_confirm"
    case dropMessage = "drop_message"
    case duplicateDelivery = "duplicate_delivery"
    case reorderDelivery = "reorder_delivery"
    case splitFrames = "split_frames"
    case corruptFrame = "corrupt_frame"

    /// The part of the house that can carry it out.
    public enum Side: String, Sendable, Hashable, CaseIterable {
        case storageHub = "storage, hub side"
        case storageAssets = "storage, asset side"
        case hub
    }

    public var side: Side {
        switch self {
        case .delay, .lateReply, .dropRequest, .dropReply, .duplicateReply, .reorder, .wrongOperationID,
            .wrongCorrelationID, .error, .malformedReply, .crash, .lostWrite, .staleRead, .ackBeforeEffect, .redeliver,
            .stall, .disconnect:
            .storageHub
        case .httpStatus, .httpDelay, .httpReset, .httpTruncate, .httpDribble, .httpCorrupt, .httpFull: .storageAssets
        case .refuseConnection, .resetConnection, .closeChannel, .halfOpen, .latency, .blocked, .nackPublish,
            .dropConfirm, .dropMessage, .duplicateDelivery, .reorderDelivery, .splitFrames, .corruptFrame:
            .hub
        }
    }

    /// The names of the parameters that the kind takes, in a plan's spelling. Any other is refused.
    public var parameters: Set<String> {
        switch self {
        case .delay, .httpDelay, .latency, .stall, .halfOpen, .blocked, .refuseConnection, .reorder, .reorderDelivery:
            ["ms", "count"]
        case .lateReply: ["after_deadline_ms", "ms"]
        case .duplicateReply, .duplicateDelivery, .redeliver: ["count", "ms"]
        case .wrongOperationID, .wrongCorrelationID, .malformedReply: ["mode", "bytes"]
        case .error: ["code", "status"]
        case .crash, .disconnect: ["down_ms", "ms"]
        case .httpStatus, .closeChannel: ["status", "code"]
        case .httpTruncate, .httpReset, .httpCorrupt, .splitFrames, .corruptFrame, .resetConnection: ["bytes"]
        case .httpDribble: ["bytes_per_s", "ms"]
        case .dropRequest, .dropReply, .lostWrite, .staleRead, .ackBeforeEffect, .httpFull, .nackPublish, .dropConfirm,
            .dropMessage:
            []
        }
    }

    /// The values of `mode`, the first one being the default; empty where the kind has none.
    public var modes: [String] {
        switch self {
        case .wrongOperationID, .wrongCorrelationID: ["random", "missing", "recased", "other_in_flight"]
        case .malformedReply:
            ["not_json", "truncated", "wrong_types", "missing_status", "empty", "invalid_utf8", "huge"]
        default: []
        }
    }
}
