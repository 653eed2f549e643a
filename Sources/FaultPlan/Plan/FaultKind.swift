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
    // Hub: whole connections.
    case refuseConnection = "refuse_connection"
    case refuseAuthentication = "refuse_authentication"
    case resetConnection = "reset_connection"
    case closeConnection = "close_connection"
    case halfOpen = "half_open"
    case latency
    case bandwidth
    case splitFrames = "split_frames"
    case corruptFrame = "corrupt_frame"
    case truncateFrame = "truncate_frame"
    case missedHeartbeats = "missed_heartbeats"
    case blocked
    // Hub: channels, consumers and messages.
    case closeChannel = "close_channel"
    case cancelConsumer = "cancel_consumer"
    case nackPublish = "nack_publish"
    case returnPublish = "return_publish"
    case dropConfirm = "drop_confirm"
    case delayConfirm = "delay_confirm"
    case dropMessage = "drop_message"
    case dropDelivery = "drop_delivery"
    case duplicateDelivery = "duplicate_delivery"
    case reorderDelivery = "reorder_delivery"

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
        case .refuseConnection, .refuseAuthentication, .resetConnection, .closeConnection, .halfOpen, .latency,
            .bandwidth, .splitFrames, .corruptFrame, .truncateFrame, .missedHeartbeats, .blocked, .closeChannel,
            .cancelConsumer, .nackPublish, .returnPublish, .dropConfirm, .delayConfirm, .dropMessage, .dropDelivery,
            .duplicateDelivery, .reorderDelivery:
            .hub
        }
    }

    /// The names of the parameters that the kind takes, in a plan's spelling. Any other is refused.
    public var parameters: Set<String> {
        switch self {
        case .delay, .httpDelay, .stall, .ackBeforeEffect: ["ms"]
        case .reorder, .reorderDelivery, .duplicateReply: ["ms", "count"]
        case .latency, .halfOpen, .blocked, .refuseConnection, .delayConfirm: ["ms"]
        case .lateReply: ["after_deadline_ms"]
        case .redeliver, .httpCorrupt: ["count"]
        case .duplicateDelivery: ["count", "mode"]
        case .wrongOperationID, .wrongCorrelationID: ["mode"]
        case .malformedReply: ["mode", "bytes"]
        case .error: ["code"]
        case .crash, .disconnect: ["down_ms"]
        case .httpStatus: ["status", "code"]
        case .closeChannel, .closeConnection: ["status", "code"]
        case .httpTruncate, .httpReset, .splitFrames, .truncateFrame, .resetConnection: ["bytes"]
        case .corruptFrame: ["mode", "count"]
        case .missedHeartbeats: ["mode"]
        case .httpDribble, .bandwidth: ["bytes_per_s"]
        case .dropRequest, .dropReply, .lostWrite, .staleRead, .httpFull, .nackPublish, .dropConfirm, .dropMessage,
            .dropDelivery, .returnPublish, .cancelConsumer, .refuseAuthentication:
            []
        }
    }

    /// The values of `mode`, the first one being the default; empty where the kind has none.
    public var modes: [String] {
        switch self {
        case .wrongOperationID, .wrongCorrelationID: ["random", "missing", "recased", "other_in_flight"]
        case .malformedReply:
            ["not_json", "truncated", "wrong_types", "missing_status", "empty", "invalid_utf8", "huge"]
        case .corruptFrame: ["payload", "type", "end"]
        case .missedHeartbeats: ["unsent", "unheard"]
        case .duplicateDelivery: ["redelivered", "fresh"]
        default: []
        }
    }
}
