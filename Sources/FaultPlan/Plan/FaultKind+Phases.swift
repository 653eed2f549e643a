extension FaultKind {
    /// Where the kind can strike (`at` in a rule), its usual point first.
    public var phases: [FaultPhase] {
        switch self {
        // A storage request, on the hub or to the asset API.
        case .delay, .stall, .crash, .disconnect:
            [.received, .beforeEffect, .afterEffect, .beforeReply, .afterReply, .beforeAck]
        case .dropRequest, .ackBeforeEffect: [.received]
        case .lostWrite, .staleRead, .httpFull: [.beforeEffect]
        case .error, .httpStatus: [.beforeEffect, .afterEffect]
        case .dropReply, .lateReply, .reorder, .wrongOperationID, .wrongCorrelationID, .malformedReply, .httpTruncate,
            .httpDribble:
            [.beforeReply]
        case .duplicateReply: [.afterReply]
        case .redeliver: [.beforeAck, .received, .beforeEffect, .afterEffect, .beforeReply, .afterReply]
        case .httpDelay: [.received, .beforeReply]
        case .httpReset: [.received, .beforeReply]
        case .httpCorrupt: [.beforeReply, .beforeEffect]
        // The hub.
        case .refuseConnection, .refuseAuthentication: [.connect]
        case .latency, .bandwidth, .splitFrames, .missedHeartbeats: [.connect, .publish, .delivery]
        case .halfOpen, .resetConnection: [.publish, .delivery, .acknowledge, .declare, .consume, .connect]
        case .closeConnection, .closeChannel: [.publish, .delivery, .acknowledge, .declare, .consume]
        case .corruptFrame, .truncateFrame: [.delivery, .publish, .declare, .consume, .connect]
        case .blocked: [.publish]
        case .cancelConsumer: [.delivery]
        case .nackPublish, .returnPublish, .dropConfirm, .delayConfirm, .dropMessage: [.publish]
        case .dropDelivery, .duplicateDelivery, .reorderDelivery: [.delivery]
        }
    }

    /// The parameters without which a plan with this kind is refused.
    public var required: [String] {
        switch self {
        case .latency, .delayConfirm: ["ms"]
        case .bandwidth, .httpDribble: ["bytes_per_s"]
        default: []
        }
    }

    /// The modes in which a parameter says something; nil: in all of them.
    func modes(taking parameter: String) -> [String]? {
        switch (self, parameter) {
        case (.malformedReply, "bytes"): ["truncated", "huge"]
        default: nil
        }
    }

    /// The least that `bytes` can be.
    var bytesMin: Int {
        switch self {
        // Pieces of no bytes would never be through.
        case .splitFrames: 1
        default: 0
        }
    }
}

extension FaultKindSet {
    /// The kinds of the hub that can strike at this point.
    public static func hub(at phase: FaultPhase) -> FaultKindSet {
        FaultKindSet(FaultKind.allCases.filter { $0.side == .hub && $0.phases.contains(phase) })
    }
}
