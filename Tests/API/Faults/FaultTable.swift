import FaultPlan

/// What a client of the Image Service sees of each fault of the storage side: status, code, reason, whether an effect
/// remains, and so what is to be done. This file is a table; `docs/fault-effects.md` is made of it.
///
/// Times here are virtual: half a second is short, a thousand seconds are longer than anybody waits.
enum FaultTable {
    static let rows = waiting + silent + misdirected + refused + malformed + gone + wrongState + assets + cleanUp

    private static let points: [FaultPhase] = [
        .received, .beforeEffect, .afterEffect, .beforeReply, .afterReply, .beforeAck,
    ]
    private static let pointsBeforeReply: [FaultPhase] = [.received, .beforeEffect, .afterEffect, .beforeReply]

    /// It takes longer.
    private static let waiting =
        points.map { FaultRow("delay:500ms", at: $0, .asUsual, .once) }
        + pointsBeforeReply.map { FaultRow("delay:1000s", at: $0, .timeout, .once) }
        + points.map { FaultRow("stall:500ms", at: $0, .asUsual, .once) }
        + [
            FaultRow("stall:1000s", .timeout, .once),
            FaultRow("late_reply:1000s", .timeout, .once),
            FaultRow("reorder:500ms", .asUsual, .once),
            FaultRow("ack_before_effect:500ms", .asUsual, .once),
            FaultRow("ack_before_effect:1000s", .timeout, .once),
        ]

    /// Nothing comes, or too much.
    private static let silent =
        [
            FaultRow("drop_request", .timeout, .none),
            FaultRow("drop_reply", .timeout, .once),
            FaultRow("duplicate_reply:count=3", .asUsual, .once),
        ] + points.map { FaultRow("redeliver:count=2", at: $0, .asUsual, .once) }

    /// The body decides which request a reply belongs to; the message's correlation id does not (contract §7).
    private static let misdirected = ["random", "missing", "recased", "other_in_flight"].flatMap { mode in
        [
            FaultRow("wrong_operation_id:\(mode)", .invalid, .once),
            FaultRow("wrong_correlation_id:\(mode)", .asUsual, .once),
        ]
    }

    /// Storage says no: without the effect, or in spite of it.
    private static let refused = [
        FaultRow("error:code=IMAGE_NOT_FOUND", .error(404, "IMAGE_NOT_FOUND"), .none),
        FaultRow("error:code=VERSION_NOT_FOUND", .error(404, "VERSION_NOT_FOUND"), .none),
        FaultRow("error:code=VERSION_CONFLICT", .error(412, "PRECONDITION_FAILED"), .none),
        FaultRow("error:code=STORAGE_FULL", .full, .none),
        FaultRow("error:code=INTERNAL_ERROR", .rejected("INTERNAL_ERROR"), .none),
        FaultRow("error:code=VALIDATION_ERROR", .rejected("VALIDATION_ERROR"), .none),
        FaultRow("error:code=UNKNOWN_OPERATION", .rejected("UNKNOWN_OPERATION"), .none),
        FaultRow("error:code=OPERATION_CONFLICT", .rejected("OPERATION_CONFLICT"), .none),
        FaultRow("error:code=SOMETHING_NEW", .rejected("SOMETHING_NEW"), .none),
        // The bytes are brought once more.
        FaultRow("error:code=ASSET_NOT_FOUND", on: ClientOperation.uploading, .asUsual, .once),
        FaultRow(
            "error:code=ASSET_NOT_FOUND",
            always: true,
            on: ClientOperation.uploading,
            .rejected("ASSET_NOT_FOUND"),
            .none
        ),
        FaultRow(
            "error:code=ASSET_NOT_FOUND",
            on: ClientOperation.allCases.filter { !ClientOperation.uploading.contains($0) },
            .rejected("ASSET_NOT_FOUND"),
            .none
        ),
        FaultRow("error:code=STORAGE_FULL", at: .afterEffect, .full, .once),
        FaultRow("error:code=INTERNAL_ERROR", at: .afterEffect, .rejected("INTERNAL_ERROR"), .once),
    ]

    private static let malformed =
        ["not_json", "truncated", "wrong_types", "missing_status", "empty", "invalid_utf8"].map {
            FaultRow("malformed_reply:\($0)", .invalid, .once)
        } + [
            // Unknown fields are passed over, however long they are.
            FaultRow("malformed_reply:huge:bytes=200000", .asUsual, .once)
        ]

    /// Storage goes away, and comes back: what it had not acknowledged it does then, and never twice.
    private static let gone =
        points.flatMap {
            [FaultRow("crash:500ms", at: $0, .asUsual, .once), FaultRow("disconnect:500ms", at: $0, .asUsual, .once)]
        } + [
            FaultRow("disconnect", .asUsual, .once),
            // The request lies in a queue that nobody consumes: it is done when storage is back, and not waited for.
            FaultRow("crash:1000s", .unavailable, .once),
            FaultRow("crash:1000s", at: .afterEffect, .unavailable, .once),
            FaultRow("disconnect:1000s", .unavailable, .once),
        ]

    private static let wrongState = [
        FaultRow("lost_write", on: ClientOperation.writing, .asUsual, .lost),
        FaultRow("stale_read", on: ClientOperation.reading, .asUsual, .past),
    ]

    /// The asset API. What may pass is tried again, up to five times.
    private static let assets: [FaultRow] = {
        let both = ClientOperation.allCases.filter { $0.assetRoute != nil }
        let (put, get) = (ClientOperation.uploading, [ClientOperation.content])
        return [
            FaultRow("http_status:status=503", on: both, .asUsual, .once),
            FaultRow("http_status:status=503", at: .afterEffect, on: both, .asUsual, .once),
            FaultRow("http_status:status=503", always: true, on: both, .unavailable, .none),
            FaultRow("http_status:status=503", at: .afterEffect, always: true, on: both, .unavailable, .none),
            FaultRow("http_status:status=500", on: both, .asUsual, .once),
            FaultRow("http_status:status=500", always: true, on: both, .rejected("INTERNAL_ERROR"), .none),
            FaultRow("http_status:status=403", on: both, .rejected("FORBIDDEN"), .none),
            FaultRow("http_status:status=507:code=STORAGE_FULL", on: both, .full, .none),
            FaultRow("http_status:status=404:code=ASSET_NOT_FOUND", on: get, .rejected("ASSET_NOT_FOUND"), .none),
            FaultRow("http_delay:500ms", on: both, .asUsual, .once),
            FaultRow("http_delay:500ms", at: .beforeReply, on: both, .asUsual, .once),
            FaultRow("http_delay:1000s", on: both, .timeout, .none),
            FaultRow("http_delay:1000s", at: .beforeReply, on: both, .timeout, .none),
            FaultRow("http_reset", on: both, .asUsual, .once),
            FaultRow("http_reset", at: .beforeReply, on: both, .asUsual, .once),
            FaultRow("http_reset:bytes=5", at: .beforeReply, on: both, .asUsual, .once),
            FaultRow("http_reset", always: true, on: both, .unavailable, .none),
            FaultRow("http_reset:bytes=5", at: .beforeReply, always: true, on: both, .unavailable, .none),
            FaultRow("http_truncate", on: both, .asUsual, .once),
            FaultRow("http_truncate", always: true, on: both, .unavailable, .none),
            FaultRow("http_dribble:bytes_per_s=1000", on: both, .asUsual, .once),
            FaultRow("http_corrupt:count=64", on: both, .asUsual, .once),
            FaultRow("http_corrupt:count=64", always: true, on: both, .invalid, .none),
            FaultRow("http_corrupt", at: .beforeEffect, on: put, .asUsual, .once),
            FaultRow("http_corrupt", at: .beforeEffect, always: true, on: put, .rejected("DIGEST_MISMATCH"), .none),
            FaultRow("http_full", on: put, .full, .none),
        ]
    }()

    /// A refused upload takes its bytes back; where that fails too, storage collects them.
    private static let cleanUp = ["http_status", "http_reset", "http_delay:500ms", "http_delay:1000s"].map {
        FaultRow(
            $0,
            also: "error:code=VALIDATION_ERROR",
            on: ClientOperation.uploading,
            .rejected("VALIDATION_ERROR"),
            .none
        )
    }
}
